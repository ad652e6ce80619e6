"""Deploying: the contract, the registry and its records, the programme's acts, the embedded chain, `sanad demo`."""
