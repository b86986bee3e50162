"""The allocation as pure functions: no clock, no network, no randomness that is not handed in."""
