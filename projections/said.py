"""
How values are said: exact amounts, local times, and the word for a value that is gone.

A value that is gone is never left out silently: `withheld`, `erased` or `expired` stands in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ledger.events.fields import Gone
from ledger.events.measures import UntilWhen
from ledger.payload import Occurred

T = TypeVar("T")

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def said(value: T | Gone | None, words: Callable[[T], str] = str, missing: str = "not recorded") -> str:
    """The value in words; `missing` for null, and the reason for a value that is gone."""
    if isinstance(value, Gone):
        return value.why
    return missing if value is None else words(value)


def yes_no(value: bool) -> str:
    """`yes` or `no`."""
    return "yes" if value else "no"


def listed(values: Iterable[object]) -> str:
    """Values with commas, `none` for an empty list."""
    return ", ".join(str(value) for value in values) or "none"


def local_moment(occurred: Occurred) -> str:
    """
    When it happened as its signer saw it: `2026-05-16 10:05`.

    In the hour that a change of clocks repeats, with what tells the two apart: `2026-11-01 01:30 EDT`.
    """
    return _local_moment(occurred.at, occurred.offset, occurred.zone)


@lru_cache(maxsize=1024)
def _local_moment(at: str, offset: int, zone: str) -> str:
    """The same for every view that is built of a batch, and for two partners of whom something is said at once."""
    there = _there(at, at, offset, zone)
    return there.replace(tzinfo=None).isoformat(sep=" ", timespec="minutes") + _told_apart(there)


def local_clock(instant: str, occurred: Occurred) -> str:
    """Another time by the same clock: `07:10`, with its date if that is another day."""
    at, offset, zone = occurred.at, occurred.offset, occurred.zone
    there = _there(instant, at, offset, zone)
    same_day = there.date() == _there(at, at, offset, zone).date()
    shown = f"{there:%H:%M}{_told_apart(there)}"
    return shown if same_day else f"{_day(there)} {shown}"


def until(when: UntilWhen) -> str:
    """Until when, in the local wording that was shown: `until Sun 10:50 EDT (17 May 2026)`."""
    day = date.fromisoformat(when.local[:10])
    written = f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"until {_DAYS[day.weekday()]} {when.local[11:]} ({written})"


def exact(amount: Fraction) -> str:
    """An exact number: as a decimal where it has one (`8.5`), else as a fraction (`17/3`)."""
    twos = fives = 0
    rest = amount.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{amount.numerator}/{amount.denominator}"
    places = max(twos, fives)
    digits = amount.numerator * 10**places // amount.denominator
    return f"{Decimal(f'{digits}E-{places}'):f}"


def _there(instant: str, at: str, minutes: int, name: str) -> datetime:
    """By the signer's zone if that is what they were shown, else by the offset alone; UTC where the calendar ends."""
    moment, happened = (_moment(each).replace(tzinfo=UTC) for each in (instant, at))
    offset = timedelta(minutes=minutes)
    try:
        zone = ZoneInfo(name)
        if happened.astimezone(zone).utcoffset() == offset:
            return moment.astimezone(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError, OverflowError):
        pass
    try:
        return moment.astimezone(timezone(offset))
    except OverflowError:
        return moment


def _told_apart(there: datetime) -> str:
    """` EDT` when the clock on the wall shows this time twice on this day."""
    return f" {there:%Z}" if there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset() else ""


def _moment(instant: str) -> datetime:
    """The UTC time of an instant whose spelling the ledger has checked."""
    return datetime.fromisoformat(instant.removesuffix("Z"))


def _day(moment: datetime) -> str:
    return f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]}"
