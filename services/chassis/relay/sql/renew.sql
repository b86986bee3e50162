-- Keep the lease; no row comes back for an old epoch.
UPDATE relay_cursor SET lease_until = clock_timestamp() + make_interval(secs => $2) WHERE epoch = $1 RETURNING epoch
