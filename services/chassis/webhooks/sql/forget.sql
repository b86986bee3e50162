-- Keep the last $2 attempts of a webhook. Served by the primary key.
DELETE FROM webhook_attempts
WHERE webhook = $1 AND number <= (
    SELECT number FROM webhook_attempts WHERE webhook = $1 ORDER BY number DESC OFFSET $2 LIMIT 1
)
