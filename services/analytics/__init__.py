"""Analytics: what the facts of the other services add up to. Owns no fact and can be rebuilt from nothing."""
