"""
What a draft protocol, or another version of a rule, would have found in the past: which findings would appear, and
which would go.

Everything is judged twice over the same ledger as it stood: by the protocols as published with the rules of today, and
by the draft, with other versions of rules where some are given. Nothing is recorded, and the answer is no finding
itself: people acted by the protocol they had. A finding that a rule tells by other occasions under the draft, such as
a check at another minute, goes and appears.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ledger.encoding import to_instant
from projections.compliance.draft import Draft
from projections.compliance.finding import Finding
from projections.compliance.judge import judge_ledger
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import as_instant, to_second
from projections.compliance.reader import Compliance
from projections.compliance.rule import AnyRule
from projections.questions.asked import Asked, begun
from projections.questions.filters import Filters, checked
from projections.snapshot import NOW, AsOf

TAKES = ("from", "to", "location", "session", "couple")
"""By which filters the past may be narrowed."""

NARROWING = ("location", "session", "couple")
"""Those under which what belongs to no session is left out."""


@dataclass(frozen=True, slots=True)
class Changes:
    """
    What would change for one session; `session` and `at` are empty for what belongs to none.

    `appear` are breaches only the draft finds, `go` those only the published protocol does, `stay` those both do.
    """

    session: str
    at: str | None
    appear: tuple[Finding, ...]
    go: tuple[Finding, ...]
    stay: tuple[Finding, ...]

    @property
    def any(self) -> bool:
        """Whether anything would be otherwise."""
        return bool(self.appear or self.go)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """
    The whole answer, computed at `position` entries and as of `as_of`.

    `figures` are those the draft mentions, `versions` in which version each rule was asked, `judged` how many sessions
    were, `unpublished` how many of them no draft can judge, because no published protocol was pinned.
    """

    position: int
    as_of: str
    filters: Mapping[str, str]
    figures: tuple[str, ...]
    versions: Mapping[str, str]
    judged: int
    unpublished: int
    changes: tuple[Changes, ...]

    def counted(self) -> dict[str, tuple[int, int]]:
        """For each rule how many findings would appear and how many would go, in the order of the rules."""
        found: dict[str, tuple[int, int]] = {}
        for rule in self.versions:
            appear = sum(each.rule == rule for change in self.changes for each in change.appear)
            go = sum(each.rule == rule for change in self.changes for each in change.go)
            if appear or go:
                found[rule] = (appear, go)
        return found


def what_if(
    compliance: Compliance,
    draft: Draft | None,
    filters: Mapping[str, str],
    *,
    now: str,
    when: AsOf = NOW,
    instead: Sequence[AnyRule] = (),
) -> WhatIf:
    """
    What would change in the sessions that the filters leave, and, without a narrower one, in what belongs to none.

    `instead` are rules in other versions, asked in the place of today's; without a draft by the published figures.
    Costs two judgements of everything that is asked for.

    Raises:
        Refused: `not-found` (a record that a filter names), `unknown-filter`, `not-known-yet`.
        Invalid: `filter-value`, `instant`, `naive-time`.
    """
    given = checked(TAKES, filters)
    ledger = compliance.at(as_of=when.happened_up_to or now, known_at=when.known_at)
    drafted = ledger if draft is None else ledger.under(draft)
    other = compliance.under_rules(instead)
    sessions = Asked(ledger, given, lambda session, rules: compliance.judged(ledger, session, rules)).sessions
    changes = [
        changed(
            each.session,
            as_instant(begun(each)),
            compliance.judged(ledger, each.session),
            other.judged(drafted, each.session),
        )
        for each in sessions
    ]
    if not any(given[name] for name in NARROWING):
        before = _besides(ledger, given, judge_ledger(ledger, compliance.rules))
        after = _besides(drafted, given, judge_ledger(drafted, other.rules))
        changes.append(changed("", None, before, after))
    return WhatIf(
        position=ledger.size,
        as_of=to_instant(ledger.as_of),
        filters=given.values,
        figures=() if draft is None else tuple(draft.paths()),
        versions={rule.id: rule.version for rule in other.rules},
        judged=len(sessions),
        unpublished=sum(each.figures is None for each in sessions),
        changes=tuple(each for each in changes if each.any),
    )


def changed(session: str, at: str | None, published: Sequence[Finding], drafted: Sequence[Finding]) -> Changes:
    """Of two judgements of the same the breaches that are only in one of them; the same occasion is the same one."""
    before = {each.identity: each for each in published if each.verdict == "breached"}
    after = {each.identity: each for each in drafted if each.verdict == "breached"}
    return Changes(
        session,
        at,
        tuple(each for identity, each in after.items() if identity not in before),
        tuple(each for identity, each in before.items() if identity not in after),
        tuple(each for identity, each in after.items() if identity in before),
    )


def _besides(ledger: LedgerAt, filters: Filters, findings: Sequence[Finding]) -> list[Finding]:
    """Of the verdicts about no session those of the days that are asked for."""
    if filters["from"] is None and filters["to"] is None:
        return list(findings)
    return [each for each in findings if _within(ledger, filters, each)]


def _within(ledger: LedgerAt, filters: Filters, finding: Finding) -> bool:
    at = finding.made_at or finding.limit or finding.due
    place = finding.about if finding.about.startswith("location/") else None
    return at is not None and filters.within(to_second(at), lambda moment: ledger.day(place, moment))
