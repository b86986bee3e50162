-- A cursor at the beginning, if there is none of this name.
INSERT INTO cursors (name, position) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING
