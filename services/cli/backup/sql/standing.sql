-- Where a service stands, of one snapshot: its log, what it has told, how far the relay is, what it holds of others.
SELECT json_build_object(
    'revisions', (SELECT json_agg(version_num ORDER BY version_num) FROM alembic_version),
    'log', (SELECT json_build_object('position', pos, 'out_pos', out_pos, 'hash', encode(hash, 'hex')) FROM log_head),
    'topics', (SELECT coalesce(json_object_agg(topic, told ORDER BY topic), '{}')
               FROM (SELECT topic, max(topic_pos) AS told FROM outbox GROUP BY topic) AS o),
    'relay', (SELECT json_build_object('out_pos', out_pos, 'epoch', epoch, 'cluster_id', cluster_id) FROM relay_cursor),
    'inbox', json_build_object(
        'position', (SELECT in_pos FROM inbox_head),
        'topics', (SELECT coalesce(json_object_agg(topic, json_build_object(
                       'topic_pos', topic_pos, 'position', pos, 'out_pos', out_pos, 'held', held) ORDER BY topic), '{}')
                   FROM inbox_standings)),
    'parked', (SELECT count(*) FROM parked),
    'keks', (SELECT coalesce(json_agg(DISTINCT kek_id ORDER BY kek_id), '[]')
             FROM subject_keys WHERE destroyed_at IS NULL),
    'projections', (SELECT coalesce(json_agg(json_build_object('name', name, 'version', version, 'build', number,
                        'status', status, 'position', position) ORDER BY name, version, number), '[]')
                    FROM projection_generations)
)::text
