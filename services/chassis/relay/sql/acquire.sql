-- Take the lease if it is free. One statement: the comparison and the change are one. The clock is the database's;
-- clock_timestamp() moves within a transaction, now() does not.
UPDATE relay_cursor
SET epoch = epoch + 1, owner = $1, lease_until = clock_timestamp() + make_interval(secs => $2)
WHERE owner IS NULL OR owner = $1 OR lease_until IS NULL OR lease_until <= clock_timestamp()
RETURNING epoch, out_pos, cluster_id
