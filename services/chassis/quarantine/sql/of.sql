-- Everything of a person for one purpose.
SELECT * FROM quarantine WHERE key_id = $1 AND purpose = $2 ORDER BY since, id
