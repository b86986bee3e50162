-- The first position that is missing, for the message of a refused start; reads the index only.
SELECT coalesce((SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM events WHERE pos = 1)),
                (SELECT min(e.pos) + 1 FROM events e WHERE NOT EXISTS (SELECT 1 FROM events n WHERE n.pos = e.pos + 1))) AS pos
