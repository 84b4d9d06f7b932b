"""
Times as rules compare them: in UTC, to the whole second, never rounded.

A time of precision `min` stands at second 00.
What the ledger received had happened by then: a claim from the future counts from its receipt.
Source: the exact rules, section 0, items 1 and 2; architecture, section 6, on claims from the future.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from ledger.encoding import to_instant
from ledger.reading import PlacedEvent

SECOND = timedelta(seconds=1)
"""The step in which time passes here: a limit of 11:40:00 is missed at 11:40:01."""


def to_second(instant: str) -> datetime:
    """The whole second of an instant whose spelling was checked when it was read."""
    return datetime.fromisoformat(instant).astimezone(UTC).replace(microsecond=0)


def moment_of(placed: PlacedEvent) -> datetime:
    """When an event counts as having happened."""
    occurred = to_second(placed.payload.occurred.at)
    if placed.payload.occurred.precision == "min":
        occurred = occurred.replace(second=0)
    return min(occurred, to_second(placed.received_at))


def as_instant(moment: datetime | None) -> str | None:
    """The ledger's spelling of a moment."""
    return None if moment is None else to_instant(moment)


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """`10:35`, or `10:35:01` when the second matters."""
    there = moment.astimezone(zone)
    return f"{there:%H:%M:%S}" if there.second else f"{there:%H:%M}"


def day_and_clock(moment: datetime, zone: ZoneInfo) -> str:
    """`Sun 17 May 10:50`."""
    there = moment.astimezone(zone)
    return f"{_DAYS[there.weekday()]} {there.day} {_MONTHS[there.month - 1]} {clock(moment, zone)}"


def span(length: timedelta) -> str:
    """`35 min`, or `35 min 20 s`."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
