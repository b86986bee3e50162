-- Data keys, each wrapped by a key-encryption key that is not in this database. A destroyed key leaves its row, so that
-- its id can never be used again. kek_id is empty for an id that was barred without ever having had a key.
CREATE TABLE subject_keys (
    key_id       text PRIMARY KEY,
    wrapped      bytea,
    kek_id       text NOT NULL,
    created_at   timestamptz NOT NULL,
    destroyed_at timestamptz,
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
)
