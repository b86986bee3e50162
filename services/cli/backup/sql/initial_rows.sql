-- The tables that the migrations made; some of them with a first row.
SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename
