"""What dosimetry answers and shows, by what it is about."""
