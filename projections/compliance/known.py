"""
What was learnt from the log, kept so that a history can be cut from it at once: append-only, in memory.

Nothing is judged and nothing is thrown away here; each cut looks only at what stood before its position.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from ledger.bracket import RootAt
from ledger.devices import Devices, Sync, link_of
from ledger.effective import SAID, Standing, standings
from ledger.encoding import from_instant
from ledger.erasure import KEPT_BY_DEFAULT, Retention
from ledger.events.authority import ProtocolPublished
from ledger.events.base import Event
from ledger.events.choices import ProtocolPublished2
from ledger.events.corrections import EntryCorrected
from ledger.events.fields import Gone
from ledger.events.keys import KeyRevoked
from ledger.events.lifecycle import SessionScheduled
from ledger.events.paper import Performer
from ledger.keys import NONE_REVOKED, Revocation, Revoked
from ledger.payload import Attestation
from ledger.reading import PlacedEvent
from ledger.vocabulary import Slot
from projections.compliance.as_last_judged import LastJudged
from projections.compliance.asking import Asking
from projections.compliance.dosed_sessions import DosedSessions
from projections.compliance.entry_index import EntryIndex
from projections.compliance.finding import Finding
from projections.compliance.moments import moment_of
from projections.compliance.session_index import SessionIndex
from projections.compliance.stock_index import StockIndex
from projections.compliance.written import Written

SLOTS: tuple[Slot, Slot] = ("a", "b")

T = TypeVar("T")


def record_of(stream: str) -> str:
    """Of a partner's record the session it belongs to; any other record is itself."""
    return stream[:-2] if stream.startswith("session/") and stream.endswith(("/a", "/b")) else stream


@dataclass(frozen=True, slots=True)
class Fact:
    """One event, the second it counts from, and where it stands."""

    event: Event
    at: datetime
    stream: str
    position: int
    dig: str
    by: tuple[str, ...] = ()
    """Who signed it; of an entry typed from a sheet who did it by that."""
    signed: tuple[Attestation | Performer, ...] = ()
    """The same, with role and meaning."""

    @classmethod
    def of(cls, placed: PlacedEvent, sync: Sync | None = None) -> Fact:
        """The fact of a recorded event; `sync` is the one by which its device brought it."""
        at = moment_of(placed, None if sync is None else sync.offset)
        by = tuple(signer.by for signer in placed.signers)
        return cls(placed.event, at, placed.stream, placed.position, placed.dig, by, placed.signers)

    @property
    def session(self) -> str:
        """The session whose record it stands on, without the slot."""
        return record_of(self.stream)


def last(facts: Sequence[T]) -> T | None:
    """The last of several, None if there is none."""
    return facts[-1] if facts else None


def first(facts: Sequence[T]) -> T | None:
    """The first of several, None if there is none."""
    return facts[0] if facts else None


