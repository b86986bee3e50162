"""Texts in which somebody was found: kept sealed outside of the log for a while, until somebody looks at them."""
