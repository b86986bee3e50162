"""Assessment: what the scans say, read by people who do not know the arm."""
