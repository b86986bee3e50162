-- Replace a wrapping that is still the one that was read. Compare-and-set: a destruction meanwhile wins.
UPDATE subject_keys SET wrapped = $3, kek_id = $4 WHERE key_id = $1 AND wrapped = $2 RETURNING key_id
