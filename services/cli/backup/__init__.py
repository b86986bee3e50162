"""Backups: one moment of all services, each in a pg_dump archive beside a manifest that says what must be in it."""
