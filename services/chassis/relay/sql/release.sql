-- Give the lease back, if it is still ours.
UPDATE relay_cursor SET owner = NULL, lease_until = NULL WHERE epoch = $1 RETURNING epoch
