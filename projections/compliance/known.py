"""
What was learnt from the log, kept so that a history can be cut from it at once: append-only, in memory.

Nothing is judged and nothing is thrown away here; each cut looks only at what stood before its position.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from ledger.bracket import RootAt
from ledger.credentials import CREDENTIAL_EVENTS
from ledger.devices import Devices, Sync, link_of
from ledger.effective import SAID, Standing, standings
from ledger.encoding import from_instant
from ledger.events.arrival import NoShowRecorded
from ledger.events.authority import LocationRegistered, LocationRegistrationChanged, ProtocolPublished
from ledger.events.base import Event
from ledger.events.deviations import AuthorisationOverridden, RuleOverriddenForPartner
from ledger.events.dosing import DoseAdministered
from ledger.events.emergencies import LeftAgainstAdvice, ParticipantTransferred
from ledger.events.fields import Gone
from ledger.events.lifecycle import SessionClosed, SessionOpened, SessionScheduled
from ledger.events.release import DischargeAssessed, EscortVerified, ParticipantDeparted, ReleaseAuthorised
from ledger.events.staff import TrainingCompleted
from ledger.events.supervision import MonitorAssigned, MonitorHandover, SupervisionChecked
from ledger.payload import Attestation
from ledger.reading import PlacedEvent
from ledger.second_signatures import lacking
from ledger.vocabulary import Slot
from projections.compliance.moments import as_instant, moment_of, to_second
from projections.compliance.written import Written

SLOTS: tuple[Slot, Slot] = ("a", "b")

OF_SESSIONS: tuple[type[Event], ...] = (
    SessionScheduled,
    SessionOpened,
    SessionClosed,
    DoseAdministered,
    MonitorAssigned,
    MonitorHandover,
    AuthorisationOverridden,
    RuleOverriddenForPartner,
    SupervisionChecked,
    DischargeAssessed,
    EscortVerified,
    ReleaseAuthorised,
    ParticipantDeparted,
    ParticipantTransferred,
    LeftAgainstAdvice,
    NoShowRecorded,
)
"""What rules read of a session; another rule adds its types here."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One event, the second it counts from, and where it stands."""

    event: Event
    at: datetime
    stream: str
    position: int
    dig: str
    by: tuple[str, ...] = ()
    """Who signed it."""
    signed: tuple[Attestation, ...] = ()
    """The same, with role and meaning."""

    @classmethod
    def of(cls, placed: PlacedEvent, sync: Sync | None = None) -> Fact:
        """The fact of a recorded event; `sync` is the one by which its device brought it."""
        at = moment_of(placed, None if sync is None else sync.offset)
        attested = placed.payload.attested
        by = tuple(signer.by for signer in attested)
        return cls(placed.event, at, placed.stream, placed.position, placed.dig, by, attested)

    @property
    def session(self) -> str:
        """The session whose record it stands on, without the slot."""
        return self.stream.removesuffix("/a").removesuffix("/b")


