-- Add generations, or write what may change of them, one after the other as they are given: at most one of a name may
-- serve at any moment of it.
INSERT INTO projection_generations (name, version, number, feed, status, position, started_at, ready_at, checksum)
SELECT name, version, number, feed, status, position, started_at, ready_at, checksum
FROM unnest($1::text[], $2::int[], $3::int[], $4::text[], $5::text[], $6::bigint[], $7::timestamptz[],
            $8::timestamptz[], $9::text[])
     WITH ORDINALITY AS given (name, version, number, feed, status, position, started_at, ready_at, checksum, place)
ORDER BY place
ON CONFLICT (name, version, number) DO UPDATE
SET status = excluded.status, position = excluded.position, ready_at = excluded.ready_at, checksum = excluded.checksum
