-- A webhook of a scope. Served by the primary key.
SELECT * FROM webhooks WHERE realm = $1 AND scope = $2 AND id = $3
