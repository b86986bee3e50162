"""Read models: folds over a feed, thrown away and rebuilt at will, each generation in a table of its own."""
