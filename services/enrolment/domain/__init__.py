"""The rules of enrolment. Pure: no I/O and no clock."""
