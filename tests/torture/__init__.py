"""The whole system under load and under fire, and what must hold afterwards."""
