"""Load, decide, append: one function per command, each one unit of work."""
