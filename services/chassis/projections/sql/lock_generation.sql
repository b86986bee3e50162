-- One generation by the name of its table, locked: whoever moves it is alone.
SELECT name, version, number, feed, status, position, started_at, ready_at, checksum
FROM projection_generations WHERE 'p_' || name || '_v' || version || '_g' || number = $1 FOR UPDATE
