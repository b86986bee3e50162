"""Outbox to Kafka: one active relay per service, everything at least once and in order, countable by its readers."""
