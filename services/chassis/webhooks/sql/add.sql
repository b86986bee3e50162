-- Keep a webhook unless its id is known, or its scope has as many as it may. Two at once may pass the limit by one.
INSERT INTO webhooks (id, realm, scope, url, types, secret, made_by, request_hash, made_at, cursor)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
WHERE (SELECT count(*) FROM webhooks WHERE realm = $2 AND scope = $3) < $11
ON CONFLICT (id) DO NOTHING
RETURNING *
