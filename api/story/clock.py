"""The clock of a story: it shows what the story says, on both hands."""

from __future__ import annotations

from datetime import datetime


class StoryClock:
    """A wall and a monotonic clock that move only when they are set, and together."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._now = start

    def set(self, moment: datetime) -> None:
        """Let it be `moment` now; a clock set back shows it."""
        self._now = moment

    def wall(self) -> datetime:
        """The story's time of day."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since the story began."""
        return (self._now - self._start).total_seconds()
