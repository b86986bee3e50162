-- Lease the webhook that is due for longest and has something before $1 to deliver. SKIP LOCKED: replicas that ask at
-- once get different ones. The clock is the database's; clock_timestamp() moves within a transaction, now() does not.
UPDATE webhooks SET epoch = epoch + 1, lease_until = clock_timestamp() + make_interval(secs => $2)
WHERE id = (
    SELECT id FROM webhooks
    WHERE disabled IS NULL AND cursor < $1 AND next_at <= clock_timestamp() AND lease_until <= clock_timestamp()
    ORDER BY next_at, id LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING *
