"""
Acts on findings: what people answerable for them signed, and which finding each of them means.

An act names its finding by identity. One of the first kind named the rule, the session and whichever of slot, staff
and credential it has; it means every finding of the rule that fits, and of several on one person those that rest on
its evidence.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ledger.encoding import to_instant
from ledger.events.deviations import FindingAcknowledged, FindingDispositioned
from ledger.events.findings import (
    FindingAcknowledged2,
    FindingClosed,
    FindingDispositioned2,
    FindingExplained,
    FindingReopened,
)
from projections.compliance.finding import Finding
from projections.compliance.finding_meant import is_meant
from projections.compliance.known import Fact, record_of
from projections.compliance.ledger_at import LedgerAt

ActKind: TypeAlias = Literal["acknowledged", "explained", "dispositioned", "closed", "reopened"]

_FIRST = (FindingAcknowledged, FindingDispositioned)
_BY_IDENTITY = (FindingAcknowledged2, FindingExplained, FindingDispositioned2, FindingClosed, FindingReopened)
ACTS = (*_FIRST, *_BY_IDENTITY)
"""Every type that says what became of a finding."""


@dataclass(frozen=True, slots=True)
class Act:
    """
    One act: who signed it as what, when, and at which position it stands.

    `outcome`, `action` and `due` are those of a disposition, `reason` is a word.
    """

    kind: ActKind
    at: str
    by: tuple[str, ...]
    role: str
    position: int
    dig: str
    event_id: str
    outcome: str | None = None
    reason: str | None = None
    action: str | None = None
    due: str | None = None
    version: str | None = None
    """The version in which its rule found it, as was recorded."""


class Acts:
    """All acts of a ledger as it stood, by the finding they mean."""

    def __init__(self, ledger: LedgerAt) -> None:
        """Read every governance record, once."""
        self._ledger = ledger
        self._named: defaultdict[str, list[Act]] = defaultdict(list)
        self._first: defaultdict[str, list[tuple[Fact, Act]]] = defaultdict(list)
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        self._elsewhere: dict[str, str] = {}
        for fact in sorted(ledger.everywhere("governance", *ACTS), key=lambda each: each.position):
            self._take(fact)

    def on(self, finding: Finding) -> list[Act]:
        """The acts that mean this finding, in the order they were recorded."""
        first = [act for fact, act in self._first.get(finding.rule, ()) if self._means(fact, finding)]
        return sorted([*first, *self._named.get(finding.identity, ())], key=lambda act: act.position)

    def about(self, session: str) -> list[int]:
        """Where acts stand on findings of a session."""
        return self._places.get(session, [])

    def points(self) -> list[tuple[int, str]]:
        """Where somebody said something about a finding of no session, and of which rule it is."""
        first = [(fact.position, rule) for rule, said in self._first.items() for fact, _ in said if _of_none(fact)]
        named = [(act.position, rule) for identity, rule in self._elsewhere.items() for act in self._named[identity]]
        return sorted([*first, *named])

    def elsewhere(self) -> dict[str, tuple[str, Act]]:
        """Of findings that are about no session the rule and the first act, by identity."""
        return {identity: (rule, self._named[identity][0]) for identity, rule in self._elsewhere.items()}

    def _take(self, fact: Fact) -> None:
        event, act = fact.event, self._act(fact)
        match event:
            case FindingAcknowledged() | FindingDispositioned():
                self._first[event.rule].append((fact, act))
                self._places[event.session or ""].append(fact.position)  # of none: nothing is judged again
            case (
                FindingAcknowledged2()
                | FindingExplained()
                | FindingDispositioned2()
                | FindingClosed()
                | FindingReopened()
            ):
                self._named[event.finding].append(act)
                named = [self._ledger.known.index.entry_of(each.dig) for each in event.evidence]
                records = {record_of(placed.stream) for placed in named if placed is not None}
                sessions = [name for name in records if name.startswith("session/")]
                for session in sessions:
                    self._places[session].append(fact.position)
                if not sessions:
                    self._elsewhere.setdefault(event.finding, event.rule)
            case _:
                return

    def _act(self, fact: Fact) -> Act:
        event = fact.event
        placed = self._ledger.known.index.entry_at(fact.position)
        kind: ActKind
        match event:
            case FindingExplained():
                kind = "explained"
            case FindingDispositioned() | FindingDispositioned2():
                kind = "dispositioned"
            case FindingClosed():
                kind = "closed"
            case FindingReopened():
                kind = "reopened"
            case _:
                kind = "acknowledged"
        return Act(
            kind,
            to_instant(fact.at),
            fact.by,
            fact.signed[0].role if fact.signed else "",
            fact.position,
            fact.dig,
            "" if placed is None else placed.payload.id,
            getattr(event, "outcome", None),
            getattr(event, "reason", None),
            getattr(event, "action", None),
            getattr(event, "due", None),
            getattr(event, "rule_version", None),
        )

    def _means(self, fact: Fact, finding: Finding) -> bool:
        return isinstance(fact.event, _FIRST) and is_meant(self._ledger.known, fact.event, finding)


def _of_none(fact: Fact) -> bool:
    return isinstance(fact.event, _FIRST) and fact.event.session is None
