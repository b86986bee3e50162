-- What was answered under an idempotency key. Served by the primary key.
SELECT request_hash, response, pos FROM commands WHERE key = $1
