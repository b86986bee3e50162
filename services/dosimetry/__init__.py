"""Dosimetry: what was imaged of the activity in the body, and the absorbed doses that follow from it."""
