"""Dates and times in documents: one grammar, compared exactly (SPEC.md section 16)."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import NamedTuple, Self

from verifier.core.errors import CredentialError

_STAMP = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:Z|([+-])([0-9]{2}):([0-9]{2}))"
)
_EPOCH = date(1970, 1, 1).toordinal()
_FIRST = (date.min.toordinal() - _EPOCH) * 86_400
_END = (date.max.toordinal() - _EPOCH + 1) * 86_400
_FARTHEST = 14 * 60
_SECOND = 1_000_000_000


@dataclass(frozen=True, order=True)
class Instant:
    """A point in time, exact to the nanosecond."""

    nanoseconds: int
    """Since 1970-01-01T00:00:00Z; negative before."""

    @classmethod
    def of_seconds(cls, seconds: int) -> Self:
        """The instant so many seconds after 1970-01-01T00:00:00Z."""
        return cls(seconds * _SECOND)

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """The instant of a datetime that knows its offset."""
        since = moment - datetime(1970, 1, 1, tzinfo=UTC)
        return cls(since // timedelta(microseconds=1) * 1000)

    @property
    def seconds(self) -> int:
        """Whole seconds since 1970-01-01T00:00:00Z, the fraction cut off."""
        return self.nanoseconds // _SECOND


class _Parts(NamedTuple):
    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    nanosecond: int
    offset: int
    """Minutes by which the written time is ahead of UTC."""


def parse_instant(text: str) -> Instant:
    """The exact instant that a dateTimeStamp names.

    Raises:
        CredentialError: it is none.
    """
    return _instant(_parts(text), text)


def parse_timestamp(text: str) -> datetime:
    """A dateTimeStamp for display: in the offset in which it is written, without digits beyond microseconds.

    For comparing times, use `parse_instant`.

    Raises:
        CredentialError: it is none.
    """
    parts = _parts(text)
    _instant(parts, text)
    zone = timezone(timedelta(minutes=parts.offset)) if parts.offset else UTC
    return datetime(*parts[:6], parts.nanosecond // 1000, zone)


def _parts(text: str) -> _Parts:
    found = _STAMP.fullmatch(text)
    if found is None:
        raise CredentialError(
            "{value} is not a date and time with an offset (2026-06-30T12:00:00Z).", value=_shown(text)
        )
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    fraction, sign, hours, minutes = found.groups()[6:]
    ahead = int(hours or 0) * 60 + int(minutes or 0)
    if int(minutes or 0) > 59 or ahead > _FARTHEST:
        raise _no_such_time(text)
    return _Parts(
        year, month, day, hour, minute, second, int((fraction or "0").ljust(9, "0")), -ahead if sign == "-" else ahead
    )


def _instant(parts: _Parts, text: str) -> Instant:
    try:
        days = date(*parts[:3]).toordinal() - _EPOCH
    except ValueError:
        raise _no_such_time(text) from None
    seconds = days * 86_400 + parts.hour * 3600 + parts.minute * 60 + parts.second - parts.offset * 60
    on_the_clock = parts.hour < 24 and parts.minute < 60 and parts.second < 60
    if not on_the_clock or not _FIRST <= seconds < _END:
        raise _no_such_time(text)
    return Instant(seconds * _SECOND + parts.nanosecond)


def _no_such_time(text: str) -> CredentialError:
    return CredentialError("{value} is not a date and time that exists.", value=_shown(text))


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:59] + "…")
