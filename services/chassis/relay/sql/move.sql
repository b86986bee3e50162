-- Move the cursor and keep the lease; the epoch is the fence, no row comes back for an old one.
UPDATE relay_cursor
SET out_pos = $3, cluster_id = $4, lease_until = clock_timestamp() + make_interval(secs => $2)
WHERE epoch = $1 RETURNING epoch
