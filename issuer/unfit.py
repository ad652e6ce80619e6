"""How a check of one value says no."""


class Unfit(Exception):  # noqa: N818 - not an error of its own: it becomes a line of RosterErrors or CourseError
    """A value that does not fit; its text says what to do."""
