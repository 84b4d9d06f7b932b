"""
Releases as rules judge them: of dosed persons only, each by itself, and the worst of several speaks for the person.

Source: the exact rules, section 0, item 13, and section 5.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ledger.events.release import DischargeAssessed, ReleaseAuthorised
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import Fact, last
from projections.compliance.occasions import not_dosed

OfRelease: TypeAlias = Callable[[Fact, ReleaseAuthorised], Ruling]


def of_releases(history: History, slot: Slot, judged: OfRelease) -> Ruling:
    """
    What a rule says of one person's releases: the first that breaks it, else one nobody can judge, else the last.

    At a gate it is the release that is about to be authorised, and no other.
    """
    if not history.doses(slot):
        return not_dosed(slot)
    proposed = history.proposed
    if proposed is not None:
        releases = [proposed] if proposed.stream == f"{history.session}/{slot}" else []
    else:
        releases = history.of(slot, ReleaseAuthorised)
    rulings = [judged(fact, fact.event) for fact in releases if isinstance(fact.event, ReleaseAuthorised)]
    for verdict in ("breached", "cannot-judge"):
        for ruling in rulings:
            if ruling.verdict == verdict:
                return ruling
    if not rulings:
        return Ruling(slot, "not-applicable", f"{slot.upper()} was not released.")
    *_, latest = rulings
    return latest


def assessment_before(history: History, slot: Slot, release: Fact) -> Fact | None:
    """The last discharge assessment at or before a release."""
    return last([fact for fact in history.of(slot, DischargeAssessed) if fact.at <= release.at])
