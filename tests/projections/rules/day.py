"""
The words of the rules' stories: a day at the retreat R-1 on 16 May 2026, as events with places and no store.

    day = Day().opens().gives("a", "10:00").looks_at("a", "10:15")
    day.findings("SUP-05", as_of="10:20")
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal, Self, TypeAlias
from zoneinfo import ZoneInfo

from ledger.encoding import to_instant
from ledger.errors import Objection
from ledger.events.base import Event
from ledger.events.choices import Parameters2
from ledger.events.fields import WITHHELD, FieldClass, Gone
from ledger.events.parameters import Parameters
from ledger.payload import NOTHING_SEEN, Attestation, DeviceLink, Occurred, Payload, Seen
from ledger.reading import PlacedEvent
from projections.compliance.finding import Finding
from projections.compliance.judge import judge, judge_ledger
from projections.compliance.known import Fact, Known
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from projections.compliance.objecting import asked_before
from projections.compliance.rules import RULES
from tests.ledger.chart import correction, countersignature, void
from tests.ledger.clinic import ANA, BEN, COUPLE, MD1, OWN_A, PLACE, RN1, SESSION, Who, blank, check, dose, make, uuid

Precision: TypeAlias = Literal["s", "min"]
ZONE = ZoneInfo("America/New_York")
DRIVER = f"staff/{uuid(9)}"
PROTOCOL = f"protocol/{uuid(51)}"
TABLET = f"device/{uuid(61)}"
CARLA = f"person/{uuid(13)}"
OTHER = f"session/{uuid(32)}"
"""Another couple's session."""
SISTER: dict[str, Any] = {
    "name": "Kim Sister",
    "person": None,
    "phone": None,
    "relationship": "family",
    "staff": None,
}


def moment(clock: str) -> datetime:
    """`10:05`, `10:05:30`, with a day of May: `17 10:05`, or with any: `2026-06-03 10:05`."""
    day, _, time = clock.rpartition(" ")
    date = day if "-" in day else f"2026-05-{int(day or 16):02}"
    return datetime.fromisoformat(f"{date} {time}").replace(tzinfo=ZONE)


def instant(clock: str) -> str:
    """The same in the ledger's spelling."""
    return to_instant(moment(clock))


