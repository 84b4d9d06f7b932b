"""Tablets in tests: events signed offline, each after the one before, handed in whenever a test says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ledger.encoding import to_instant
from ledger.envelope import parse_envelope
from ledger.events.base import Event
from ledger.payload import DeviceLink, Occurred, Seen
from ledger.record import Submission
from tests.ledger.clinic import RN1, SLOT_A, Clinic, Who, check

NURSE: Who = (RN1, "performed", "nurse")


class Tablet:
    """One device of a clinic, with a clock of its own that may be wrong."""

    def __init__(self, clinic: Clinic, device: str, ahead: timedelta = timedelta()) -> None:
        self.clinic, self.id, self.ahead = clinic, device, ahead
        self.seq = 0
        self.prev: str | None = None

    @property
    def now(self) -> datetime:
        """What its clock shows."""
        return self.clinic.clock.now + self.ahead

    def writes(
        self,
        event: Event | None = None,
        stream: str = SLOT_A,
        who: Who = NURSE,
        *,
        seen: Seen | None = None,
        **members: Any,
    ) -> Submission:
        """The next event of this tablet, a check of A unless said otherwise, by its own clock."""
        self.seq += 1
        now = to_instant(self.now)
        given: dict[str, Any] = {
            "device": DeviceLink(id=self.id, prev=self.prev, seq=self.seq),
            "occurred": Occurred(at=now, offset=-240, precision="s", zone="America/New_York"),
            "recorded_at": now,
        }
        if seen is not None:
            given["seen"] = seen
        submission = self.clinic.submission(event or check(), stream, [who], **(given | members))
        self.prev = parse_envelope(submission.envelope).dig
        return submission
