-- How much would be lost with this database: facts of its own, and what it holds of others. Counted, not believed.
SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM inbox)
