"""
Verdicts over what was destroyed: as last judged, never judged again.

At an erasure or an end of retention the verdicts that rest on what goes are recorded first (`verdicts-kept/1`), by
the same two people. From then on they stand in the place of whatever a rule would say without the values, so that
no finding arises from an erasure and none is lost by one.
A question about a time before a kept verdict could be given is answered by the rules, from what can still be read.
Source: the exact rules, section 0, item 15.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ledger.entry import stream_tag
from ledger.events.erasure import RetentionEnded, SubjectErased
from ledger.events.expired import NoLongerKept
from ledger.events.kept_verdicts import KeptVerdict, RecordVerdictsKept, VerdictsKept
from ledger.reading import PlacedEvent
from projections.compliance.finding import Finding, Whose

Group: TypeAlias = tuple[str, Whose]
"""A rule, and whose verdicts of it they are: these are kept together."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The verdicts of one rule and person, and where what they rest on was destroyed."""

    findings: tuple[Finding, ...]
    until: int

    def stands(self, size: int, as_of: str) -> bool:
        """Whether they could be given as known at a size and as of an instant."""
        times = [each for one in self.findings for each in _given_by(one)]
        known = all(position < size for one in self.findings for position in one.evidence)
        return known and all(each <= as_of for each in times)


class LastJudged:
    """Every verdict that was kept, by session; grows with the log, one event at a time."""

    def __init__(self) -> None:
        """Know of nothing kept."""
        self.expired: dict[str, int] = {}
        """Sessions of which something is no longer kept, and under which end of retention."""
        self._kept: defaultdict[str, dict[Group, Kept]] = defaultdict(dict)
        self._elsewhere: dict[str, Kept] = {}
        self._persons: dict[str, str] = {}
        self._waiting: defaultdict[frozenset[str], list[PlacedEvent]] = defaultdict(list)

    def take(self, placed: PlacedEvent) -> None:
        """Learn one more event of the log."""
        signers = frozenset(each.by for each in placed.payload.attested)
        if placed.stream.startswith("person/") and placed.version == 1:
            self._persons[stream_tag(placed.payload.ledger, placed.stream)] = placed.stream
        match placed.event:
            case VerdictsKept() | RecordVerdictsKept():
                self._waiting[signers].append(placed)
            case SubjectErased():
                self._keep(self._waiting.pop(signers, []), placed.position, "erased", "values erased")
            case RetentionEnded():
                self._keep(self._waiting.pop(signers, []), placed.position, "expired", "no longer kept")
            case NoLongerKept(under=under) if placed.stream.startswith("session/"):
                self.expired["/".join(placed.stream.split("/")[:2])] = under
            case _:
                return

    def over(self, session: str, fresh: Sequence[Finding], *, size: int, as_of: str) -> list[Finding]:
        """These verdicts of the rules, with those in their place that were kept."""
        standing = {group: kept for group, kept in self._kept.get(session, {}).items() if kept.stands(size, as_of)}
        if not standing:
            return list(fresh) or self._unjudged(session)
        told: list[Finding] = []
        said: set[Group] = set()
        for finding in fresh:
            group = (finding.rule, finding.slot)
            kept = standing.get(group)
            if kept is None or any(position >= kept.until for position in finding.evidence):
                told.append(finding)
            elif group not in said:
                said.add(group)
                told += kept.findings
        return told + [each for group, kept in standing.items() if group not in said for each in kept.findings]

    def over_elsewhere(self, fresh: Sequence[Finding], *, size: int, as_of: str) -> list[Finding]:
        """
        These verdicts on records beside the sessions, with those in their place that were kept, one by one.

        Such a record goes on: what is judged with an entry behind the destruction is judged as ever.
        """
        standing = {name: kept for name, kept in self._elsewhere.items() if kept.stands(size, as_of)}
        if not standing:
            return list(fresh)
        told: list[Finding] = []
        for finding in fresh:
            kept = standing.get(finding.identity)
            if kept is None:
                told.append(finding)
            elif any(position >= kept.until for position in finding.evidence):
                told.append(finding)
                del standing[finding.identity]
        return told + [each for kept in standing.values() for each in kept.findings]

    def kept_of(self, session: str) -> list[tuple[int, Finding]]:
        """Every verdict that was kept of a session, and where what it rests on was destroyed."""
        return [(kept.until, one) for kept in list(self._kept.get(session, {}).values()) for one in kept.findings]

    def _unjudged(self, session: str) -> list[Finding]:
        """What is said of a session that is no longer kept and of which no verdict was."""
        if session not in self.expired:
            return []
        words = "The record of this session is no longer kept: no rule judges it."
        under = (self.expired[session],)
        return [Finding("REC-13", "1", "cannot-judge", "i", "", session, words, under, None, causes=("expired",))]

    def _keep(self, waiting: Iterable[PlacedEvent], until: int, why: str, words: str) -> None:
        found: defaultdict[tuple[str, Group], list[Finding]] = defaultdict(list)
        for placed in waiting:
            if isinstance(placed.event, VerdictsKept):
                day = placed.payload.occurred.at[:10]
                for one in placed.event.verdicts:
                    finding = _finding(placed.event.session, one, f"As last judged on {day}; {words}.", why)
                    found[placed.event.session, (one.rule, finding.slot)].append(finding)
            elif isinstance(placed.event, RecordVerdictsKept):
                self._keep_elsewhere(placed, placed.event, until, why, words)
        for (session, group), findings in found.items():
            self._kept[session].setdefault(group, Kept(tuple(findings), until))

    def _keep_elsewhere(self, placed: PlacedEvent, event: RecordVerdictsKept, until: int, why: str, words: str) -> None:
        about, day = self._persons.get(event.record, event.record), placed.payload.occurred.at[:10]
        for one in event.verdicts:
            finding = _finding("", one, f"As last judged on {day}; {words}.", why, about)
            self._elsewhere.setdefault(finding.identity, Kept((finding,), until))


def _given_by(kept: Finding) -> list[str]:
    """The instants that had to come before this verdict could be given: what was met by then needs no limit to pass."""
    if kept.verdict == "pending":
        return []
    if kept.verdict == "met" and kept.made_at is not None:
        return [kept.made_at]
    return [each for each in (kept.made_at, kept.limit, kept.due) if each is not None]


def _finding(session: str, kept: KeptVerdict, sentence: str, why: str, about: str = "") -> Finding:
    return Finding(
        rule=kept.rule,
        version=kept.version,
        verdict=kept.verdict,
        severity=kept.severity,
        slot=kept.slot or "",
        session=session,
        sentence=sentence,
        evidence=kept.evidence,
        protocol=kept.protocol,
        anchor=(kept.anchor or "").removeprefix("="),
        due=kept.due,
        limit=None if kept.verdict == "pending" else kept.limit,
        made_at=kept.made_at,
        causes=("last-judged", why),
        staff=kept.staff,
        credential=kept.credential,
        declared_by=kept.declared_by,
        about=about,
    )
