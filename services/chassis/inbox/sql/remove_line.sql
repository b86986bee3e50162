-- A mark that was announced and that every partition has passed.
DELETE FROM inbox_lines WHERE cluster_id = $1 AND topic = $2 AND mark = $3
