"""Numbers from numbers: estimates and their limits, nothing of any trial."""
