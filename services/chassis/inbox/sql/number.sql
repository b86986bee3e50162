-- The number that a mark has in whatever topic it was seen first; the next one if in none. Relies on the lock of
-- inbox_head; asked at first sights only.
SELECT coalesce(max(number) FILTER (WHERE mark = $2), max(number) + 1, 1) FROM inbox_lines WHERE cluster_id = $1
