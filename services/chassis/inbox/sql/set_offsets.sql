-- Where to read on. Relies on the lock of inbox_head.
INSERT INTO inbox_offsets (cluster_id, topic, partition, next_offset)
SELECT $1, * FROM unnest($2::text[], $3::int[], $4::bigint[])
ON CONFLICT (cluster_id, topic, partition) DO UPDATE SET next_offset = excluded.next_offset
