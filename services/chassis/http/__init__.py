"""The HTTP side of every service: one application factory, one way to refuse, one way to be idempotent."""
