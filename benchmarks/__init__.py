"""What is measured, against whom: `make bench`, see README.md."""
