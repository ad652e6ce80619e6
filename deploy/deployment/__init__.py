"""Bringing the registry onto a public chain: where it will stand, what has to stand there, and what is written down."""
