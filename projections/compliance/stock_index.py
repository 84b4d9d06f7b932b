"""
Which entries may be about which container, and which containers a session names: kept as the log is read.

An entry that was corrected to another container is kept under both; what counts is asked when somebody asks.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from ledger.events.corrections import EntryCorrected
from ledger.events.expired import NoLongerKept
from ledger.events.kept_amounts import AmountsKept
from ledger.events.losses import WASTES
from ledger.reading import PlacedEvent, stream_kind
from ledger.stock_facts import STOCK_FACTS, containers_of, dose_of, doses_kept

_STOCK = re.compile(r"stock/[0-9a-f-]{36}")
_SESSION = re.compile(r"session/[0-9a-f-]{36}")
_DIG = re.compile(r"[0-9a-f]{64}")


class StockIndex:
    """Append-only; the entries of a container are in the order in which they came to be about it."""

    def __init__(self) -> None:
        self.about: defaultdict[str, dict[int, PlacedEvent]] = defaultdict(dict)
        """Of each container the entries that may be about it, by position."""
        self.named_in: defaultdict[str, dict[str, None]] = defaultdict(dict)
        """Of each session the containers on whose records something names it."""
        self.wasted: dict[str, None] = {}
        """The containers of which something may have been wasted in no session."""
        self.gone: set[str] = set()
        """The containers of whose record something is no longer kept: nobody can reckon them any more."""
        self._ended: set[int] = set()
        self._facts: dict[str, PlacedEvent] = {}
        self._containers: dict[str, tuple[str, ...]] = {}

    def take(self, placed: PlacedEvent) -> None:
        """Learn one more entry of the log."""
        event = placed.event
        if isinstance(event, EntryCorrected):
            target = self._facts.get(event.target.dig)
            if target is not None:
                self._corrected(target, [str(change.now) for change in event.changes])
        elif isinstance(event, NoLongerKept):
            self._ended.add(placed.position)
            if stream_kind(placed.stream) == "stock":
                self.gone.add(placed.stream)
        elif isinstance(event, AmountsKept):
            for dose in doses_kept(placed):
                if dose.position in self._ended:
                    self._tie(dose, (placed.stream,))
        elif isinstance(event, STOCK_FACTS):
            self._facts[placed.dig] = placed
            names = containers_of(placed) or self._containers.get(dose_of(event), ())
            self._containers[placed.dig] = names
            self._tie(placed, names)
            session = getattr(event, "session", None)
            if isinstance(session, str):
                self.named_in[session][placed.stream] = None
            elif isinstance(event, WASTES):
                self.wasted[placed.stream] = None

    def _corrected(self, target: PlacedEvent, texts: Iterable[str]) -> None:
        for text in texts:
            doses = (self._containers.get(dig, ()) for dig in _DIG.findall(text))
            self._tie(target, [*_STOCK.findall(text), *(name for names in doses for name in names)])
            if stream_kind(target.stream) == "stock":
                self.wasted[target.stream] = None
                for session in _SESSION.findall(text):
                    self.named_in[session][target.stream] = None

    def _tie(self, placed: PlacedEvent, names: Iterable[str]) -> None:
        for name in names:
            self.about[name].setdefault(placed.position, placed)
