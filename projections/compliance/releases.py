"""
Releases as rules judge them: of dosed persons only, each by itself, and the worst of several speaks for the person.

Also one that nobody has given yet, so that it can be said beforehand what would speak against it.

Source: the exact rules, section 0, item 13, and section 5.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ledger.encoding import to_instant
from ledger.events.measures import UntilWhen
from ledger.events.release import DischargeAssessed, ReleaseAuthorised
from ledger.payload import Attestation
from ledger.vocabulary import Disposition, Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import Fact, last
from projections.compliance.no_drive import no_drive_until
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


def to_come(history: History, slot: Slot, disposition: Disposition) -> Fact:
    """
    A release of this partner as of now that is in order by what it says itself, recorded next.

    Somebody who may release signs it, with instructions, and not to drive until late enough: what then speaks against
    it lies in how the person is.
    """
    figures, now = history.figures, history.as_of
    ends = [] if figures is None else [no_drive_until(dose, figures.release) for dose in history.doses(slot)]
    roles = () if figures is None else figures.release.released_by
    release = ReleaseAuthorised(
        assessment=None,
        contact="000",
        instructions="1",
        no_drive_until=UntilWhen(at=to_instant(max(ends, default=now)), local="2000-01-01 00:00 UTC"),
        disposition=disposition,
        conditions=(),
    )
    signed = tuple(Attestation.model_construct(by="", key="", meaning="", role=role) for role in roles)
    return Fact(release, now, f"{history.session}/{slot}", history.size, "", signed=signed)
