"""Load, decide, append: the units of work of the randomizer, by what they are about."""
