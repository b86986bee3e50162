-- Where the log ends now.
SELECT pos, out_pos, hash FROM log_head
