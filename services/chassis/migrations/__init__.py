"""The schema of the chassis, forward only."""
