"""A course as course.toml describes it.

fields.py         what a value may be, with the advice where it may not
course.py         the whole description, with every mistake in it
alignment.py      the frameworks that a course is aligned with
kept_course.py    the copy that a batch keeps
sheet_wording.py  what a sheet of the course says
"""
