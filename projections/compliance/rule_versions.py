"""
In which version a rule was when somebody recorded what it said: to compare that with its version of today.

A rule has one version in the program that judges; which it was then stands only where a verdict was recorded: with
what was said about a finding, and with verdicts that were kept before their values went.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ledger.events.base import Event
from ledger.events.deviations import FindingAcknowledged, FindingDispositioned
from ledger.events.findings import (
    FindingAcknowledged2,
    FindingClosed,
    FindingDispositioned2,
    FindingExplained,
    FindingReopened,
)
from ledger.events.kept_verdicts import RecordVerdictsKept, VerdictsKept
from projections.compliance.history import History
from projections.compliance.known import Fact
from projections.compliance.ledger_at import LedgerAt

_FIRST: tuple[type[Event], ...] = (FindingAcknowledged, FindingDispositioned)
_LATER: tuple[type[Event], ...] = (
    FindingAcknowledged2,
    FindingExplained,
    FindingDispositioned2,
    FindingClosed,
    FindingReopened,
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """That a rule was recorded in this version, and where."""

    rule: str
    version: str
    fact: Fact


def versions_recorded(ledger: LedgerAt) -> list[Recorded]:
    """Every version of a rule that stands with a verdict, by time; it reads every governance record."""
    return [
        Recorded(rule, version, fact)
        for fact in ledger.everywhere("governance", *_FIRST, *_LATER, VerdictsKept, RecordVerdictsKept)
        for rule, version in _versions(fact)
    ]


def is_about(recorded: Recorded, history: History) -> bool:
    """Whether that was said about a session: it names the session, or an entry of it as evidence."""
    event = recorded.fact.event
    if isinstance(event, (*_FIRST, VerdictsKept)) and getattr(event, "session", None) is not None:
        return getattr(event, "session", None) == history.session
    evidence = {each.dig for each in getattr(event, "evidence", ())}
    return any(fact.dig in evidence for fact in history.facts)


def _versions(fact: Fact) -> Iterator[tuple[str, str]]:
    match fact.event:
        case VerdictsKept(verdicts=verdicts) | RecordVerdictsKept(verdicts=verdicts):
            yield from ((each.rule, each.version) for each in verdicts)
        case FindingAcknowledged() | FindingDispositioned() as event if event.rule_version is not None:
            yield event.rule, event.rule_version
        case (
            FindingAcknowledged2()
            | FindingExplained()
            | FindingDispositioned2()
            | FindingClosed()
            | FindingReopened() as event
        ):
            yield event.rule, event.rule_version
        case _:
            return
