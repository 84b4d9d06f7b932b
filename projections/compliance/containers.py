"""
The containers of a ledger as it stood: every fact of each that counts, and the balance before and after it.

    held = ledger.containers.of("stock/…")
    held.state.balance                      what should be there now, in mg
    held.counts()                           each count, with what was expected

Facts stand in the order of their times, by the clocks as they are known; those of one minute in the order of the log.
A container is worked out when somebody asks for it, and once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.container import Container
from ledger.events.inventory import StockReceived
from ledger.events.stock import OwnMedicationCheckedIn, OwnMedicationCheckedOut
from ledger.reading import PlacedEvent
from ledger.stock import Moved, begin, take
from ledger.stock_facts import by_container
from projections.compliance.known import Fact, record_of

if TYPE_CHECKING:
    from projections.compliance.ledger_at import LedgerAt


@dataclass(frozen=True, slots=True)
class Step:
    """One fact of a container: as rules see it, and what it did."""

    fact: Fact
    moved: Moved


@dataclass(frozen=True, slots=True)
class Held:
    """A container and all that happened to it, up to the moment it was asked for."""

    state: Container
    steps: tuple[Step, ...]
    is_gone: bool = False
    """Whether something of its record is no longer kept, so that nobody can reckon it any more."""

    @property
    def code(self) -> str:
        """What it is called; its number where nobody said how it came."""
        arrival = None if self.state.arrival is None else self.state.arrival.event
        return arrival.code if isinstance(arrival, StockReceived | OwnMedicationCheckedIn) else self.state.id

    def counts(self) -> list[Step]:
        """Every time somebody counted what it holds, also at handing it out; not the count with which it came."""
        return [
            step
            for step in self.steps
            if step.moved.kind == "counted" or isinstance(step.fact.event, OwnMedicationCheckedOut)
        ]

    def moved_up_to(self, count: Step) -> tuple[int, ...]:
        """Where the entries stand that the balance before a count was worked out from, and the count itself."""
        found = []
        for step in self.steps:
            if step is count:
                break
            if step.moved.after.balance != step.moved.before.balance:
                found.append(step.fact.position)
        return (*found, count.fact.position)


class Containers:
    """Every container of one ledger as it stood; each is worked out once."""

    def __init__(self, ledger: LedgerAt) -> None:
        self._ledger = ledger
        self._held: dict[str, Held] = {}

    def names(self) -> list[str]:
        """Every container of which anything was known by then, in that order."""
        about = self._ledger.known.stock.about
        return [name for name in list(about) if any(position < self._ledger.size for position in about[name])]

    def all(self) -> Iterator[Held]:
        """Each of them."""
        return (self.of(name) for name in self.names())

    def of(self, name: str) -> Held:
        """One container; without a fact it has none, and holds nothing."""
        found = self._held.get(name)
        if found is None:
            found = self._held[name] = self._worked_out(name)
        return found

    def _worked_out(self, name: str) -> Held:
        facts = [(fact, placed) for placed in self._counting(name) if (fact := self._happened(placed)) is not None]
        facts.sort(key=lambda each: (each[0].at, each[0].position))
        state = begin(name, [placed for _, placed in facts], _Couples(self._ledger))
        steps = []
        for fact, placed in facts:
            moved = take(state, placed)
            state = moved.after
            steps.append(Step(fact, moved))
        return Held(state, tuple(steps), name in self._ledger.known.stock.gone)

    def _counting(self, name: str) -> list[PlacedEvent]:
        """The entries that count and are about a container, as they count."""
        known, size = self._ledger.known, self._ledger.size
        entries: list[PlacedEvent] = []
        for position, placed in list(known.stock.about.get(name, {}).items()):
            if position < size:
                standing = known.standings(record_of(placed.stream), size).get(position)
                counts = placed if standing is None else standing.counts
                entries += [] if counts is None else [counts]
        return by_container(entries).get(name, [])

    def _happened(self, placed: PlacedEvent) -> Fact | None:
        fact = self._ledger.known.fact(placed)
        return fact if self._ledger.has_happened(fact) else None


class _Couples(Mapping[str, str]):
    """Which couple a session is of, looked up when it is asked for."""

    def __init__(self, ledger: LedgerAt) -> None:
        self._ledger = ledger

    def __getitem__(self, session: str) -> str:
        couple = self._ledger.session(session).couple
        if couple is None:
            raise KeyError(session)
        return couple

    def __iter__(self) -> Iterator[str]:
        return iter(self._ledger.names("session"))

    def __len__(self) -> int:
        return len(self._ledger.names("session"))
