"""The `reluth` command, and the servers that it can start by itself."""
