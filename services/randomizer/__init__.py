"""The allocation of a subject to an arm, and nothing else."""
