-- Keep a text unless its person has as many as may be held. Counts under the lock of `lock.sql`.
INSERT INTO quarantine (id, realm, scope, key_id, purpose, hits, salt, digest, sealed, sent_by, since)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
WHERE (SELECT count(*) FROM quarantine WHERE key_id = $4) < $12
RETURNING id
