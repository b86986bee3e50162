"""What enrolment answers and shows, by what it is about."""
