"""Read models of what assessment hears and records, and their readers."""
