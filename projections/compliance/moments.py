"""
Times as rules compare them: in UTC, to the whole second, never rounded.

A time of precision `min` stands at second 00.
When a device's clock is known to have been wrong, its time counts less that offset.
What the ledger received had happened by then: a claim from the future counts from its receipt.
Source: the exact rules, section 0, items 1 and 2; architecture, section 6, on claims from the future.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from ledger.devices import shifted
from ledger.encoding import to_instant
from ledger.reading import PlacedEvent

_REMEMBERED = 4096
"""How many spellings of moments are kept: the rules of one session name the same few hundred again and again."""

SECOND = timedelta(seconds=1)
"""The step in which time passes here: a limit of 11:40:00 is missed at 11:40:01."""


def to_second(instant: str) -> datetime:
    """The whole second of an instant whose spelling was checked when it was read."""
    return datetime.fromisoformat(instant).astimezone(UTC).replace(microsecond=0)


DAY = timedelta(days=1)
"""24 hours, whatever the calendar does; ages in days compare local dates instead."""

WEEK = timedelta(days=7)
"""168 hours."""


def moment_of(placed: PlacedEvent, offset: timedelta | None = None) -> datetime:
    """When an event counts as having happened, written by a clock that was so much ahead."""
    occurred = to_second(placed.payload.occurred.at)
    if placed.payload.occurred.precision == "min":
        occurred = occurred.replace(second=0)
    if offset:
        occurred = shifted(occurred, -offset).replace(microsecond=0)
    return min(occurred, to_second(placed.received_at))


@lru_cache(maxsize=_REMEMBERED)
def as_instant(moment: datetime | None) -> str | None:
    """The ledger's spelling of a moment."""
    return None if moment is None else to_instant(moment)


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment by a local clock; in UTC where the calendar ends, which a wrong clock may claim."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


@lru_cache(maxsize=_REMEMBERED)
def clock(moment: datetime, zone: ZoneInfo) -> str:
    """`10:35`, `10:35:01` when the second matters; `01:35 EDT` in the hour that a change of clocks repeats."""
    there = local(moment, zone)
    shown = f"{there:%H:%M:%S}" if there.second else f"{there:%H:%M}"
    return f"{shown} {there:%Z}" if comes_twice(there) else shown


def comes_twice(there: datetime) -> bool:
    """Whether the local clock shows this time twice on this day, so that it needs more to be told apart."""
    return there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()


def each_day(start: datetime, end: datetime) -> Iterator[datetime]:
    """A moment on each day from one moment to another, both included."""
    at = start
    while at < end:
        yield at
        at += timedelta(days=1)
    yield end


def day_and_clock(moment: datetime, zone: ZoneInfo) -> str:
    """`Sun 17 May 10:50`."""
    there = local(moment, zone)
    return f"{_DAYS[there.weekday()]} {there.day} {_MONTHS[there.month - 1]} {clock(moment, zone)}"


def minutes(number: int) -> timedelta:
    """A figure of the protocol as a length of time."""
    return timedelta(minutes=number)


def seconds(number: int) -> timedelta:
    """The same in seconds."""
    return timedelta(seconds=number)


def hours(number: int) -> timedelta:
    """The same in hours."""
    return timedelta(hours=number)


def days(number: int) -> timedelta:
    """The same in days of 24 hours."""
    return timedelta(days=number)


def span(length: timedelta) -> str:
    """`35 min`, or `35 min 20 s`."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"


def long_span(length: timedelta) -> str:
    """`16 h 05`: hours and minutes, rounded down to the minute."""
    hours_, rest = divmod(int(length.total_seconds()) // 60, 60)
    return f"{hours_} h {rest:02}"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
