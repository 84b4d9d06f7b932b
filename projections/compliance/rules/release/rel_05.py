"""REL-05: a release is authorised for one person, by somebody who may."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ledger.events.parameters import ReleaseFigures
from ledger.events.release import ReleaseAuthorised
from ledger.events.staff import ReleaseDelegated, ReleaseDelegationEnded
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.moments import as_instant, clock
from projections.compliance.releases import of_releases
from projections.compliance.rule import GateOf, rule


@rule(
    id="REL-05",
    version="1",
    title="A release is authorised for one person, by somebody who may.",
    severity="C",
    mode="B `release-authorised`; F / S",
    source="a healthcare provider decides when somebody may leave: Spravato REMS; which roles is ours [D]",
    trigger="A release of somebody dosed. One finding per person and session.",
    window="At the release.",
    evidence=(
        "Signed in one of the roles of `released_by`, or by somebody to whom it was delegated for this place and day."
    ),
    parameters=("release.released_by",),
    verdicts={
        "met": "somebody who may signed it",
        "breached": "nobody who may signed it",
        "not-applicable": "not dosed, or not released",
    },
    notes=("Nobody overrides it. That each partner has a release of their own follows from the record it stands on.",),
    gate=GateOf(
        ReleaseAuthorised,
        override=None,
        opened_by=(ReleaseDelegated,),
        otherwise="Or somebody who may release signs it.",
    ),
)
def rel_05(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    figures = history.figures
    if figures is None:
        return
    for slot in SLOTS:
        yield of_releases(history, slot, _judged(history, slot, figures.release))


def _judged(history: History, slot: Slot, figures: ReleaseFigures) -> Callable[[Fact, ReleaseAuthorised], Ruling]:
    def of(release: Fact, _: ReleaseAuthorised) -> Ruling:
        roles = [signer.role for signer in release.signed]
        delegated = [found for signer in release.signed for found in _delegation(history, signer.by, release)]
        allowed = bool(set(roles) & set(figures.released_by)) or bool(delegated)
        who = " and ".join(dict.fromkeys(roles)) or "nobody"
        how = " under a delegation" if delegated and not set(roles) & set(figures.released_by) else ""
        wanted = " or ".join(figures.released_by)
        return Ruling(
            slot,
            "met" if allowed else "breached",
            f"{slot.upper()}: released at {clock(release.at, history.zone)} by a {who}{how}; a {wanted} is asked for.",
            (release.position, *(fact.position for fact in delegated)),
            made_at=as_instant(release.at),
            causes=() if allowed else ("role",),
            act=release.position,
        )

    return of


def _delegation(history: History, staff: str, release: Fact) -> list[Fact]:
    """What somebody was delegated to release on that day and at that place, and was not taken back."""
    day, here = history.day(release.at), history.location
    said = [fact for fact in history.ledger.on(staff) if fact.at <= release.at]
    ended = [fact.event for fact in said if isinstance(fact.event, ReleaseDelegationEnded)]
    over = {event.delegated.dig for event in ended if event.ended <= day}
    return [
        fact
        for fact in said
        if isinstance(fact.event, ReleaseDelegated)
        and fact.dig not in over
        and fact.event.effective <= day
        and (fact.event.expires is None or day <= fact.event.expires)
        and (not fact.event.locations or here in fact.event.locations)
    ]
