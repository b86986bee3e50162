"""Best overall response and times to event, from dated responses (RECIST 1.1, 4.4; endpoints 4.1 and 4.4)."""
