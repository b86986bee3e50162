-- How far the relay is, and who moves it.
SELECT out_pos, epoch, owner, lease_until, cluster_id, reached FROM relay_cursor
