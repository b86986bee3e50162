"""`reluth randomization simulate`: what a design gives, before it is signed and while it runs."""
