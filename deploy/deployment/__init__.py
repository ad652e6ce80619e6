"""Deploying the registry on a public chain: its address, the code that must be there, and the records of it."""
