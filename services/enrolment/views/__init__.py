"""Read models of enrolment's own log, and their readers."""
