-- Move the cursor and renew the lease, if both are still as they were: else it was replayed, removed or taken over.
UPDATE webhooks
SET cursor = $4, lease_until = clock_timestamp() + make_interval(secs => $5),
    failures = CASE WHEN $6 THEN 0 ELSE failures END,
    failing_since = CASE WHEN $6 THEN NULL ELSE failing_since END
WHERE id = $1 AND epoch = $2 AND cursor = $3 AND disabled IS NULL
RETURNING *