class Known:
    """Everything rules may ask for, as far as the log was read: `size` is the number of entries."""

    def __init__(self, root_at: RootAt | None = None) -> None:
        """Know nothing yet; `root_at` gives the root of the log's first so many entries, None if nobody can."""
        self.size = 0
        self.devices = Devices()
        self.root_at = root_at
        self.written: defaultdict[str, list[Written]] = defaultdict(list)
        self.sessions: dict[str, list[Fact]] = {}
        self.protocols: dict[str, Fact] = {}
        self.places: defaultdict[str, list[Fact]] = defaultdict(list)
        self.staff: defaultdict[str, list[PlacedEvent]] = defaultdict(list)
        self.slots_of: defaultdict[str, list[tuple[str, Slot]]] = defaultdict(list)
        self.unreadable: list[tuple[str, Slot]] = []
        self.entries: defaultdict[str, list[PlacedEvent]] = defaultdict(list)
        self.asking: defaultdict[str, list[PlacedEvent]] = defaultdict(list)
        self._said: set[str] = set()
        self._syncs: dict[int, Sync] = {}
        self._stood: dict[str, tuple[int, dict[int, Standing]]] = {}
        self._positions: list[int] = []
        self._received: list[datetime] = []

    def take(self, placed: PlacedEvent) -> None:
        """Learn one more event; they come in the order of the log."""
        self._positions.append(placed.position)
        self._received.append(to_second(placed.received_at))
        self.devices.take(placed)
        sync = self._sync_of(placed)
        match placed.event:
            case ProtocolPublished():
                self.protocols.setdefault(placed.dig, Fact.of(placed))
            case LocationRegistered() | LocationRegistrationChanged():
                self.places[placed.stream].append(Fact.of(placed))
            case SessionScheduled() as scheduled:
                self._take_tie(placed.stream, "a", scheduled.person_a)
                self._take_tie(placed.stream, "b", scheduled.person_b)
        if isinstance(placed.event, OF_SESSIONS):
            fact = Fact.of(placed, sync)
            self.sessions.setdefault(fact.session, []).append(fact)
        if placed.stream.startswith("staff/") and isinstance(
            placed.event, (*CREDENTIAL_EVENTS, TrainingCompleted, *SAID)
        ):
            self.staff[placed.stream].append(placed)
        self._take_entry(placed, sync)
        if placed.stream.startswith("session/"):
            at = moment_of(placed, None if sync is None else sync.offset)
            session = placed.stream.removesuffix("/a").removesuffix("/b")
            self.written[session].append(Written.of(placed, sync, at))
        self.size = placed.position + 1  # last: whoever reads meanwhile looks only below it

    def standings(self, session: str, size: int) -> dict[int, Standing]:
        """How the entries of a session stand as known at a size; nothing where nothing was said about any of them."""
        if session not in self._said:
            return {}
        known = self._stood.get(session)
        if known is None or known[0] != size:
            found = standings(placed for placed in self.entries[session] if placed.position < size)
            known = self._stood[session] = (size, found)  # what stood below a size never changes
        return known[1]

    def spoken_of(self, session: str) -> list[PlacedEvent]:
        """Of a session the entries that something was said about or may be, and what was said."""
        return self.entries[session] if session in self._said else self.asking[session]

    def fact(self, placed: PlacedEvent) -> Fact:
        """The fact of an entry of a session, as it counts, by the clock of the device it was written on."""
        return Fact.of(placed, self._syncs.get(placed.position))

    def known_until(self, size: int) -> datetime | None:
        """The second up to which the first `size` entries were all there was; None if they are it still."""
        following = bisect_left(self._positions, size)
        return self._received[following] if following < len(self._received) else None

    def last_received_below(self, size: int) -> str | None:
        """The received_at of the last event below a size of the log."""
        count = bisect_left(self._positions, size)
        return as_instant(self._received[count - 1]) if count else None

    def _take_entry(self, placed: PlacedEvent, sync: Sync | None) -> None:
        """Entries of a session as they were signed, with what was said about them, also beside its records."""
        kind, _, rest = placed.stream.partition("/")
        said = isinstance(placed.event, SAID)
        if kind == "session" or (kind == "governance" and said):
            session = f"session/{rest.partition('/')[0]}"
            self.entries[session].append(placed)
            if lacking(placed, ()):
                self.asking[session].append(placed)
            if sync is not None:
                self._syncs[placed.position] = sync
            if said:
                self._said.add(session)

    def _sync_of(self, placed: PlacedEvent) -> Sync | None:
        found = link_of(placed)
        if found is None:
            return None
        return self.devices.chain(found[0]).sync_of(found[1], from_instant(placed.payload.recorded_at))

    def _take_tie(self, session: str, slot: Slot, person: str | Gone) -> None:
        if isinstance(person, Gone):
            self.unreadable.append((session, slot))
        else:
            self.slots_of[person].append((session, slot))
