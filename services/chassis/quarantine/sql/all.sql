-- What waits in a scope to be looked at.
SELECT * FROM quarantine WHERE realm = $1 AND scope = $2 AND released_at IS NULL ORDER BY since, id LIMIT $3
