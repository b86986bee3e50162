-- Nobody appends until this transaction ends; whoever did has committed. The lock that every append takes.
SELECT pos FROM log_head FOR UPDATE