class Known:
    """Everything rules may ask for, as far as the log was read: `size` is the number of entries."""

    def __init__(self, root_at: RootAt | None = None, retention: Retention = KEPT_BY_DEFAULT) -> None:
        """
        Know nothing yet; `retention` is how long the clinic keeps what.

        `root_at` gives the root of the log's first so many entries, None if nobody can.
        """
        self.retention = retention
        self.size = 0
        self.index = EntryIndex()
        self.devices = Devices()
        self.root_at = root_at
        self.written: defaultdict[str, list[Written]] = defaultdict(list)
        self.last_judged = LastJudged()
        self.stock = StockIndex()
        self.dosed = DosedSessions()
        self.sessions = SessionIndex()
        self.records: dict[str, list[Fact]] = {}
        self.apart: defaultdict[type[Event], dict[str, list[Fact]]] = defaultdict(dict)
        self.protocols: dict[str, Fact] = {}
        self.revoked: dict[str, Fact] = {}
        self.slots_of: defaultdict[str, list[tuple[str, Slot]]] = defaultdict(list)
        self.unreadable: list[tuple[str, Slot]] = []
        self.entries: defaultdict[str, list[PlacedEvent]] = defaultdict(list)
        self._asking = Asking()
        self.meant: dict[int, list[Finding]] = {}
        """Which findings each recorded act means, as was known then: filled by `finding_meant`."""
        self._said: set[str] = set()
        self._syncs: dict[int, Sync] = {}
        self._stood: dict[str, tuple[int, dict[int, Standing]]] = {}

    def take(self, placed: PlacedEvent) -> None:
        """Learn one more event; they come in the order of the log."""
        self.index.take(placed)
        self.devices.take(placed)
        self.last_judged.take(placed)
        self.stock.take(placed)
        sync = self._sync_of(placed)
        if sync is not None:
            self._syncs[placed.position] = sync
        fact = Fact.of(placed, sync)
        self.dosed.take(placed, fact.at)
        match placed.event:
            case ProtocolPublished() | ProtocolPublished2():
                self.protocols.setdefault(placed.dig, fact)
            case KeyRevoked(key=kid):
                self.revoked.setdefault(kid, fact)
            case SessionScheduled() as scheduled:
                self._take_tie(placed.stream, "a", scheduled.person_a)
                self._take_tie(placed.stream, "b", scheduled.person_b)
            case EntryCorrected() as corrected if placed.stream.startswith("session/"):
                self._take_corrected(placed.stream, corrected)
        record = record_of(placed.stream)
        self._take_entry(record, placed)
        self.sessions.take(record, placed, fact.at)
        if not isinstance(placed.event, SAID):
            self.records.setdefault(record, []).append(fact)
            if not record.startswith("session/"):
                self.apart[type(fact.event)].setdefault(record, []).append(fact)
        if record.startswith("session/"):
            self.written[record].append(Written.of(placed, sync, fact.at))
        self.size = placed.position + 1  # last: whoever reads meanwhile looks only below it

    def found(self, kind: str, event: type[Event], size: int) -> list[Fact]:
        """What counts of a type on all records of a kind that is not a session's, as known at a size."""
        found: list[Fact] = []
        for record, facts in list(self.apart[event].items()):
            if record.partition("/")[0] == kind:
                if record in self._said:
                    found += [fact for fact in self.recorded(record, size) if type(fact.event) is event]
                else:
                    found += [fact for fact in facts if fact.position < size]
        return found

    def names(self, kind: str) -> list[str]:
        """The records of a kind, `session` or `stock`, in the order they began."""
        return [name for name in list(self.records) if name.startswith(f"{kind}/")]

    def standings(self, record: str, size: int) -> dict[int, Standing]:
        """How the entries of a record stand as known at a size; nothing where nothing was said about any of them."""
        if record not in self._said:
            return {}
        known = self._stood.get(record)
        if known is None or known[0] != size:
            below = (placed for placed in self.entries[record] if placed.position < size)
            found = standings(below, self.revoked_below(size))
            known = self._stood[record] = (size, found)  # what stood below a size never changes
        return known[1]

    def revoked_below(self, size: int) -> Revoked:
        """The keys known to be revoked at a size; costs nothing where none ever was."""
        if not self.revoked:
            return NONE_REVOKED
        return {
            kid: Revocation(fact.position, event.suspect_from, event.reason)
            for kid, fact in list(self.revoked.items())
            if fact.position < size and isinstance(event := fact.event, KeyRevoked)
        }

    def recorded(self, record: str, size: int) -> list[Fact]:
        """What counts of a record as known at a size, whenever it happened, in the order of the log."""
        facts = [fact for fact in self.records.get(record, ()) if fact.position < size]
        stands = self.standings(record, size)
        if not stands:
            return facts
        counted = [self._counted(fact, stands.get(fact.position)) for fact in facts]
        return [fact for fact in counted if fact is not None]

    def spoken_of(self, session: str) -> list[PlacedEvent]:
        """Of a session the entries that something was said about or may be, and what was said."""
        return self.entries[session] if session in self._said else self._asking.of(session, self.revoked)

    def spoken_of_elsewhere(self) -> list[str]:
        """The records beside the sessions about whose entries something was said."""
        return [record for record in list(self._said) if not record.startswith("session/")]

    def said_on(self, record: str) -> list[PlacedEvent]:
        """What was said about entries of a record on it, in the order of the log; these are no facts themselves."""
        if record not in self._said:
            return []
        found = list(self.entries[record])
        return [placed for placed in found if isinstance(placed.event, SAID) and record_of(placed.stream) == record]

    def fact(self, placed: PlacedEvent) -> Fact:
        """The fact of an entry, as it counts, by the clock of the device it was written on."""
        return Fact.of(placed, self._syncs.get(placed.position))

    def _counted(self, fact: Fact, standing: Standing | None) -> Fact | None:
        """A fact with the values that count; None when it does not count."""
        if standing is None or standing.is_untouched:
            return fact
        return None if standing.counts is None else self.fact(standing.counts)

    def _take_entry(self, record: str, placed: PlacedEvent) -> None:
        """Entries as they were signed, with what was said about them, also beside a session's records."""
        said = isinstance(placed.event, SAID)
        self.entries[record].append(placed)
        if said:
            self._said.add(record)
        self._asking.take(record, placed)
        if said and record.startswith("governance/"):
            session = f"session/{record.split('/')[1]}"
            self.entries[session].append(placed)
            self._said.add(session)
            self._asking.take(session, placed)

    def _sync_of(self, placed: PlacedEvent) -> Sync | None:
        found = link_of(placed)
        if found is None:
            return None
        return self.devices.chain(found[0]).sync_of(found[1], from_instant(placed.payload.recorded_at))

    def _take_corrected(self, session: str, corrected: EntryCorrected) -> None:
        """Who may be in a slot after a correction; whether it counts is asked of the session itself."""
        for slot, changes in (("a", corrected.identity_a), ("b", corrected.identity_b)):
            for each in () if isinstance(changes, Gone) else changes or ():
                if each.field == f"person_{slot}" and isinstance(each.now, str):
                    self._take_tie(session, "a" if slot == "a" else "b", each.now)

    def _take_tie(self, session: str, slot: Slot, person: str | Gone) -> None:
        if isinstance(person, Gone):
            self.unreadable.append((session, slot))
        else:
            self.slots_of[person].append((session, slot))
