"""
How what was known turned the findings of a session, from one entry to the next.

Only what changes the past can undo a finding: what is said of another entry, a key that was revoked afterwards, what
came in long after it happened, and an act on a finding, which shows what was found then. Just before and just after
each such entry the session is judged as it was known; what was judged once is remembered, because what was known then
never changes.
Entries that came within the same minute are looked at together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ledger.effective import SAID
from ledger.encoding import to_instant
from ledger.events.lifecycle import SessionOpened
from projections.compliance.finding import Finding
from projections.compliance.history import History
from projections.compliance.known import Known
from projections.compliance.ledger_at import LedgerAt
from projections.findings.became import Turn

TOGETHER = timedelta(minutes=1)
"""What comes within this is looked at as one; what comes in later than this after it happened may undo a finding."""

JudgeAt = Callable[[int, datetime, str], list[Finding]]
"""All verdicts on a session as known at a size and as of a moment."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What stood just before or just after some entries."""

    breached: dict[str, Finding]
    unjudged: frozenset[str]

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Seen:
        """Of all verdicts the breaches, by identity, and what nobody could judge."""
        breached: dict[str, Finding] = {}
        unjudged: set[str] = set()
        for each in findings:
            if each.verdict == "breached":
                breached[each.identity] = each
            elif each.verdict == "cannot-judge":
                unjudged.add(each.identity)
        return cls(breached, frozenset(unjudged))


@dataclass(frozen=True, slots=True)
class Turned:
    """The turns of each finding of a session, by identity, and each as it was found last."""

    turns: dict[str, tuple[Turn, ...]]
    as_found: dict[str, Finding]


class Turns:
    """The turns of every session of one ledger; remembers what was judged, and lets go of it with what was known."""

    def __init__(self, judge_at: JudgeAt) -> None:
        """`judge_at` judges a session as it was known."""
        self._judge_at = judge_at
        self._known: Known | None = None
        self._seen: dict[tuple[str, int, int], tuple[Seen, Seen]] = {}

    def forget(self) -> None:
        """Let go of all that was judged."""
        self._known, self._seen = None, {}

    def of(self, ledger: LedgerAt, session: str, acts: Sequence[int] = ()) -> Turned:
        """The turns of a session up to what a ledger knows and is asked as of; `acts` are on its findings."""
        if ledger.known is not self._known:
            self._known, self._seen = ledger.known, {}
        turns: dict[str, list[Turn]] = {}
        found: dict[str, Finding] = {}
        for first, last, received in _groups(ledger, _changing(ledger, session, acts)):
            if received > ledger.as_of:
                break
            before, after = self._around(session, first, last, received)
            at = to_instant(received)
            found |= before.breached
            for identity in before.breached:
                if _is_gone(turns, identity):
                    turns[identity].append(Turn("back", at, first))
                if identity not in after.breached and identity not in after.unjudged:
                    turns.setdefault(identity, []).append(Turn("gone", at, last))
            for identity in after.breached:
                if _is_gone(turns, identity):
                    turns[identity].append(Turn("back", at, last))
            found |= after.breached
        told = {identity: tuple(each) for identity, each in turns.items()}
        return Turned(told, {identity: found[identity] for identity in told})

    def _around(self, session: str, first: int, last: int, received: datetime) -> tuple[Seen, Seen]:
        key = (session, first, last)
        known = self._seen.get(key)
        if known is None:
            before = Seen.of(self._judge_at(first, received, session))
            after = Seen.of(self._judge_at(last + 1, received, session))
            known = self._seen[key] = (before, after)
        return known


def no_longer(finding: Finding) -> Finding:
    """A finding as it was found, that no rule finds any more: what it said then, and that it is not so."""
    return replace(
        finding,
        verdict="not-applicable",
        sentence=f"No longer so by what is known now. Found before: {finding.sentence}",
        outstanding=False,
        causes=(*finding.causes, "no-longer-so"),
    )


def _is_gone(turns: dict[str, list[Turn]], identity: str) -> bool:
    return identity in turns and turns[identity][-1].kind == "gone"


def _changing(ledger: LedgerAt, session: str, acts: Sequence[int]) -> list[int]:
    """Where entries stand that may have changed the past of a session, in the order of the log."""
    known = ledger.known
    late = {each.position for each in known.written.get(session, ()) if each.received_at - each.at > TOGETHER}
    history = ledger.session(session)
    people = {person for slot in ("a", "b") if isinstance(person := history.person(slot), str)}
    staff = {name for fact in history.facts for name in fact.by if name.startswith("staff/")}
    records = {session, session.replace("session/", "governance/"), *people, *staff, *_beside(history)}
    said = {
        placed.position for record in records for placed in known.spoken_of(record) if isinstance(placed.event, SAID)
    }
    doubted = {fact.position for fact in list(known.revoked.values())} if said else set()
    return sorted(position for position in {*late, *said, *doubted, *acts} if position < ledger.size)


def _beside(history: History) -> set[str]:
    """The records by which a session is judged: its place, its protocol, and the containers it names."""
    opened = None if history.opening is None else history.opening.event
    pinned = history.ledger.known.protocols.get(opened.protocol.dig) if isinstance(opened, SessionOpened) else None
    named = {getattr(fact.event, "container", None) for fact in history.facts}
    beside = {history.location, None if pinned is None else pinned.stream, *named}
    return {record for record in beside if isinstance(record, str)}


def _groups(ledger: LedgerAt, positions: Sequence[int]) -> Iterator[tuple[int, int, datetime]]:
    """The first and last of entries that came together, and when the last of them came."""
    group: tuple[int, int, datetime, datetime] | None = None
    for position in dict.fromkeys(positions):
        received = ledger.known.index.received_of(position)
        if group is not None and received - group[2] <= TOGETHER:
            group = (group[0], position, group[2], received)
            continue
        if group is not None:
            yield group[0], group[1], group[3]
        group = (position, position, received, received)
    if group is not None:
        yield group[0], group[1], group[3]
