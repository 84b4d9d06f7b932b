"""What lacks a second signature around one session: on its own records, and on those of its two persons."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.effective import Standing, standings
from ledger.events.fields import Gone
from ledger.second_signatures import still_lacking
from ledger.vocabulary import Slot
from projections.compliance.acts_ahead import UNPLANNED
from projections.compliance.finding import Whose
from projections.compliance.history import History
from projections.compliance.known import SLOTS
from projections.compliance.ledger_at import LedgerAt


@dataclass(frozen=True, slots=True)
class Unsigned:
    """An entry that a second signature is missing from, on a record of this session or of one of its persons."""

    position: int
    record: str
    slot: Whose
    type: str
    lacks: tuple[str, ...]


def unsigned(history: History) -> tuple[Unsigned, ...]:
    """What lacks a second signature: of the session, and of each person's own record."""
    found = [_entry(each, _slot_of(each.original.stream)) for each in _lacking(history)]
    for slot in SLOTS:
        person = history.person(slot)
        if not isinstance(person, Gone):
            found += [_entry(each, slot) for each in _lacking_on(history.ledger, person)]
    return tuple(sorted(found, key=lambda each: each.position))


def _lacking(history: History) -> list[Standing]:
    entries = [] if history.session == UNPLANNED else history.entries()
    return [each for each in entries if each.lacks and each.counts is not None]


def _lacking_on(ledger: LedgerAt, record: str) -> list[Standing]:
    known = ledger.known
    entries = [
        placed
        for placed in known.spoken_of(record)
        if placed.position < ledger.size and ledger.has_happened(known.fact(placed))
    ]
    found = standings(entries, known.revoked_below(ledger.size))
    return [each for _, each in sorted(found.items()) if each.lacks and each.counts is not None]


def _slot_of(stream: str) -> Whose:
    slot: Slot
    for slot in SLOTS:
        if stream.startswith("session/") and stream.endswith(f"/{slot}"):
            return slot
    return ""


def _entry(standing: Standing, slot: Whose) -> Unsigned:
    entry = standing.original
    lacks = tuple(still_lacking(rule, (*standing.doubted, *standing.seconds)) for rule in standing.lacks)
    return Unsigned(entry.position, entry.stream, slot, entry.payload.type, lacks)
