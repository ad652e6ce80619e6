"""Vectors of SPEC.md section 16: dates, and the verdicts that hang on their bounds."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.vectors.samples import batch, document, key, sign
from tests.vectors.verdicts import Case, holds

Text = tuple[str, str, str]
"""Name, what it is, the text."""


def good() -> Iterator[Text]:
    """Dates that are read."""
    yield "utc", "a second in UTC", "2026-06-30T12:00:00Z"
    yield "ahead", "a clock ahead of UTC", "2026-06-30T17:00:00+05:00"
    yield "behind", "a clock behind UTC, on the day before", "2026-06-29T23:30:00-12:30"
    yield "plus-zero", "an offset of nothing", "2026-06-30T12:00:00+00:00"
    yield "minus-zero", "an offset of minus nothing is UTC", "2026-06-30T12:00:00-00:00"
    yield "offset-14", "the farthest offset ahead", "2026-06-30T12:00:00+14:00"
    yield "offset-minus-14", "the farthest offset behind", "2026-06-30T12:00:00-14:00"
    yield "offset-13-59", "the last minute of the thirteenth hour", "2026-06-30T12:00:00+13:59"
    yield "fraction-1", "one digit", "2026-06-30T12:00:00.1Z"
    yield "fraction-zeros", "zeros at the end say nothing", "2026-06-30T12:00:00.100000000Z"
    yield "fraction-9", "nine digits, all of which count", "2026-06-30T12:00:00.123456789+05:00"
    yield "nanosecond", "one nanosecond after", "2026-06-30T12:00:00.000000001Z"
    yield "leap-day", "a leap day", "2028-02-29T00:00:00Z"
    yield "leap-day-400", "a leap day of a year that 400 divides", "2000-02-29T23:59:59Z"
    yield "epoch", "zero", "1970-01-01T00:00:00Z"
    yield "before-epoch", "a nanosecond before zero: the seconds are rounded down", "1969-12-31T23:59:59.999999999Z"
    yield "first", "the first instant", "0001-01-01T00:00:00Z"
    yield "first-behind", "an early one on a clock behind UTC", "0001-01-01T00:00:00-14:00"
    yield "first-ahead", "the first instant on a clock ahead of UTC", "0001-01-01T14:00:00+14:00"
    yield "last", "the last instant", "9999-12-31T23:59:59.999999999Z"
    yield "last-ahead", "a late one on a clock ahead of UTC", "9999-12-31T23:59:59+14:00"
    yield "last-behind", "the last second on a clock behind UTC", "9999-12-31T09:59:59-14:00"
    yield "year-100", "a year with three zeros before it, and no leap year", "0100-03-01T00:00:00Z"
    yield "beyond-2038", "beyond 2^31 seconds", "2038-01-19T03:14:08Z"


def bad() -> Iterator[Text]:
    """What is none: the grammar first, then what names no instant."""
    yield from _ungrammatical()
    yield from (
        ("year-0", "there is no year 0", "0000-12-31T23:59:59Z"),
        ("year-0-behind", "the year 0 as written, 1 in UTC", "0000-12-31T23:59:59-14:00"),
        ("before-first", "the year 1 as written, before it in UTC", "0001-01-01T13:59:59.999999999+14:00"),
        ("after-last", "the year 9999 as written, after it in UTC", "9999-12-31T10:00:00-14:00"),
        ("after-last-minute", "one minute after the last", "9999-12-31T23:59:00-00:01"),
        ("month-0", "month 0", "2026-00-30T12:00:00Z"),
        ("month-13", "month 13", "2026-13-30T12:00:00Z"),
        ("day-0", "day 0", "2026-06-00T12:00:00Z"),
        ("day-31", "a day that June has not", "2026-06-31T12:00:00Z"),
        ("no-leap-day", "29 February of a common year", "2026-02-29T12:00:00Z"),
        ("no-leap-day-100", "29 February of a year that 100 divides and 400 does not", "2100-02-29T12:00:00Z"),
        ("hour-24", "hour 24, as XML Schema may write midnight", "2026-06-30T24:00:00Z"),
        ("minute-60", "minute 60", "2026-06-30T12:60:00Z"),
        ("second-60", "second 60, also where a leap second was", "2016-12-31T23:59:60Z"),
        ("offset-14-01", "an offset beyond 14 hours", "2026-06-30T12:00:00+14:01"),
        ("offset-15", "an offset of 15 hours", "2026-06-30T12:00:00-15:00"),
        ("offset-minute-60", "60 minutes in an offset", "2026-06-30T12:00:00+05:60"),
    )


def _ungrammatical() -> Iterator[Text]:
    yield from (
        ("empty", "nothing", ""),
        ("day-alone", "no time", "2026-06-30"),
        ("no-offset", "no offset", "2026-06-30T12:00:00"),
        ("no-seconds", "no seconds", "2026-06-30T12:00Z"),
        ("space", "a space for T", "2026-06-30 12:00:00Z"),
        ("small-t", "a small t", "2026-06-30t12:00:00Z"),
        ("small-z", "a small z", "2026-06-30T12:00:00z"),
        ("basic", "the basic format", "20260630T120000Z"),
        ("fraction-0", "a point without digits", "2026-06-30T12:00:00.Z"),
        ("fraction-10", "ten digits", "2026-06-30T12:00:00.1234567890Z"),
        ("fraction-comma", "a comma for the point", "2026-06-30T12:00:00,5Z"),
        ("year-10000", "a year of five digits", "10000-01-01T00:00:00Z"),
        ("year-sign", "a sign before the year", "+2026-06-30T12:00:00Z"),
        ("year-negative", "a year before the first", "-0001-01-01T00:00:00Z"),
        ("offset-short", "an offset with one digit", "2026-06-30T12:00:00+5:00"),
        ("offset-no-colon", "an offset without its colon", "2026-06-30T12:00:00+0500"),
        ("offset-hour", "an offset without minutes", "2026-06-30T12:00:00+05"),
        ("offset-minus-sign", "U+2212 for the hyphen", "2026-06-30T12:00:00\u221205:00"),
        ("two-offsets", "Z and an offset", "2026-06-30T12:00:00Z+05:00"),
        ("space-before", "white space before it", " 2026-06-30T12:00:00Z"),
        ("line-feed", "a line feed after it", "2026-06-30T12:00:00Z\n"),
        ("urdu-digits", "digits that are not ASCII", "\u06f2\u06f0\u06f2\u06f6-06-30T12:00:00Z"),
        ("week", "a week's day", "2026-W27-2T12:00:00Z"),
    )


def verdicts() -> Iterator[Case]:
    """The block's time is 2026-09-21T14:13:20Z; every certificate is in good standing."""

    def case(name: str, note: str, verdict: str, **dates: Any) -> Case:
        one = batch([sign(document("Ayesha Khan", **dates), key())], [b""])
        return Case(f"date-{name}", note, verdict, [holds(one)], one.envelopes[0].to_bytes())

    for name, note, verdict, dates in (*_bounds(), *_unreadable()):
        yield case(name, note, verdict, **dates)


