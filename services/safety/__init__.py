"""Safety: adverse events, laboratory results with their grades, alerts."""
