"""Assessment over HTTP: parse, authorise, call a handler, render."""
