"""What people type compared with what the records say of a student."""

import json
import re
from collections.abc import Callable, Sequence

from issuer.text import folded

_FIELDS = ("name", "father_name", "student_number", "email")
"""Of a roster's row: what a student is looked for by."""


def words_in(text: str) -> list[str]:
    """The words of what somebody typed, folded; without quotation marks, which a row as JSON writes otherwise."""
    return re.sub(r'["\\]', "", folded(text)).split()


def matching(name: str | None, number: str | None) -> Callable[[str, str], bool]:
    """Whether a row has all words of a name, and exactly this student number; for `CertificateRecords.places`."""
    words, wanted = words_in(name or ""), None if number is None else folded(number).strip()

    def holds(_batch: str, row: str) -> bool:
        if row.isascii() and not all(word in row.lower() for word in words):
            return False
        student = json.loads(row)
        if wanted is not None and folded(student["student_number"] or "") != wanted:
            return False
        said = folded(student["name"])
        return all(word in said for word in words)

    return holds


def having(words_of: Callable[[str], Sequence[str]]) -> Callable[[str, str], bool]:
    """Whether a row has all the words that are still wanted in its batch; for `CertificateRecords.places`.

    Args:
        words_of: by the batch's id, the folded words that the batch itself does not have.
    """

    def holds(batch: str, row: str) -> bool:
        words = words_of(batch)
        if not words:
            return True
        if row.isascii():
            plain = row.lower()
            if not all(word in plain for word in words):
                return False  # most rows end here, unparsed
        student = json.loads(row)
        said = folded("\n".join(student[field] or "" for field in _FIELDS))
        return all(word in said for word in words)

    return holds
