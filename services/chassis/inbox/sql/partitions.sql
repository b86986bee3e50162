-- The partitions of a topic that were read in a cluster. Served by the primary key.
SELECT partition, gone FROM inbox_offsets WHERE cluster_id = $1 AND topic = $2
