"""
When the ledger received an event: a clock that may stand still but not run backwards unseen.

received_at is the later of now and the last received_at.
A step back of more than 5 s, or a wall clock that gained more than 24 h on the monotonic clock since the
last append of this process, stops writing until a security officer signs `clock-corrected/1`.
Idle time and time switched off are not steps.
Source: format v1, section 9.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from ledger.encoding import from_instant, to_instant
from ledger.errors import Refused

STEP_BACK = timedelta(seconds=5)
RUN_AHEAD = timedelta(hours=24)


class Clock(Protocol):
    """Where time comes from; injected, so that a story can bring its own."""

    def wall(self) -> datetime:
        """The time of day, aware."""

    def monotonic(self) -> float:
        """Seconds that only ever grow, from an arbitrary start."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Both hands of the clock at one moment."""

    wall: datetime
    monotonic: float

    @classmethod
    def of(cls, clock: Clock) -> Reading:
        """Read the clock now."""
        return cls(clock.wall(), clock.monotonic())


def received_at(previous: str | None, now: Reading, last_append: Reading | None, *, correcting: bool) -> str:
    """
    The received_at of the next entry.

    `previous` is that of the entry before, `last_append` the reading at this process's last append;
    `correcting` says that the event is a `clock-corrected/1`, the only one that may let time decrease.

    Raises:
        Refused: `clock-stepped-back` or `clock-ran-ahead`.
    """
    text = to_instant(now.wall)
    if correcting or previous is None:
        return text
    follows = len(previous) == len(text) and previous <= text  # instants are spelled so that they sort
    before = now.wall if follows else from_instant(previous)
    remedy = (
        "Set the clock right; if the ledger's last time is the wrong one, an officer signs clock-corrected: "
        "session-ledger correct-clock."
    )
    if now.wall < before - STEP_BACK:
        raise Refused("clock-stepped-back", f"The clock shows a time before the last entry, {previous}.", remedy=remedy)
    if last_append is not None:
        gained = (now.wall - last_append.wall) - timedelta(seconds=now.monotonic - last_append.monotonic)
        if gained > RUN_AHEAD:
            raise Refused("clock-ran-ahead", "The clock jumped forward by more than a day.", remedy=remedy)
    return text if follows else to_instant(max(before, now.wall))
