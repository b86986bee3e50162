"""What other services have said: taken once, in order per key, kept for ever, folded in the same transaction."""
