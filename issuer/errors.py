"""The exceptions of issuing.

    IssuerError
    ├── CourseError     course.toml: every mistake in it (issuer/course.py)
    └── RosterError     the roster
        └── RosterErrors    every problem in it, row by row (issuer/roster.py)

Texts are whole sentences for people: what is wrong, where, what to do.
"""


class IssuerError(Exception):
    """Root of everything that issuing raises on purpose."""


class CourseError(IssuerError):
    """A course description that cannot be used."""


class RosterError(IssuerError):
    """A roster that cannot be used."""
