"""Entries with places, digests and signers, and no store: what is said about an entry, in few words."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from ledger.encoding import to_instant
from ledger.events.base import Event
from ledger.payload import NOTHING_SEEN, Attestation, Occurred, Payload
from ledger.reading import PlacedEvent
from ledger.session import Session
from tests.ledger.clinic import MD1, ORIGIN, RN1, SESSION, SLOT_A, START, blank, make

BESIDE = SESSION.replace("session/", "governance/")
CLASSES, ENDS = ("clinical", "sensitive", "identity"), ("", "_a", "_b")
NURSE, PRESCRIBER = (RN1, "performed", "nurse"), (MD1, "performed", "prescriber")


class Chart:
    """What was recorded, in order; every word returns what it recorded."""

    def __init__(self) -> None:
        self.placed: list[PlacedEvent] = []

    def put(
        self, event: Event, stream: str = SLOT_A, *who: tuple[str, str, str], at: datetime | None = None
    ) -> PlacedEvent:
        """One entry."""
        position = len(self.placed)
        now = to_instant(at or START + timedelta(minutes=position))
        payload = Payload(
            attested=tuple(
                Attestation(by=by, key=f"{index:064d}", meaning=meaning, role=role)
                for index, (by, meaning, role) in enumerate(who or (NURSE,))
            ),
            blocks=(),
            body={},
            device=None,
            id=f"00000000-0000-7000-8000-{position:012d}",
            ledger=ORIGIN,
            occurred=Occurred(at=now, offset=-240, precision="min", zone="America/New_York"),
            recorded_at=now,
            seen=NOTHING_SEEN,
            stream=stream,
            type=event.type,
        )
        dig = hashlib.sha256(f"{position} {event.type}".encode()).hexdigest()
        placed = PlacedEvent(position, 1, now, dig, payload, event)
        self.placed.append(placed)
        return placed

    def corrects(
        self, target: PlacedEvent, *changes: tuple[str, Any, Any], by: str = RN1, **sealed: Any
    ) -> PlacedEvent:
        """A correction of open fields: path, was, now; sealed ones by their class."""
        return self.put(correction(target, *changes, **sealed), target.stream, (by, "corrected", "nurse"))

    def voids(self, target: PlacedEvent, by: str = RN1, reason: str = "entered-in-error") -> PlacedEvent:
        """A void."""
        return self.put(void(target, reason), target.stream, (by, "corrected", "nurse"))

    def signs(
        self,
        target: PlacedEvent,
        by: str = MD1,
        verdict: str = "confirms",
        gives: str = "reviewed",
        role: str = "prescriber",
    ) -> PlacedEvent:
        """A countersignature."""
        return self.put(countersignature(target, verdict, gives), target.stream, (by, "countersigned", role))

    def reattributes(self, void: PlacedEvent, created: PlacedEvent, by: str = RN1) -> PlacedEvent:
        """The link between the void on one record and the new entry on the other."""
        event = make("entry-reattributed/1", voided=reference(void), created=reference(created))
        return self.put(event, BESIDE, (by, "corrected", "nurse"))


def reference(target: PlacedEvent) -> dict[str, str]:
    """How another entry names this one."""
    return {"dig": target.dig, "id": target.payload.id}


def correction(target: PlacedEvent, *changes: tuple[str, Any, Any], **sealed: Any) -> Event:
    """An entry-corrected; `clinical=[(path, was, now)]` and so on are sealed."""
    notes = {name: text for name, text in sealed.items() if name.startswith("note")}
    groups = {name: [_change(*each) for each in sealed[name]] for name in sealed.keys() - notes.keys() - {"reason"}}
    fields = blank("entry-corrected/1") | {
        "changes": [_change(*each) for each in changes],
        "reason": sealed.get("reason", "transcription"),
        "target": reference(target),
        **{f"{name}{end}": [] if _is_here(end, target.stream) else None for name in CLASSES for end in ENDS},
        **groups,
        **notes,
    }
    return make("entry-corrected/1", **fields)


def _is_here(end: str, stream: str) -> bool:
    """Whether a record has this sealed field: one person's its own, a joint one each partner's, others none."""
    if stream.startswith(("location/", "protocol/")):
        return False
    return bool(end) == (stream == SESSION or stream.startswith("couple/"))


def void(target: PlacedEvent, reason: str = "entered-in-error") -> Event:
    """An entry-voided."""
    return make("entry-voided/1", **blank("entry-voided/1") | {"reason": reason, "target": reference(target)})


def countersignature(target: PlacedEvent, verdict: str = "confirms", gives: str = "reviewed") -> Event:
    """A countersignature-given."""
    fields = blank("countersignature-given/1") | {"gives": gives, "target": reference(target), "verdict": verdict}
    return make("countersignature-given/1", **fields)


def mg(amount: str) -> dict[str, str]:
    """A mass."""
    return {"unit": "mg", "value": amount}


def _change(field: str, was: Any, now: Any) -> dict[str, Any]:
    return {"field": field, "now": now, "was": was}


def totals(session: Session) -> tuple[int, int]:
    """What A and B were given, in mg."""
    return int(session.a.total_mg), int(session.b.total_mg)
