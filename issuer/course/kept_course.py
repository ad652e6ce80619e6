"""A course description as it was when a batch was drafted: its text and its pictures, kept with the batch.

Pictures are kept under the name of their field, because two of them may have the same name, or be in other folders.
"""

import shutil
from pathlib import Path

from issuer.course.course import PICTURES, Course, course_document, course_from

_FILE = "course.toml"


def keep_course(course_file: Path, course: Course, folder: Path) -> None:
    """Copy the description that `course` was read from, and its pictures, into a new folder.

    Raises:
        OSError: a file cannot be read or written.
    """
    folder.mkdir(parents=True)
    for section, key in PICTURES:
        picture = getattr(getattr(course, section, course), key)
        if picture is not None:
            shutil.copyfile(picture, folder / f"{section}-{key}.png")
    (folder / _FILE).write_text(course_file.read_bytes().decode("utf-8-sig"), encoding="utf-8")


def kept_course(folder: Path) -> Course:
    """The course that was kept in a folder.

    Raises:
        CourseError: somebody has changed it since.
    """
    document = course_document(folder / _FILE)
    for section, key in PICTURES:
        kept = folder / f"{section}-{key}.png"
        if kept.exists():
            document[section][key] = kept.name
    return course_from(document, folder)
