"""
Which verdicts rest on what is going to be destroyed: those that would change if it were gone.

Nobody has to know which rule reads which value: everything is judged twice, with the values and without them, and
what differs is what rests on them. Of a rule and a person in one session either all verdicts are kept or none; of
a person, a place, a container or another record each verdict is kept by itself, since such a record goes on.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from ledger.entry import stream_tag
from ledger.erasure import KEPT_BY_DEFAULT, Retention
from ledger.events.kept_verdicts import MOST_EVIDENCE, MOST_VERDICTS, KeptVerdict, RecordVerdictsKept, VerdictsKept
from ledger.retention import RetentionPlan
from ledger.store.port import Store
from ledger.store.subject_keys import SubjectKeys
from projections.compliance.finding import Finding
from projections.compliance.reader import Compliance
from projections.compliance.without import WithoutKey, without_envelopes

_Group = tuple[str, str, str]


_Verdicts: TypeAlias = VerdictsKept | RecordVerdictsKept


def resting_on(
    store: Store, subject_keys: SubjectKeys, person: str, as_of: str, retention: Retention = KEPT_BY_DEFAULT
) -> list[_Verdicts]:
    """What has to be kept before this person's key goes; reads the log and judges everything twice."""
    now = Compliance(store, subject_keys, retention=retention).findings(as_of=as_of)
    then = Compliance(store, WithoutKey(subject_keys, person), retention=retention).findings(as_of=as_of)
    return _events(store.origin, _changed(_groups(now), _groups(then)))


def resting_on_ending(
    store: Store, subject_keys: SubjectKeys, plan: RetentionPlan, as_of: str, retention: Retention = KEPT_BY_DEFAULT
) -> list[_Verdicts]:
    """
    What has to be kept before what this plan ends is no longer kept; reads the log and judges everything twice.

    Of the sessions that end it is all that the rules have to say about them, of everything else what would change.
    """
    without = without_envelopes(store, plan.positions)
    now = _groups(Compliance(store, subject_keys, retention=retention).findings(as_of=as_of))
    then = _groups(Compliance(without, subject_keys, retention=retention).findings(as_of=as_of))
    whole = {group: said for group, said in now.items() if group[0] in plan.sessions}
    rest = _changed(
        {group: said for group, said in now.items() if group not in whole},
        {group: said for group, said in then.items() if group[0] not in plan.sessions},
    )
    speaking = (each for each in whole.items() if any(one.verdict != "not-applicable" for one in each[1]))
    return _events(store.origin, [*speaking, *rest])


def _groups(findings: Iterable[Finding]) -> dict[_Group, list[Finding]]:
    """Verdicts that are kept together: of a rule and a person in one session; of any other record each by itself."""
    groups: defaultdict[_Group, list[Finding]] = defaultdict(list)
    for finding in findings:
        if "last-judged" not in finding.causes:
            name = finding.identity if finding.about else finding.slot
            groups[finding.about or finding.session, finding.rule, name].append(finding)
    return dict(groups)


def _changed(
    now: Mapping[_Group, list[Finding]], then: Mapping[_Group, list[Finding]]
) -> list[tuple[_Group, list[Finding]]]:
    """What differs, and in the place of what would arise nothing."""
    changed = {group: now.get(group, []) for group in {**now, **then} if now.get(group) != then.get(group)}
    return [(group, findings or [_nothing(then[group][0])]) for group, findings in changed.items()]


def _nothing(arising: Finding) -> Finding:
    """Where a rule had nothing to say, and would have something to say only because of what is gone."""
    anchor = arising.anchor if arising.about else ""
    empty = replace(arising, verdict="not-applicable", evidence=(), anchor=anchor, due=None, limit=None, made_at=None)
    return replace(empty, staff=None, credential=None, declared_by=None)


def _events(origin: str, groups: Iterable[tuple[_Group, Sequence[Finding]]]) -> list[_Verdicts]:
    by_record: defaultdict[str, list[KeptVerdict]] = defaultdict(list)
    for (record, _, _), findings in groups:
        by_record[record] += map(_kept, findings)
    return [
        _of_record(origin, record, tuple(part)) for record, verdicts in by_record.items() for part in _parts(verdicts)
    ]


def _of_record(origin: str, record: str, verdicts: tuple[KeptVerdict, ...]) -> _Verdicts:
    if record.startswith("session/"):
        return VerdictsKept(session=record, verdicts=verdicts)
    name = stream_tag(origin, record) if record.startswith("person/") else record
    return RecordVerdictsKept(record=name, verdicts=verdicts)


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
