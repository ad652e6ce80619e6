"""Faults of the world around: nodes, other programs with the same key, the disk, the database, the clock."""

SCENARIOS: tuple = ()