class Day:
    """What happened, in the order it was recorded; every word returns the day."""

    def __init__(self) -> None:
        self.placed: list[PlacedEvent] = []
        self.figures = Parameters()

    # -- recording ----------------------------------------------------------------------------------

    def put(
        self,
        event: Event,
        stream: str,
        at: str,
        *,
        recorded: str = "",
        precision: Precision = "min",
        received: str = "",
        device: DeviceLink | None = None,
        seen: Seen = NOTHING_SEEN,
        who: Sequence[Who] = ((RN1, "performed", "nurse"),),
    ) -> Self:
        """One event; `recorded` when it was written down later, `received` when it came in still later."""
        recorded = recorded or at
        received = received or recorded
        position = len(self.placed)
        payload = Payload(
            attested=tuple(
                Attestation(by=by, key=f"{index:064d}", meaning=meaning, role=role)
                for index, (by, meaning, role) in enumerate(who)
            ),
            blocks=(),
            body={},
            device=device,
            id="00000000-0000-7000-8000-000000000000",
            ledger="clinic.example.test/00c0ffee00c0ffee",
            occurred=Occurred(at=instant(at), offset=-240, precision=precision, zone="America/New_York"),
            recorded_at=instant(recorded),
            seen=seen,
            stream=stream,
            type=event.type,
        )
        dig = hashlib.sha256(f"{position} {event.type}".encode()).hexdigest()
        self.placed.append(PlacedEvent(position, 1, instant(received), dig, payload, event))
        return self

    def plans(self, session: str = SESSION, a: str | Gone = ANA, b: str | Gone = BEN, at: str = "1 12:00") -> Self:
        """A session is planned; each slot is a person."""
        event = make(
            "session-scheduled/1",
            couple=COUPLE,
            course=None,
            location=PLACE,
            mode="simultaneous",
            ordinal=1,
            planned_start=instant("09:00"),
            staff=[],
            person_a=a,
            person_b=b,
        )
        return self.put(event, session, at)

    def opens(self, session: str = SESSION, *, protocol: bool = True, **figures: Any) -> Self:
        """The place, the protocol with these figures, the plan, and the opening at 09:00."""
        place = blank("location-registered/1") | {
            "code": "R-1",
            "connectivity": "wired",
            "dea_from": "2024-06-01",
            "dea_number": "FX0000001",
            "dea_to": "2027-05-31",
            "kind": "retreat",
            "nearest_ed_min": 20,
            "state": "NY",
            "time_zone": "America/New_York",
        }
        self.put(make("location-registered/1", **place), PLACE, "1 08:00")
        if protocol:
            chooses = "choices" in figures
            parts = (Parameters2() if chooses else self.figures).model_dump()
            for part, values in figures.items():
                parts[part] |= values
            published = make(
                f"protocol-published/{1 + chooses}",
                effective="2026-05-01",
                name="KAP-COUPLE-SL",
                parameters=parts,
                rule_set="rules-1",
                version="v1",
            )
            self.put(published, PROTOCOL, "1 09:00")
        dig = self.placed[-1].dig if protocol else "0" * 64
        if session == SESSION:
            self.plans()
        opened = make(
            "session-opened/1",
            location=PLACE,
            mode="simultaneous",
            prescriber=MD1,
            presence="on-site",
            protocol={"dig": dig, "id": "00000000-0000-7000-8000-000000000000"},
            role_a="dosing",
            role_b="dosing",
            room=None,
            staff=[],
        )
        return self.put(opened, session, "09:00")

    def gives(
        self,
        slot: str,
        at: str,
        mg: str = "100",
        *,
        session: str = SESSION,
        stopped: str | None = None,
        recorded: str = "",
        container: str = OWN_A,
        label: str | None = None,
        **when: Any,
    ) -> Self:
        """A dose; with `stopped` an infusion."""
        changes: dict[str, Any] = {"container": container, "label": label}
        if stopped is not None:
            changes |= {"route": "intravenous", "stopped_at": instant(stopped)}
        return self.put(dose(mg, **changes), f"{session}/{slot}", at, recorded=recorded, **when)

    def looks_at(self, slot: str, at: str, *, recorded: str = "", precision: Precision = "min", **changes: Any) -> Self:
        """A check with a blood pressure."""
        return self.put(check(**changes), f"{SESSION}/{slot}", at, recorded=recorded, precision=precision)

    def brings(
        self,
        slot: str,
        at: str,
        seq: int,
        *,
        received: str = "",
        copy: int = 0,
        before: str = "",
        seen: Seen = NOTHING_SEEN,
        recorded: str = "",
    ) -> Self:
        """The `seq`-th entry of the tablet, a check at this time of its clock; `copy` makes another of the number."""
        link = DeviceLink(id=TABLET, prev=before or (self._written(seq - 1, copy) if seq > 1 else None), seq=seq)
        self.put(check(), f"{SESSION}/{slot}", at, received=received, device=link, seen=seen, recorded=recorded)
        self._name(self._written(seq, copy))
        return self

    def enrols(self, at: str = "1 07:00") -> Self:
        """The tablet T-1 is enrolled."""
        return self.put(make("device-enrolled/1", code="T-1", kind="tablet"), TABLET, at)

    def loses_the_tablet(self, at: str) -> Self:
        """The tablet is revoked."""
        return self.put(make("device-revoked/1", reason="lost"), TABLET, at)

    def hears(self, at: str, first: int, last: int, ahead: float | None = 0) -> Self:
        """The tablet hands in these numbers, its clock so many seconds ahead."""
        offset = None if ahead is None else int(ahead * 1000)
        event = make(
            "sys-sync-received/1",
            first_seq=first,
            last_seq=last,
            offered=last - first + 1,
            offset_ms=offset,
            round_trip_ms=2000,
        )
        return self.put(event, TABLET, at)

    def _written(self, seq: int, copy: int = 0) -> str:
        return hashlib.sha256(f"tablet {seq} {copy}".encode()).hexdigest()

    def _name(self, dig: str) -> None:
        self.placed[-1] = replace(self.placed[-1], dig=dig)

    def glances_at(self, slot: str, at: str) -> Self:
        """A check at which nothing could be read."""
        nothing = blank("supervision-checked/1") | {
            "cuff": "CUFF-1",
            "posture": "lying",
            "not_obtained": [{"item": "blood-pressure", "reason": "declined"}],
        }
        return self.put(make("supervision-checked/1", **nothing), f"{SESSION}/{slot}", at)

    def assesses(self, slot: str, at: str) -> Self:
        """A discharge assessment."""
        event = make("discharge-assessed/1", **(blank("discharge-assessed/1") | {"aldrete": 10}))
        return self.put(event, f"{SESSION}/{slot}", at)

    def verifies(self, slot: str, at: str, escort: dict[str, Any] | None = None, **changes: Any) -> Self:
        """An escort is looked at."""
        fields = {
            "adult": True,
            "identified": True,
            "instructed": True,
            "signature": None,
            "sober": True,
            "escort": {**SISTER, **(escort or {})},
            "vehicle": None,
        }
        return self.put(make("escort-verified/1", **(fields | changes)), f"{SESSION}/{slot}", at)

    def releases(self, slot: str, at: str, disposition: str = "home-with-escort", **when: Any) -> Self:
        """A release."""
        return self.put(release(disposition), f"{SESSION}/{slot}", at, **when)

    def leaves(
        self,
        slot: str,
        at: str,
        escort: dict[str, Any] | None = None,
        *,
        alone: bool = False,
        destination: str = "home",
        mode: str = "escort-car",
        **when: Any,
    ) -> Self:
        """A departure with this escort."""
        event = make(
            "participant-departed/1",
            release=None,
            destination=destination,
            mode=mode,
            escort=None if alone else {**SISTER, **(escort or {})},
        )
        return self.put(event, f"{SESSION}/{slot}", at, **when)

    def closes(self, at: str, ended_a: str = "departed", ended_b: str = "departed") -> Self:
        """The session is closed."""
        fields = blank("session-closed/1") | {
            "stock_balanced": True,
            "ended_a": ended_a,
            "ended_b": ended_b,
            "follow_up_booked_a": True,
            "follow_up_booked_b": True,
        }
        return self.put(make("session-closed/1", **fields), SESSION, at)

    # -- what is said about an entry ----------------------------------------------------------------

    def corrects(self, at: str, *changes: tuple[str, Any, Any], of: int = -1, by: str = RN1, **sealed: Any) -> Self:
        """A correction of the last entry, or of another one by its place in the day."""
        target = self.placed[of]
        return self.put(correction(target, *changes, **sealed), target.stream, at, who=[(by, "corrected", "nurse")])

    def voids(self, at: str, of: int = -1, by: str = RN1) -> Self:
        """A void of it."""
        target = self.placed[of]
        return self.put(void(target), target.stream, at, who=[(by, "corrected", "nurse")])

    def signs(
        self,
        at: str,
        of: int = -1,
        by: str = MD1,
        verdict: str = "confirms",
        gives: str = "reviewed",
        role: str = "prescriber",
    ) -> Self:
        """A countersignature of it."""
        target = self.placed[of]
        return self.put(countersignature(target, verdict, gives), target.stream, at, who=[(by, "countersigned", role)])

    def loses(self, tag: str, *privacies: str, at: str = "", absent: Gone = WITHHELD, slot: str = "") -> Self:
        """The sealed values of these classes, of the events of this type (at that time), cannot be read any more."""

        def gone(placed: PlacedEvent) -> Event:
            ours = placed.event.type.startswith(tag) and (not at or placed.payload.occurred.at == instant(at))
            if not ours or (slot and not placed.stream.endswith(f"/{slot}")):
                return placed.event
            return without(placed.event, *privacies, absent=absent)

        return self.changed(gone)

    def changed(self, change: Callable[[PlacedEvent], Event]) -> Self:
        """The same day with other events in the same places."""
        day = type(self)()
        day.placed = [
            PlacedEvent(p.position, p.version, p.received_at, p.dig, p.payload, change(p)) for p in self.placed
        ]
        return day

    # -- asking -------------------------------------------------------------------------------------

    def known(self) -> Known:
        """What a reader of all of it knows."""
        known = Known(root_of)
        for placed in self.placed:
            known.take(placed)
        return known

    def findings(
        self, rule: str = "", *, slot: str = "", as_of: str = "18:00", known_at: int | None = None
    ) -> list[Finding]:
        """All verdicts, of one rule and one person if they are named."""
        size = len(self.placed) if known_at is None else known_at
        ledger = LedgerAt(self.known(), size=size, as_of=to_second(instant(as_of)))
        asked = [each for each in RULES if each.id.startswith(rule)]
        found = judge(ledger.session(SESSION), asked) + judge_ledger(ledger, asked)
        return [each for each in found if each.slot.startswith(slot)]

    def objections(self, event: Event, stream: str, at: str, **changes: Any) -> list[Objection]:
        """What the rules have against recording this authorisation now, after all that is in the day."""
        day = Day()
        day.placed = list(self.placed)
        day.put(event, stream, at, **changes)
        proposed, known = Fact.of(day.placed[-1]), self.known()
        return asked_before(known, proposed, to_second(instant(changes.get("recorded", at))))

    def size_when(self, recorded: str) -> int:
        """How many entries there were at a time."""
        return sum(placed.received_at <= instant(recorded) for placed in self.placed)


