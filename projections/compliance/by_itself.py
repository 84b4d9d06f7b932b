"""
When a gate opens or closes by itself: the same gates asked about later instants, as if nothing more were recorded.

An evaluation grows too old, an observation lasts long enough, a credential ends. Nothing is reckoned here: the rules
are asked at instants ever further away, and where an answer is another one the second is looked for by halving.
A gate that changes and changes back between two of these instants is not noticed; what is told is true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from projections.compliance.acts_ahead import Act, Plan
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import SECOND
from projections.compliance.objecting import Said, rules_before, said_before
from projections.compliance.rule import AnyRule

DAY_AFTER: Final = timedelta(days=1)
"""How far beyond the planned start, or now, it is looked."""

_STEPS: Final = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 30, 60, 120, 240, 480, 960))

Remake: TypeAlias = Callable[[LedgerAt], Sequence[Act]]
"""The acts ahead as they would be drafted at a later instant."""


@dataclass(frozen=True, slots=True)
class Change:
    """The first second at which a gate is another by itself, and whether it is open then."""

    at: datetime
    opens: bool


class Outlook:
    """The gates of one session at later instants; each instant is asked about once."""

    def __init__(self, ledger: LedgerAt, remake: Remake, plan: Plan | None, rules: Sequence[AnyRule]) -> None:
        """Of a ledger as it stood; what had happened by then is all that will have happened."""
        self._ledger, self._remake, self._rules = ledger, remake, rules
        start = ledger.as_of if plan is None or plan.start is None else max(ledger.as_of, plan.start)
        self._instants = list(_instants(ledger.as_of, start))
        self._acts: dict[datetime, Sequence[Act]] = {}
        self._views: dict[tuple[datetime, str], LedgerAt] = {}
        self._closed: dict[tuple[datetime, str, str], frozenset[str]] = {}

    def change(self, act: Act, rule: AnyRule, said: Said) -> Change | None:
        """When this verdict turns from open to closed or back; None when it does not, as far as is looked."""
        name, before = said.finding.identity, self._ledger.as_of
        for instant in self._instants:
            if self._is_closed(instant, act, rule, name) != said.objects:
                return self._between(before, instant, act, rule, said)
            before = instant
        return None

    def _between(self, before: datetime, after: datetime, act: Act, rule: AnyRule, said: Said) -> Change:
        """The first second of the other answer, between one instant at which it is not yet and one at which it is."""
        while after - before > SECOND:
            middle = before + SECOND * ((after - before) // SECOND // 2)
            if self._is_closed(middle, act, rule, said.finding.identity) == said.objects:
                before = middle
            else:
                after = middle
        return Change(after, opens=said.objects)

    def _is_closed(self, instant: datetime, act: Act, rule: AnyRule, identity: str) -> bool:
        key = (instant, f"{act.name}/{act.slot}", rule.id)
        if key not in self._closed:
            self._closed[key] = frozenset(
                said.finding.identity for said in self._said(instant, act, rule) if said.objects
            )
        return identity in self._closed[key]

    def _said(self, instant: datetime, act: Act, rule: AnyRule) -> Iterator[Said]:
        draft = next((each for each in self._at(instant) if (each.name, each.slot) == (act.name, act.slot)), None)
        if draft is None or draft.draft is None:
            return
        if rule in rules_before(draft.draft.event, (rule,)):
            yield from said_before(rule, self._view(instant, draft), draft.draft)

    def _at(self, instant: datetime) -> Sequence[Act]:
        if instant not in self._acts:
            self._acts[instant] = self._remake(self._later(instant))
        return self._acts[instant]

    def _later(self, instant: datetime) -> LedgerAt:
        return LedgerAt(self._ledger.known, size=self._ledger.size, as_of=instant, seen=self._ledger.seen)

    def _view(self, instant: datetime, act: Act) -> LedgerAt:
        """One view for every rule before this act at this instant."""
        ledger, key = self._ledger, (instant, f"{act.name}/{act.slot}")
        found = self._views.get(key)
        if found is None:
            found = self._views[key] = LedgerAt(
                ledger.known, size=ledger.size, as_of=instant, beside=act.beside, proposed=act.draft, seen=ledger.seen
            )
        return found


def _instants(now: datetime, start: datetime) -> Iterator[datetime]:
    """Later and later ones, with the planned start and the end of the look among them."""
    end = start + DAY_AFTER
    found = {now + step for step in _STEPS} | {start, end}
    days = 1
    while now + timedelta(days=days) < end:
        found.add(now + timedelta(days=days))
        days *= 2
    yield from sorted(instant for instant in found if now < instant <= end)
