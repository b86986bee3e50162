-- Give the lease back, if it is still ours.
UPDATE webhooks SET lease_until = 'epoch' WHERE id = $1 AND epoch = $2