def root_of(size: int) -> bytes:
    """The root of the first so many entries of this made-up log."""
    return hashlib.sha256(f"root of {size}".encode()).digest()


def saw(size: int, *, other: bool = False) -> Seen:
    """The checkpoint of this size; `other` for one that is not this log's."""
    return Seen(root=hashlib.sha256(b"other").hexdigest() if other else root_of(size).hex(), size=size)


def release(disposition: str = "home-with-escort") -> Event:
    """A release-authorised."""
    until = {"at": instant("17 10:00"), "local": "2026-05-17 10:00 EDT"}
    return make(
        "release-authorised/1",
        assessment=None,
        contact="+15550190",
        instructions="v1",
        no_drive_until=until,
        disposition=disposition,
        conditions=[],
    )


def without(event: Event, *privacies: str, absent: Gone = WITHHELD) -> Event:
    """The event as somebody reads it who lacks the blocks of these classes."""
    lost = {
        name: absent
        for name, field in type(event).model_fields.items()
        if any(isinstance(item, FieldClass) and item.privacy in privacies for item in field.metadata)
    }
    return event.model_copy(update=lost)


def clocks(findings: Sequence[Finding]) -> list[tuple[str, str, str, str]]:
    """Verdict, due, limit and when it was made, in local time."""
    return [(f.verdict, local(f.due), local(f.limit), local(f.made_at)) for f in findings]


def local(text: str | None) -> str:
    """An instant as the clock on the wall showed it."""
    if text is None:
        return ""
    there = to_second(text).astimezone(ZONE)
    return f"{there:%H:%M:%S}" if there.second else f"{there:%H:%M}"


def later(clock: str, **step: float) -> str:
    """So much later than this time of the 16th."""
    return f"{moment(clock) + timedelta(**step):%d %H:%M:%S}"
