-- A restored source cannot know what the broker has: everything is published again, consumers drop what they hold.
-- The epoch grows, so that a relay of before is fenced.
UPDATE relay_cursor SET out_pos = 0, cluster_id = NULL, owner = NULL, lease_until = NULL, epoch = epoch + 1
