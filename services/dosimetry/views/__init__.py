"""Read models of what dosimetry hears, and their readers."""
