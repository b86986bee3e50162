"""What the investigator reads from the scans of a subject."""
