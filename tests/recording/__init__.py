"""Requests and answers of tests, kept as the examples of the API documents."""
