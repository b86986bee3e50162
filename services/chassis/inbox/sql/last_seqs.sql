-- The last key_seq of some keys; null for a key never seen. Served by inbox_key_seq, one step per key.
SELECT topic, key,
       (SELECT max(i.key_seq) FROM inbox i WHERE i.topic = wanted.topic AND i.key = wanted.key) AS key_seq
FROM unnest($1::text[], $2::text[]) AS wanted (topic, key)
