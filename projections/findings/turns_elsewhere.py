"""
How what was known turned the findings that are about no session: containers, places, requests, incidents.

They live as those of a session do, and rest on records all over the ledger. So the past is looked at where it may
have changed: at what was said of another entry or came in late on a record of their own, at what moved stock in a
session, at counts of a place, at revoked keys and published protocols, and at what somebody said about a finding.
Only the rules that such an entry can concern are asked, just before and just after it; what was judged once is
remembered. What was found there, and is not found at the next of these places or now, went in between: the entry
that ended it is looked for by halving.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ledger.effective import SAID
from ledger.encoding import to_instant
from ledger.events.authority import ProtocolRetired
from ledger.events.base import Reference
from ledger.events.choices import PUBLISHED
from ledger.events.inventory import InventoryCounted
from ledger.events.keys import KeyRevoked
from ledger.reading import PlacedEvent
from ledger.stock_facts import STOCK_FACTS
from projections.compliance.finding import Finding
from projections.compliance.known import Known
from projections.compliance.ledger_at import LedgerAt
from projections.findings.became import Turn
from projections.findings.turns import TOGETHER, Seen, Turned

JudgeRulesAt = Callable[[int, datetime, frozenset[str]], list[Finding]]
"""What these rules say about no session, as known at a size and as of a moment."""

_OF_STOCK = ("stock/", "location/")


@dataclass(slots=True)
class _Standing:
    """What is found so far, and at which size it was last seen; the turns and findings met on the way."""

    seen_at: dict[str, int] = field(default_factory=dict)
    turns: dict[str, list[Turn]] = field(default_factory=dict)
    found: dict[str, Finding] = field(default_factory=dict)

    def see(self, breached: dict[str, Finding], size: int, at: str, position: int) -> None:
        """These are found at a size; what had gone came back at this entry."""
        for identity in breached:
            turned = self.turns.get(identity)
            if turned and turned[-1].kind == "gone":
                turned.append(Turn("back", at, position))
            self.seen_at[identity] = size
        self.found |= breached

    def leave(self, identity: str, at: str, position: int) -> None:
        """One of them is found no longer, by this entry."""
        self.turns.setdefault(identity, []).append(Turn("gone", at, position))
        del self.seen_at[identity]


class TurnsElsewhere:
    """The turns of everything that is about no session; lets go of what it remembers with what was known."""

    def __init__(self, judge_at: JudgeRulesAt, rules: Sequence[str]) -> None:
        """`judge_at` judges by some of these rules, by their ids."""
        self._judge_at = judge_at
        self._rules = frozenset(rules)
        self.forget()

    def forget(self) -> None:
        """Let go of all that was judged."""
        self._known: Known | None = None
        self._seen: dict[tuple[int, datetime, frozenset[str]], Seen] = {}
        self._points: dict[int, frozenset[str]] = {}
        self._scanned = 0

    def of(self, ledger: LedgerAt, acts: Sequence[tuple[int, str]], now: Sequence[Finding]) -> Turned:
        """The turns up to what a ledger knows; `acts` are on these findings, with their rules, `now` the verdicts."""
        if ledger.known is not self._known:
            self.forget()
            self._known = ledger.known
        self._scan(ledger.known)
        standing = _Standing()
        for first, last, received, rules in self._groups(ledger, acts):
            before, after = self._at(first, received, rules), self._at(last + 1, received, rules)
            self._leave_what_went(ledger, standing, before, first, rules)
            at = to_instant(received)
            standing.see(before.breached, first, at, first)
            for identity in before.breached:
                if identity not in after.breached and identity not in after.unjudged:
                    standing.leave(identity, at, last)
            standing.see(after.breached, last + 1, at, last)
        self._leave_what_went(ledger, standing, Seen.of(now), ledger.size, self._rules)
        told = {identity: tuple(each) for identity, each in standing.turns.items()}
        return Turned(told, {identity: standing.found[identity] for identity in told})

    def _leave_what_went(
        self, ledger: LedgerAt, standing: _Standing, seen: Seen, size: int, rules: frozenset[str]
    ) -> None:
        """What stood before and is not found at this size went at some entry in between."""
        for identity, last_seen in list(standing.seen_at.items()):
            rule = standing.found[identity].rule
            if rule in rules and identity not in seen.breached and identity not in seen.unjudged:
                position = self._ended_at(identity, rule, last_seen, size)
                at = min(ledger.as_of, ledger.known.index.received_of(position))
                standing.leave(identity, to_instant(at), position)

    def _ended_at(self, identity: str, rule: str, found: int, gone: int) -> int:
        """Of the entries between two sizes the one since which it is not found."""
        known, asked = self._known, frozenset({rule})
        while known is not None and gone - found > 1:
            middle = (found + gone) // 2
            seen = self._at(middle, known.index.received_of(middle - 1), asked)
            if identity in seen.breached or identity in seen.unjudged:
                found = middle
            else:
                gone = middle
        return gone - 1

    def _at(self, size: int, as_of: datetime, rules: frozenset[str]) -> Seen:
        key = (size, as_of, rules)
        seen = self._seen.get(key)
        if seen is None:
            seen = self._seen[key] = Seen.of(self._judge_at(size, as_of, rules))
        return seen

    def _scan(self, known: Known) -> None:
        """Look through the entries that came since the last time for those that may have changed the past."""
        size = known.size
        for placed in known.index.since(self._scanned):
            if placed.position < size:
                rules = self._rules_turned_by(known, placed)
                if rules:
                    self._points[placed.position] = rules
        self._scanned = size

    def _rules_turned_by(self, known: Known, placed: PlacedEvent) -> frozenset[str]:
        """The rules about no session whose findings of the past this entry may change; none for most."""
        event, kind = placed.event, placed.stream.partition("/")[0]
        if isinstance(event, (KeyRevoked, ProtocolRetired, *PUBLISHED)):
            return self._rules
        came_late = known.index.received_of(placed.position) - known.fact(placed).at > TOGETHER
        if isinstance(event, SAID):
            if kind == "protocol":
                return self._rules  # its figures are what everything is judged by
            about = _about(known, placed)
            if placed.stream.startswith(_OF_STOCK) or (about is not None and isinstance(about.event, STOCK_FACTS)):
                return self._of_stock()
            return frozenset() if kind == "session" else self._of_records()
        if came_late and (placed.stream.startswith(_OF_STOCK) or isinstance(event, STOCK_FACTS)):
            return self._of_stock()
        if isinstance(event, InventoryCounted):
            return self._rules & {"CS-03"}
        return self._of_records() if came_late and kind not in ("session", "keys", "access") else frozenset()

    def _of_stock(self) -> frozenset[str]:
        return frozenset(each for each in self._rules if each.startswith("CS-") or each == "REC-15")

    def _of_records(self) -> frozenset[str]:
        return frozenset(each for each in self._rules if not each.startswith("CS-") or each == "CS-09")

    def _groups(
        self, ledger: LedgerAt, acts: Sequence[tuple[int, str]]
    ) -> Iterator[tuple[int, int, datetime, frozenset[str]]]:
        """The first and last of entries that came together, when the last of them came, and whom to ask."""
        points = dict(self._points)
        for position, rule in acts:
            points[position] = points.get(position, frozenset()) | (self._rules & {rule})
        group: tuple[int, int, datetime, datetime, frozenset[str]] | None = None
        for position in sorted(each for each, rules in points.items() if rules and each < ledger.size):
            received = ledger.known.index.received_of(position)
            if received > ledger.as_of:
                break
            if group is not None and received - group[2] <= TOGETHER:
                group = (group[0], position, group[2], received, group[4] | points[position])
                continue
            if group is not None:
                yield group[0], group[1], group[3], group[4]
            group = (position, position, received, received, points[position])
        if group is not None:
            yield group[0], group[1], group[3], group[4]


def _about(known: Known, placed: PlacedEvent) -> PlacedEvent | None:
    """The fact that was spoken of, also through a correction that somebody countersigned."""
    found: PlacedEvent | None = placed
    while found is not None and isinstance(found.event, SAID):
        named = getattr(found.event, "target", None) or getattr(found.event, "voided", None)
        following = known.index.entry_of(named.dig) if isinstance(named, Reference) else None
        found = following if following is not None and following.position < found.position else None
    return found
