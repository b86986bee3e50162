-- Forget one text.
DELETE FROM quarantine WHERE realm = $1 AND scope = $2 AND id = $3 RETURNING *
