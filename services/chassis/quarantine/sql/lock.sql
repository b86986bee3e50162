-- One at a time holds texts of a person, until the end of the transaction: the same text sent twice at once is held once.
SELECT pg_advisory_xact_lock(hashtextextended('quarantine/' || $1, 0))
