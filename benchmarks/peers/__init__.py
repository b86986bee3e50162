"""Other logs under the same load. Each module says what its peer guarantees and how it is run, and is its worker."""
