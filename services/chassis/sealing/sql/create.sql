-- Keep a new key; the first writer wins, and a destroyed key is not replaced. The primary key decides.
INSERT INTO subject_keys (key_id, wrapped, kek_id, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (key_id) DO NOTHING
