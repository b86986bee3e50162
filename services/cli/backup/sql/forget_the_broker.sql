-- What a restored service must not believe of any broker, whatever its cluster's id. As a source it publishes everything
-- again, and consumers drop what they hold; the epoch grows, so that a relay of before is fenced. As a consumer it reads
-- everything again: offsets of before may lie behind messages that it does not hold.
WITH read AS (DELETE FROM inbox_offsets)
UPDATE relay_cursor SET out_pos = 0, cluster_id = NULL, owner = NULL, lease_until = NULL, epoch = epoch + 1
