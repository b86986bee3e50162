-- Marks that are not passed by every partition yet, and those that are asked for. The table is all but empty.
SELECT cluster_id, topic, mark, number, partitions, highest, passed, first, chains, void FROM inbox_lines
WHERE cluster_id = $1 AND topic = ANY($2::text[]) AND (NOT void OR mark = ANY($3::uuid[]))
