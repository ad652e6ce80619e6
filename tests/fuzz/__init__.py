"""Mutated files, lying archives and odd registry answers, a million of them if need be: `make fuzz`.

Nothing here decides what is right by the verifier's own rules. `world.py` knows what was issued and registered, byte
for byte, and which of it is good; whatever else comes out `valid` is a fault, and so is any exception that is not
one of the verifier's own. Every case is drawn from the seed and its number alone, so each can be run again by itself.
"""
