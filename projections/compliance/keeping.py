"""
Which verdicts rest on what is going to be destroyed: those that would change if it were gone.

Nobody has to know which rule reads which value: everything is judged twice, with the values and without them, and
what differs is what rests on them. Of a rule and a person in one session either all verdicts are kept or none.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ledger.events.kept_verdicts import MOST_EVIDENCE, MOST_VERDICTS, KeptVerdict, VerdictsKept
from ledger.store.port import Store
from ledger.store.subject_keys import SubjectKeys
from projections.compliance.finding import Finding
from projections.compliance.reader import Compliance

_Group = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Without:
    """The keys as they will be when one person's is destroyed; for reading only."""

    keys: SubjectKeys
    person: str

    @property
    def epoch(self) -> int:
        """See `SubjectKeys.epoch`."""
        return self.keys.epoch

    def key_of(self, subject: str) -> bytes | None:
        """See `SubjectKeys.key_of`."""
        return None if subject == self.person else self.keys.key_of(subject)

    def make(self, subject: str, key: bytes) -> None:
        """See `SubjectKeys.make`."""
        self.keys.make(subject, key)

    def destroy(self, subject: str) -> None:
        """See `SubjectKeys.destroy`."""
        self.keys.destroy(subject)


def resting_on(store: Store, subject_keys: SubjectKeys, person: str, as_of: str) -> list[VerdictsKept]:
    """What has to be kept before this person's key goes; reads the log and judges every session twice."""
    now = _groups(Compliance(store, subject_keys).findings(as_of=as_of))
    then = _groups(Compliance(store, Without(subject_keys, person)).findings(as_of=as_of))
    changed = {group: now.get(group, []) for group in {**now, **then} if now.get(group) != then.get(group)}
    return _events((group, findings or [_nothing(then[group][0])]) for group, findings in changed.items())


def of_sessions(store: Store, subject_keys: SubjectKeys, sessions: Collection[str], as_of: str) -> list[VerdictsKept]:
    """What has to be kept before these sessions are no longer kept: all that the rules have to say about them."""
    groups = _groups(Compliance(store, subject_keys).findings(as_of=as_of))
    return _events(
        (group, findings)
        for group, findings in groups.items()
        if group[0] in sessions and any(each.verdict != "not-applicable" for each in findings)
    )


def _groups(findings: Iterable[Finding]) -> dict[_Group, list[Finding]]:
    groups: defaultdict[_Group, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.session and not finding.about and "last-judged" not in finding.causes:
            groups[finding.session, finding.rule, finding.slot].append(finding)
    return dict(groups)


def _nothing(arising: Finding) -> Finding:
    """Where a rule had nothing to say, and would have something to say only because of what is gone."""
    empty = replace(arising, verdict="not-applicable", evidence=(), anchor="", due=None, limit=None, made_at=None)
    return replace(empty, staff=None, credential=None, declared_by=None)


def _events(groups: Iterable[tuple[_Group, Sequence[Finding]]]) -> list[VerdictsKept]:
    by_session: defaultdict[str, list[KeptVerdict]] = defaultdict(list)
    for (session, _, _), findings in groups:
        by_session[session] += map(_kept, findings)
    return [
        VerdictsKept(session=session, verdicts=tuple(part))
        for session, verdicts in by_session.items()
        for part in _parts(verdicts)
    ]


def _parts(verdicts: Sequence[KeptVerdict]) -> Iterator[Sequence[KeptVerdict]]:
    for start in range(0, len(verdicts), MOST_VERDICTS):
        yield verdicts[start : start + MOST_VERDICTS]


def _kept(finding: Finding) -> KeptVerdict:
    return KeptVerdict(
        anchor=_anchor(finding.anchor),
        credential=finding.credential,
        declared_by=finding.declared_by,
        due=finding.due,
        evidence=finding.evidence[:MOST_EVIDENCE],
        limit=finding.limit,
        made_at=finding.made_at,
        protocol=finding.protocol,
        rule=finding.rule,
        severity=finding.severity,
        slot=finding.slot or None,
        staff=finding.staff,
        verdict=finding.verdict,
        version=finding.version,
    )


def _anchor(anchor: str) -> str | None:
    """What tells occasions apart; one that names a person, or is no plain line, by its digest alone."""
    if not anchor:
        return None
    plain = anchor.isascii() and anchor.isprintable() and len(anchor) < 200 and "person/" not in anchor.lower()
    return f"={anchor if plain else hashlib.sha256(anchor.encode()).hexdigest()}"
