"""Dosimetry over HTTP: nothing but parsing, authorising, rendering."""
