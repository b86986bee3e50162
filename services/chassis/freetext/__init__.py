"""Free text before it is accepted: looked through for what could identify a person."""
