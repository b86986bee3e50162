"""The designs simulated: many trials at once, subject by subject, with the very chances that the strategies have."""
