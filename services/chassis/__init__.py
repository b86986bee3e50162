"""What every service is built on. Technical only: it knows streams, positions and scopes, nothing of a trial."""
