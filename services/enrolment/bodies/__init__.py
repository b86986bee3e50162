"""What enrolment is sent, by what it is about."""
