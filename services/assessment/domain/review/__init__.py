"""The blinded central review: two readers who do not know of each other, and an adjudicator where they differ."""
