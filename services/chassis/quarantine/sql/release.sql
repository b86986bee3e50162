-- Let a text pass and forget its words. The first release keeps its time.
UPDATE quarantine SET sealed = NULL, released_by = $2, released_at = $3 WHERE id = $1 AND released_at IS NULL
