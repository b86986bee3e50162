"""RECIST 1.1 (Eisenhauer 2009): from measured lesions to the response at each timepoint, with the way there."""
