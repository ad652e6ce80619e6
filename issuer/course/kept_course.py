"""A course description as it was when a batch was drafted: its text and its pictures, kept with the batch.

Pictures are kept under the name of their field, because two of them may have the same name, or be in other folders.
"""

from pathlib import Path

from issuer.course.course import PICTURES, Course, CourseProblem, course_document, course_from
from issuer.disk.private_files import FOLDER, private_folder, write_private
from issuer.errors import CourseElsewhereError
from verifier.plain_file import read_plain, read_plain_text

_FILE = "course.toml"


def keep_course(course_file: Path, course: Course, folder: Path) -> None:
    """Copy the description that `course` was read from, and its pictures, into a new folder.

    Raises:
        OSError: a file cannot be read or written.
    """
    private_folder(folder.parent)
    folder.mkdir(FOLDER)
    for section, key in PICTURES:
        picture = getattr(getattr(course, section, course), key)
        if picture is not None:
            write_private(folder / f"{section}-{key}.png", read_plain(picture))
    write_private(folder / _FILE, read_plain_text(course_file))


def kept_course(folder: Path) -> Course:
    """The course that was kept in a folder.

    Raises:
        CourseElsewhereError: it is not there: another machine, with the same records, began the batch.
        CourseError: somebody has changed it since.
    """
    if not (folder / _FILE).exists():
        where = (
            f"The course description of batch {folder.parent.name[:8]} is not in the data folder {folder.parents[2]}. "
            "Type this on the machine that began the batch, or let all machines use one data folder. If you have the "
            "course.toml, name its folder first: sanad rebuild --from FOLDER"
        )
        raise CourseElsewhereError((CourseProblem("", None, where),))
    document = course_document(folder / _FILE)
    for section, key in PICTURES:
        kept = folder / f"{section}-{key}.png"
        if kept.exists():
            document[section][key] = kept.name
    return course_from(document, folder)
