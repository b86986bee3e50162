-- Begin again after $4. The lease stays where it is: whoever delivers now finds the cursor moved and gives it back, so
-- that nothing is sent twice at a time.
UPDATE webhooks SET cursor = $4, failures = 0, failing_since = NULL, disabled = NULL, next_at = 'epoch'
WHERE realm = $1 AND scope = $2 AND id = $3
RETURNING *
