"""A cohort of invented subjects, driven through the public APIs as site systems would."""
