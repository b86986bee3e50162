"""What the facts say about a subject and about a study. Pure: no log, no clock, no database."""
