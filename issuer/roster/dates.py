"""Days as people write them: every form that can mean one day only, none that can mean two."""

import re
from datetime import date, timedelta

from issuer.errors import ValueProblem

_FURTHEST_AHEAD = timedelta(days=366)
"""How far ahead a day of award may be: a certificate may be handed out at next month's ceremony, hardly in years."""
_FORM = "write the date as year-month-day: 2026-06-30."
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?: 00:00(?::00)?)?", re.ASCII)
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ .,-]*([^\W\d_]+)[ .,،-]*(\d{4})", re.IGNORECASE)
_MONTH_DAY = re.compile(r"([^\W\d_]+)[ .-]*(\d{1,2})(?:st|nd|rd|th)?(?:[ .,،-]+)(\d{4})", re.IGNORECASE)
_SHORT_YEAR = re.compile(r"\d{1,2}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{2}", re.ASCII)

_ENGLISH = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_URDU = ("جنوری", "فروری", "مارچ", "اپریل", "مئی", "جون", "جولائی", "اگست", "ستمبر", "اکتوبر", "نومبر", "دسمبر")
_MONTHS = {
    **{name: month for month, name in enumerate(_ENGLISH, 1)},
    **{name[:3]: month for month, name in enumerate(_ENGLISH, 1)},
    **{name: month for month, name in enumerate(_URDU, 1)},
    "sept": 9,
}


def day(cell: str) -> date:
    """The one day that a cell can mean, within living memory.

    `30/06/2026` can only be the thirtieth; `03/04/2026` is the third of April to some and the fourth of March to
    others, so it is refused.

    Raises:
        ValueProblem: it means no day, or two.
    """
    value = _date(*_numbers(cell))
    if not 1950 <= value.year <= 2100:
        raise ValueProblem("Check the year: it should be between 1950 and 2100.")
    if value > date.today() + _FURTHEST_AHEAD:
        raise ValueProblem(
            "Check the year: the day is more than a year ahead, and until then the certificate would not be valid."
        )
    return value


def _numbers(cell: str) -> tuple[int, int, int]:
    if match := _YEAR_FIRST.fullmatch(cell):
        return int(match[1]), int(match[3]), int(match[4])
    if match := _YEAR_LAST.fullmatch(cell):
        return _which_first(int(match[4]), int(match[1]), int(match[3]))
    for pattern, month_at, day_at in ((_DAY_MONTH, 2, 1), (_MONTH_DAY, 1, 2)):
        if (match := pattern.fullmatch(cell)) and (month := _MONTHS.get(match[month_at].casefold())):
            return int(match[3]), month, int(match[day_at])
    if _SHORT_YEAR.fullmatch(cell):
        raise ValueProblem(f"Write the year with four digits; {_FORM}")
    raise ValueProblem(_FORM[0].upper() + _FORM[1:])


def _which_first(year: int, first: int, second: int) -> tuple[int, int, int]:
    if first > 12 or first == second:
        return year, second, first
    if second > 12:
        return year, first, second
    if 0 in (first, second):
        raise ValueProblem(f"There is no such day; {_FORM}")
    one, other = f"{year}-{second:02}-{first:02}", f"{year}-{first:02}-{second:02}"
    raise ValueProblem(
        f"This may be {first} {_month(second)} or {second} {_month(first)}; write {one} or {other}, whichever is meant."
    )


def _month(number: int) -> str:
    return _ENGLISH[number - 1].capitalize()


def _date(year: int, month: int, of_month: int) -> date:
    try:
        return date(year, month, of_month)
    except ValueError:
        raise ValueProblem(f"There is no such day; {_FORM}") from None