def _bounds() -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    block = "2026-09-21T14:13:20"
    yield "from-block", "validFrom is the block's time", "valid", {"validFrom": f"{block}Z"}
    yield "from-frac-0", "the same, with a fraction of nothing", "valid", {"validFrom": f"{block}.000000000Z"}
    yield "from-frac-after", "a microsecond later", "pending", {"validFrom": f"{block}.000001Z"}
    yield "from-nanosecond-after", "a nanosecond later", "pending", {"validFrom": f"{block}.000000001Z"}
    yield "until-block", "validUntil is the block's time", "valid", {"validUntil": f"{block}Z"}
    note = "a nanosecond before the block's time"
    yield "until-nanosecond-before", note, "expired", {"validUntil": "2026-09-21T14:13:19.999999999Z"}
    yield "from-first", "the first instant there is", "valid", {"validFrom": "0001-01-01T00:00:00Z"}
    yield "until-last", "the last instant there is", "valid", {"validUntil": "9999-12-31T23:59:59.999999999Z"}
    yield "until-offset-14", "the farthest offset", "expired", {"validUntil": "2026-09-22T04:13:19+14:00"}
    yield "from-minus-zero", "-00:00 is UTC", "pending", {"validFrom": "2026-09-21T14:13:21-00:00"}


def _unreadable() -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    for name, note, dates in (
        ("from-null", "null is a date that cannot be read, not an absent one", {"validFrom": None}),
        ("until-null", "null is a date that cannot be read, not an absent one", {"validUntil": None}),
        ("until-number", "a number is no date", {"validUntil": 1790000000}),
        ("until-list", "a list is no date, whatever is in it", {"validUntil": ["2027-06-30T12:00:00Z"]}),
        ("until-empty", "an empty text", {"validUntil": ""}),
        ("from-negative", "a year before the first", {"validFrom": "-0001-01-01T00:00:00Z"}),
        ("from-year-0", "the year 0", {"validFrom": "0000-01-01T00:00:00Z"}),
        ("from-before-first", "before the first instant in UTC", {"validFrom": "0001-01-01T00:00:00+14:00"}),
        ("until-15", "an offset of 15 hours", {"validUntil": "2999-12-31T23:59:59+15:00"}),
        ("until-10000", "the year 10000", {"validUntil": "10000-01-01T00:00:00Z"}),
        ("until-99999", "the year 99999", {"validUntil": "99999-01-01T00:00:00Z"}),
        ("until-after-last", "after the last instant in UTC", {"validUntil": "9999-12-31T23:59:59-14:00"}),
        ("until-hour-24", "hour 24", {"validUntil": "2027-06-30T24:00:00Z"}),
        ("until-second-60", "second 60", {"validUntil": "2027-06-30T23:59:60Z"}),
        ("until-fraction-10", "ten digits of a fraction", {"validUntil": "2027-06-30T12:00:00.0000000000Z"}),
    ):
        yield name, note, "unavailable", dates
    note = "one date is over and the other cannot be read: neither pending nor expired"
    yield "one-of-two", note, "unavailable", {"validFrom": "soon", "validUntil": "2026-07-01T00:00:00Z"}
