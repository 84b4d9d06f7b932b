"""What the rules say, in the form pages read: findings with their evidence, and what speaks against a release."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from api.web.problems import blocked
from ledger.encoding import from_instant, to_instant
from ledger.vocabulary import Slot
from projections.compliance.finding import Finding, soonest
from projections.compliance.judge import next_change
from projections.compliance.reader import Compliance
from projections.snapshot import AsOf

CHECKS = "SUP-05"
"""The rule whose due times a board counts down to."""


class Judging:
    """The rules over one ledger; safe to use from several threads."""

    def __init__(self, compliance: Compliance) -> None:
        self._compliance = compliance

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules there are, by identifier."""
        return tuple(rule.id for rule in self._compliance.rules)

    def findings(self, session: str | None, as_of: str, known_at: int | None = None) -> list[Finding]:
        """The verdicts on a session, or on all; raises as `Compliance.findings`."""
        return self._compliance.findings(session, as_of=as_of, known_at=known_at)

    def moment(self, when: AsOf, now: datetime) -> datetime:
        """
        The instant that a question is about, t*: no later than what was known then, so that no deadline is missed in it
        that lay in its future.
        """
        asked = now if when.happened_up_to is None else from_instant(when.happened_up_to)
        until = self._compliance.known_until(when.known_at)
        return asked if until is None else min(asked, until)

    def next_check(self, findings: list[Finding], slot: Slot) -> dict[str, str | None]:
        """When the next check is due, and the last second at which it counts as made in time."""
        found = soonest(findings, CHECKS, slot)
        return {"due_at": found.due if found else None, "limit_at": found.limit if found else None}

    def against_release(
        self, session: str, slot: Slot, now: datetime, known_at: int | None = None
    ) -> list[dict[str, Any]]:
        """What would speak against releasing this partner at a moment, with an escort, home, as known then."""
        found = self._compliance.release_objections(session, slot, as_of=to_instant(now), known_at=known_at)
        return [blocked(objection) for objection in found]


def said(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings as pages read them; `id` is the same at every asking."""
    return [
        {
            "id": each.identity,
            "rule": each.rule,
            "version": each.version,
            "verdict": each.verdict,
            "severity": each.severity,
            "session": each.session,
            "slot": each.slot or None,
            "staff": each.staff,
            "credential": each.credential,
            "declared_by": each.declared_by,
            "subject": each.subject,
            "sentence": each.sentence,
            "due": each.due,
            "limit": each.limit,
            "made_at": each.made_at,
            "outstanding": each.outstanding,
            "causes": list(each.causes),
            "evidence": list(each.evidence),
            "protocol": each.protocol,
        }
        for each in findings
    ]


def changes_at(findings: Sequence[Finding]) -> str | None:
    """The next instant at which one of these changes by itself: when a board asks again, without any event."""
    return next_change(findings)
