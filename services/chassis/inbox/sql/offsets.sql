-- Where to read on, of some partitions of one cluster. Served by the primary key.
SELECT o.topic, o.partition, o.next_offset
FROM inbox_offsets o JOIN unnest($2::text[], $3::int[]) AS wanted (topic, partition) USING (topic, partition)
WHERE o.cluster_id = $1
