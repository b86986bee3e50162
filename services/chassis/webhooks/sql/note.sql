-- Remember an attempt, if its webhook is still there.
INSERT INTO webhook_attempts (webhook, position, event_id, at, status, error, milliseconds)
SELECT id, $2, $3, $4, $5, $6, $7 FROM webhooks WHERE id = $1
