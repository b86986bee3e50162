-- Opens the transaction of the writer and takes the only lock of the log, as a statement of its own:
-- under READ COMMITTED the next statement gets a snapshot taken after the lock was granted. Reading the stream
-- versions in the statement that waits for the lock would see the world from before the wait.
BEGIN; SELECT 1 FROM log_head FOR UPDATE
