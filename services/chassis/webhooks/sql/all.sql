-- The webhooks of a scope, oldest first: a few rows.
SELECT * FROM webhooks WHERE realm = $1 AND scope = $2 ORDER BY made_at, id
