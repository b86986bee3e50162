"""Chromogranin A and the other markers, as laboratories gave them."""
