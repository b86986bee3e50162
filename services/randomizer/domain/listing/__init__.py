"""A list of allocations that was made elsewhere: read, checked for everything that can be wrong with one, and kept."""
