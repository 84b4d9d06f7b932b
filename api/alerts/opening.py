"""What is told of a finding that opened: numbers only, by which somebody who may can look it up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from projections.findings.register import Registered


@dataclass(frozen=True, slots=True)
class Opening:
    """
    A finding that opened, for the n-th time: 1 at first, one more whenever it was reopened, by whomever.

    `position` is the number of entries at which it was found, `opened_at` since when it is so and known.
    """

    finding: str
    opening: int
    rule: str
    version: str
    severity: str
    session: str | None
    position: int
    opened_at: str | None

    def told(self, origin: str) -> dict[str, Any]:
        """What is sent: no sentence, no value, no partner, no name."""
        return {
            "type": "finding.opened",
            "ledger": origin,
            "finding": self.finding,
            "opening": self.opening,
            "rule": self.rule,
            "rule_version": self.version,
            "severity": self.severity,
            "session": self.session,
            "position": self.position,
            "opened_at": self.opened_at,
        }


def openings_of(registered: Iterable[Registered], position: int) -> list[Opening]:
    """Every finding that is not closed, each once, in the order in which they began."""
    found = {
        each.finding.identity: Opening(
            finding=each.finding.identity,
            opening=each.became.openings,
            rule=each.finding.rule,
            version=each.finding.version,
            severity=each.finding.severity,
            session=each.finding.session or None,
            position=position,
            opened_at=each.opened_at,
        )
        for each in registered
        if each.became is not None and not each.became.is_closed
    }
    return sorted(found.values(), key=lambda each: (each.opened_at or "", each.finding))
