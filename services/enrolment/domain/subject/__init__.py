"""What can be asked about a subject: each command beside the function that refuses it or says which facts follow."""
