-- The only lock of the inbox, as a statement of its own: under READ COMMITTED the statements after it see what the
-- holder before has committed.
SELECT in_pos FROM inbox_head FOR UPDATE
