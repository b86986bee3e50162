"""What a service does because of another's fact: a command on its own log, once per fact."""
