"""
How late an entry was, and by which clock, in words: the one place that says so.

    written 40 min after it happened
    received 3 days later
    its device's clock was 7 min ahead: 13:58 by the ledger's clock

`later` is later than it was written. Up to two minutes count as at once, and a clock as right.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from ledger.devices import shifted
from ledger.encoding import to_instant
from ledger.payload import Occurred
from ledger.reading import PlacedEvent
from projections.said import local_clock

LATE = timedelta(minutes=2)
"""Up to this, writing down counts as at once, and a clock as right."""


def lateness(
    occurred: Occurred, recorded_at: str, received_at: str, offset: timedelta | None = None
) -> tuple[str, ...]:
    """How late an entry was, whose device's clock was so much ahead (None when nobody knows)."""
    happened, written, came = (_moment(each) for each in (occurred.at, recorded_at, received_at))
    words = []
    if written - happened > LATE:
        words.append(f"written {span(written - happened)} after it happened")
    elif happened - written > LATE:
        words.append(f"written {span(happened - written)} before it happened")
    by_ours = shifted(written, -(offset or timedelta()))
    if came - by_ours > LATE:
        words.append(f"received {span(came - by_ours)} later")
    elif by_ours - came > LATE:
        words.append(f"received {span(by_ours - came)} before it was written")
    if offset is not None and abs(offset) > LATE:
        way = "ahead" if offset > timedelta() else "behind"
        right = local_clock(to_instant(shifted(_moment(occurred.at), -offset)), occurred)
        words.append(f"its device's clock was {span(abs(offset))} {way}: {right} by the ledger's clock")
    return tuple(words)


def late_words(placed: PlacedEvent, offset: timedelta | None = None) -> tuple[str, ...]:
    """The same for a recorded event."""
    return lateness(placed.payload.occurred, placed.payload.recorded_at, placed.received_at, offset)


def span(length: timedelta) -> str:
    """`40 min`, `10 h 05 min`, `3 days 1 h`."""
    minutes = length // timedelta(minutes=1)
    if minutes < 120:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60:02d} min" if minutes % 60 else f"{minutes // 60} h"
    hours = minutes % 1440 // 60
    return f"{minutes // 1440} days {hours} h" if hours else f"{minutes // 1440} days"


def _moment(instant: str) -> datetime:
    """The UTC time of an instant whose spelling the ledger has checked."""
    return datetime.fromisoformat(instant)
