"""The log of one service: facts appended once, in one contiguous order, bound by a hash chain."""
