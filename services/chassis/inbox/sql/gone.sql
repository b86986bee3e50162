-- Records of these partitions were gone before they could be read.
UPDATE inbox_offsets o SET gone = true FROM unnest($2::text[], $3::int[]) AS torn (topic, partition)
WHERE o.cluster_id = $1 AND o.topic = torn.topic AND o.partition = torn.partition
