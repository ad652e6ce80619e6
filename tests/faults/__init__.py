"""Seeded faults in the verifier's core, each of which some vector must catch: `make faults`.

The tables (`in_bytes.toml`, `in_verdict.toml`) name the section of SPEC.md whose rule each fault breaks.
`python -m tests.faults` puts one after another into a copy of `verifier/` and reads the vectors with it; nothing but
vectors, because those are what an implementation in another language has.
"""
