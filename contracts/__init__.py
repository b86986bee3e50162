"""What the services say to each other, and the trial as data. Imports nothing of `services`."""
