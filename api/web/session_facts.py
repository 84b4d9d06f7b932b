"""
What a room page needs of one session, read from its three records in the log and kept up to date from there.

Only what was added since the last question is read again, so asking every few seconds costs next to nothing.
After an erasure everything is: what was opened before is let go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from ledger.effective import SAID, effective, standings
from ledger.errors import Refused
from ledger.events.arrival import PreDoseAssessed
from ledger.events.dosing import DoseAdministered
from ledger.events.eligibility import OrderSigned
from ledger.events.expired import NoLongerKept
from ledger.events.fields import Gone
from ledger.events.lifecycle import SessionOpened, SessionScheduled
from ledger.events.release import DischargeAssessed
from ledger.events.supervision import SupervisionChecked
from ledger.follow import place
from ledger.keys import NONE_REVOKED, Revoked
from ledger.reading import PlacedEvent
from ledger.second_signatures import still_lacking
from ledger.session import Session, evolve, under
from ledger.store.port import EventRow, Store
from ledger.store.subject_keys import SubjectKeys
from ledger.vocabulary import Slot
from projections.snapshot import NOW, AsOf

VITALS = ("blood_pressure", "heart_rate", "spo2", "respiratory_rate", "temperature", "moaas")


@dataclass
class SessionFacts:
    """
    One session as it counts: `last` holds, for each record, the newest event of each type as a reference.

    `pending` are, for each record, the entries that still lack a signature.
    """

    state: Session
    person: dict[Slot, str] = field(default_factory=dict)
    opened: SessionOpened | None = None
    doses: dict[Slot, list[dict[str, Any]]] = field(default_factory=lambda: {"a": [], "b": []})
    vitals: dict[Slot, dict[str, Any]] = field(default_factory=dict)
    last: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    pending: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


class FactsOfSessions:
    """The facts of every session somebody asked about; safe to use from several threads."""

    def __init__(
        self, store: Store, subject_keys: SubjectKeys, revoked: Callable[[], Revoked] = lambda: NONE_REVOKED
    ) -> None:
        """`revoked` tells which keys are known to be revoked now."""
        self._revoked = revoked
        self._store = store
        self._subject_keys = subject_keys
        self._turn = Lock()
        self._epoch = subject_keys.epoch
        self._known: dict[str, SessionFacts] = {}

    def of(self, session: str) -> SessionFacts:
        """
        The facts of a session such as `session/6b7c…`, up to now; do not change them.

        Raises:
            Refused: `not-found`.
        """
        with self._turn:
            if self._epoch != self._subject_keys.epoch:  # somebody was erased: nothing outlives its key here
                self._epoch = self._subject_keys.epoch
                self._known.clear()
            facts = self._known.get(session) or SessionFacts(Session(session))
            revoked = self._revoked()
            is_news = facts.state.revoked != revoked
            facts.state = under(facts.state, revoked)
            new = list(self._new(session, facts))
            for placed in new:
                facts.state = evolve(facts.state, placed)
            counted: list[PlacedEvent] = new
            if is_news or any(isinstance(placed.event, SAID) for placed in new):
                facts = SessionFacts(facts.state, versions=facts.versions)
                counted = effective(facts.state.history, revoked)
            for placed in counted:
                _take(facts, placed)
            if new or is_news:
                facts.pending = _pending(facts.state.history, revoked)
            if not facts.versions:
                raise Refused("not-found", "There is no such session here.", field="session")
            self._known[session] = facts
            return facts

    def at(self, session: str, when: AsOf) -> SessionFacts:
        """
        The facts as known at a number of entries, of what had happened by an instant; read anew each time.

        Raises:
            Refused: `not-found`, for a session that nobody knew of then.
        """
        if when == NOW:
            return self.of(session)
        facts = SessionFacts(Session(session))
        known = list(self._new(session, facts, when.known_at))
        if not known:
            raise Refused("not-found", "There was no such session here as of then.", field="session")
        size = when.known_at
        revoked = {kid: each for kid, each in self._revoked().items() if size is None or each.at < size}
        for placed in effective(known, revoked):
            if _happened(placed, when):
                facts.state = evolve(facts.state, placed)
                _take(facts, placed)
        facts.pending = _pending(known, revoked, when)
        return facts

    def orders(self, person: str | None, when: AsOf = NOW) -> list[dict[str, Any]]:
        """The orders for a person by then, newest first; their days decide whether they hold."""
        if person is None:
            return []
        rows = [row for row in self._store.stream_rows(person) if row.type == OrderSigned.type_tag() and row.envelope]
        known = [place(self._store, row) for row in reversed(rows) if _is_below(row, when.known_at)]
        return [_order(placed) for placed in known if _happened(placed, when)]

    def _new(self, session: str, facts: SessionFacts, size: int | None = None) -> Iterator[PlacedEvent]:
        rows: list[EventRow] = []
        for stream in (session, f"{session}/a", f"{session}/b", session.replace("session/", "governance/")):
            new = self._store.stream_rows(stream, facts.versions.get(stream, 0))
            if new:
                facts.versions[stream] = new[-1].version
            rows.extend(row for row in new if _is_below(row, size))
        for row in sorted(rows, key=lambda row: row.position):
            yield place(self._store, row, self._subject_keys)


def _is_below(row: EventRow, size: int | None) -> bool:
    return size is None or row.position < size


def _happened(placed: PlacedEvent, when: AsOf) -> bool:
    return when.happened_up_to is None or placed.payload.occurred.at <= when.happened_up_to


def _pending(history: Sequence[PlacedEvent], revoked: Revoked, when: AsOf = NOW) -> dict[str, list[dict[str, Any]]]:
    """By record the entries that still lack a signature, and which."""
    found: dict[str, list[dict[str, Any]]] = {}
    for position, standing in sorted(standings(history, revoked).items()):
        if standing.lacks and standing.counts is not None and _happened(standing.counts, when):
            words = [still_lacking(rule, (*standing.doubted, *standing.seconds)) for rule in standing.lacks]
            found.setdefault(standing.original.stream, []).append({"position": position, "lacks": words})
    return found


def _take(facts: SessionFacts, placed: PlacedEvent) -> None:
    if isinstance(placed.event, NoLongerKept):
        return
    of_record = facts.last.setdefault(placed.stream, {})
    of_record[placed.payload.type] = reference(placed)
    event = placed.event
    match event:
        case SessionScheduled(person_a=a, person_b=b):
            slots: tuple[tuple[Slot, str | Gone], ...] = (("a", a), ("b", b))
            facts.person = {slot: person for slot, person in slots if not isinstance(person, Gone)}
        case SessionOpened():
            facts.opened = event
        case DoseAdministered():
            facts.doses[_slot(placed)].append(
                reference(placed)
                | {
                    "mg": event.mass.value,
                    "route": event.route,
                    "container": event.container,
                    "ordinal": event.ordinal,
                    "at": placed.payload.occurred.at,
                }
            )
        case SupervisionChecked() | DischargeAssessed() | PreDoseAssessed():
            facts.vitals[_slot(placed)] = reference(placed) | {
                "at": placed.payload.occurred.at,
                "values": {name: _value(getattr(event, name, None)) for name in VITALS},
            }
        case _:
            pass


def reference(placed: PlacedEvent) -> dict[str, Any]:
    """How another event names this one, and where it stands."""
    return {
        "dig": placed.dig,
        "id": placed.payload.id,
        "position": placed.position,
        "at": placed.payload.occurred.at,
    }


def _order(placed: PlacedEvent) -> dict[str, Any]:
    order = placed.event
    if not isinstance(order, OrderSigned):
        raise TypeError(f"{order.type} is no order")
    return reference(placed) | {
        "drug": order.drug,
        "form": order.form,
        "route": order.route,
        "min_mg": order.dose_min.value,
        "max_mg": order.dose_max.value,
        "max_redoses": order.max_redoses,
        "redose_after_min": order.redose_after_min,
        "max_session_mg": None if order.max_session is None else order.max_session.value,
        "valid_from": order.valid_from,
        "valid_to": order.valid_to,
    }


def _value(value: Any) -> Any:  # noqa: ANN401  # whatever a field holds
    if isinstance(value, Gone):
        return {"gone": value.why}
    return value.model_dump() if hasattr(value, "model_dump") else value


def _slot(placed: PlacedEvent) -> Slot:
    return "a" if placed.stream.endswith("/a") else "b"
