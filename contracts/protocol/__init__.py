"""The trial as data: one file per trial, and the model that refuses a file that does not hold together."""
