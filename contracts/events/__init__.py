"""Facts that one service publishes and others may rely on, one module per source."""
