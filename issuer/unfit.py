"""How a check of one cell says no."""


class Unfit(Exception):  # noqa: N818 - not an error of its own: it becomes a line of RosterErrors
    """A cell that does not fit; its text says what to do."""
