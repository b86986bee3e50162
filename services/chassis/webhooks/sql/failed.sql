-- Give the lease back until $4 seconds from now; for good with a reason ($6), or after $5 seconds without a success.
UPDATE webhooks
SET failures = failures + 1, failing_since = coalesce(failing_since, clock_timestamp()), lease_until = 'epoch',
    next_at = clock_timestamp() + make_interval(secs => $4),
    disabled = CASE
        WHEN $6::text IS NOT NULL THEN $6
        WHEN failing_since <= clock_timestamp() - make_interval(secs => $5) THEN 'not-delivered-in-time'
    END
WHERE id = $1 AND epoch = $2 AND cursor = $3
