"""Free text under a key of its own per person, so that forgetting somebody is destroying one key."""
