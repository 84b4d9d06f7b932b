"""
Two sessions of a couple in which anything may happen, in any order, at any time: the words of these tests.

Each word records one signed event through the real recorder. What a field of one partner can say in text says that
it is only theirs, so that it would be found wherever else it went.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ledger.encoding import to_instant
from ledger.errors import Refused
from ledger.events import EVENT_TYPES
from ledger.events.base import Event, Reference
from ledger.events.dosing import DoseAdministered
from ledger.events.sealing import make_event
from ledger.follow import events_from, place
from ledger.reading import PlacedEvent
from ledger.record import Submission
from ledger.store.port import EventRow
from ledger.vocabulary import Slot
from projections.compliance.gates import gates
from projections.compliance.reader import Compliance
from tests.ledger.chart import correction, countersignature, mg, reference, void
from tests.ledger.clinic import blank, make
from tests.ledger.events.example_making import ANA, BEN, MD1, OWN_A, RN1, SATURDAY, SUNDAY, VIAL
from tests.ledger.events.examples import EXAMPLES
from tests.ledger.events.founded import House
from tests.ledger.events.walk import fields_of

PERSON = {"a": ANA, "b": BEN}
SESSIONS = (SATURDAY, SUNDAY)
CONTAINERS = (OWN_A, VIAL)
ONLY = {"a": ("Only Ana", "only-ana"), "b": ("Only Ben", "only-ben")}
"""What text of one partner says: as a line, and as a word."""

NAMES_ANOTHER = {"entry-voided/1", "doses-confirmed-distinct/1", "session-scheduled/1"}
"""Types that are taken only when what they name is there, or that say anew whose a slot is."""

ANY_FACT = tuple(
    tag
    for tag, kind in EVENT_TYPES.items()
    if kind.STREAM in ("session", "partner", "stock") and tag not in NAMES_ANOTHER
)
"""Every type that stands on a session's records or a container's."""


@dataclass(frozen=True, slots=True)
class Step:
    """One submission, and the time at which the ledger got it."""

    at: str
    submission: Submission


class Days:
    """A ledger with a couple, two sessions, and what happened so far."""

    def __init__(self) -> None:
        self.house = House().founded()
        self.compliance = Compliance(self.house.store, self.house.subject_keys)
        self.steps: list[Step] = []
        self.refused: list[tuple[str, str]] = []
        self.doses: list[PlacedEvent] = []
        self.changes: list[PlacedEvent] = []

    # -- before anything happens --------------------------------------------------------------------

    def opens(self, session: str) -> None:
        """The session is open under a published protocol, so that every rule has its figures."""
        published, opened = EXAMPLES["protocol-published/1"], EXAMPLES["session-opened/1"]
        protocol = self._take(published.event, published.stream, list(published.signed), 4000)
        assert protocol is not None
        pinned = {"protocol": Reference(dig=protocol.dig, id=protocol.payload.id)}
        assert self._take(opened.event.model_copy(update=pinned), session, list(opened.signed), 3900) is not None

    def asks(self) -> None:
        """From now on every rule that has a gate stands at it."""
        self.house.restarted(gates(self.compliance))

    # -- words --------------------------------------------------------------------------------------

    def happens(self, tag: str, session: str, slot: Slot, ago: int) -> PlacedEvent | None:
        """The example of a type, on this partner's record or on both's; None when it was refused."""
        event, example = only_theirs(tag, slot), EXAMPLES[tag]
        kind = EVENT_TYPES[tag]
        stream = {"partner": f"{session}/{slot}", "session": session}.get(kind.STREAM, example.stream)
        who = [
            (f"{session}/{slot}" if by.startswith("session/") else by, role, gives)
            for by, role, gives in example.signed
        ]
        return self._take(event, stream, who, ago)

    def gives(
        self, session: str, slot: Slot, amount: str, container: str, label: str | None, ago: int
    ) -> PlacedEvent | None:
        """A dose from a container, whoever's it is."""
        fields = blank("dose-administered/1") | {
            "container": container,
            "hold_min": 12,
            "identifiers": ["name", "photo"],
            "label": label,
            "mass": mg(amount),
            "ordinal": 1,
            "route": "sublingual",
            "self_administered": False,
            "swallowed": True,
        }
        dose = self._take(
            make("dose-administered/1", **fields), f"{session}/{slot}", [(RN1, "nurse", "performed")], ago
        )
        if dose is not None:
            self.doses.append(dose)
        return dose

    def takes_in_part(self, which: int, taken: str, ago: int) -> None:
        """Less of a dose went in than was given, or more."""
        if dose := self._dose(which):
            fields = blank("dose-interrupted/1") | {
                "dose": reference(dose),
                "mass_taken": mg(taken),
                "stopped_by": "staff",
            }
            self._take(make("dose-interrupted/1", **fields), dose.stream, [(RN1, "nurse", "performed")], ago)

    def wastes(self, container: str, amount: str, which: int | None, ago: int) -> None:
        """Drug is made unusable, of a dose or not."""
        dose = None if which is None else self._dose(which)
        fields = blank("wastage-recorded/2") | {
            "dose": None if dose is None else reference(dose),
            "mass": mg(amount),
            "method": "denatured",
            "reason": "partial-dose",
        }
        self._take(
            make("wastage-recorded/2", **fields),
            container,
            [(RN1, "nurse", "performed"), (MD1, "prescriber", "witnessed")],
            ago,
        )

    def corrects(self, which: int, now: str) -> None:
        """The mass of a dose was another one."""
        if dose := self._dose(which):
            assert isinstance(dose.event, DoseAdministered)
            event = correction(dose, ("mass.value", dose.event.mass.value, now))
            self._change(self._take(event, dose.stream, [(RN1, "nurse", "corrected")], 0))

    def voids(self, which: int) -> None:
        """A dose was entered in error."""
        if dose := self._dose(which):
            self._change(self._take(void(dose), dose.stream, [(RN1, "nurse", "corrected")], 0))

    def signs(self, which: int, verdict: str) -> None:
        """A second person confirms or disputes a correction."""
        if self.changes:
            change = self.changes[which % len(self.changes)]
            event = countersignature(change, verdict)
            self._take(event, change.stream, [(MD1, "prescriber", "countersigned")], 0)

    # -- what there is ------------------------------------------------------------------------------

    def entries(self) -> list[PlacedEvent]:
        """Every event so far, opened."""
        return list(events_from(self.house.store, self.house.subject_keys, 0, 100_000))

    def of(self, session: str) -> list[PlacedEvent]:
        """The events of the records of one session."""
        return [each for each in self.entries() if each.stream in (session, f"{session}/a", f"{session}/b")]

    def _dose(self, which: int) -> PlacedEvent | None:
        return self.doses[which % len(self.doses)] if self.doses else None

    def _change(self, change: PlacedEvent | None) -> None:
        if change is not None:
            self.changes.append(change)

    def _take(self, event: Event, stream: str, who: list[Any], ago: int) -> PlacedEvent | None:
        submission = self.house.other(event, stream, *who, ago=ago)
        try:
            (recorded,) = self.house.recorder.record([submission])
        except Refused as refusal:
            self.refused.append((event.type, refusal.code))
            return None
        finally:
            at = to_instant(self.house.clock.now)
            self.house.clock.forward(seconds=1)
        self.steps.append(Step(at, submission))
        row = self.house.store.row(recorded.position)
        assert isinstance(row, EventRow)
        return place(self.house.store, row, self.house.subject_keys)


@lru_cache(maxsize=1024)
def only_theirs(tag: str, slot: Slot) -> Event:
    """The example of a type in which every sealed text that can says whose it is; owners are the partner's own."""
    event = EXAMPLES[tag].event
    kind = type(event)
    for name, (privacy, _) in fields_of(kind).items():
        whose = privacy.slot or slot
        said = (PERSON[whose],) if name == "owner" else ONLY[whose] if privacy.privacy != "open" else ()
        for text in said:
            try:
                event = make_event(kind, {**event.model_dump(), name: text})
            except Exception:  # noqa: BLE001, S112  # a field that holds no such text keeps what it has
                continue
            break
    return event
