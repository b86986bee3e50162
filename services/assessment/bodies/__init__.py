"""What assessment is sent, by what it is about."""
