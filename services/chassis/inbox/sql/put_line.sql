-- Remember a mark, or what is new of it. Relies on the lock of inbox_head.
INSERT INTO inbox_lines (cluster_id, topic, mark, number, partitions, highest, passed, first, chains, void)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (cluster_id, topic, mark) DO UPDATE
SET highest = excluded.highest, passed = excluded.passed, first = excluded.first, chains = excluded.chains,
    void = excluded.void
