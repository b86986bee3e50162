"""From points of activity to its integral over all time: numerics, as pure as the domain, which is handed them."""
