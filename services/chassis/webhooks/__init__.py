"""Facts told to systems outside over HTTP: signed, in order, at least once, from a cursor of their own."""
