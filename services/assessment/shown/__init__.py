"""What assessment answers and shows, by what it is about. No field may carry or foretell an arm (docs/adr/0010)."""
