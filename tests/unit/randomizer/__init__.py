"""What the randomizer does, as sentences about a trial."""
