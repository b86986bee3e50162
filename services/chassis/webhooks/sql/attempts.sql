-- The last attempts of a webhook, newest first. Served by the primary key.
SELECT position, event_id, at, status, error, milliseconds
FROM webhook_attempts WHERE webhook = $1 ORDER BY number DESC LIMIT $2
