-- Forget everything of a person.
DELETE FROM quarantine WHERE key_id = $1
