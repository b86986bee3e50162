"""What dosimetry is sent, by what it is about."""
