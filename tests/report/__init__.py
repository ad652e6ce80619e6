"""The figures of a programme."""
