"""REL-03: nobody is released before their recovery score is reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ledger.events.fields import Gone
from ledger.events.parameters import ReleaseFigures
from ledger.events.release import DischargeAssessed, ReleaseAuthorised
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.moments import as_instant, clock
from projections.compliance.recovery import is_awake, is_recovered
from projections.compliance.releases import assessment_before, of_releases
from projections.compliance.rule import GateOf, rule


@rule(
    id="REL-03",
    version="1",
    title="Nobody is released before their recovery score is reached.",
    severity="C",
    mode="B `release-authorised`; F / I",
    source="modified Aldrete score and PADSS, discharge at 9: Aldrete 1995, Chung 1995; for ketamine ours [D]",
    trigger="A release of somebody dosed. One finding per person and session.",
    window="The last discharge assessment at or before it.",
    evidence=(
        "Aldrete at least `aldrete` with no item at 0, or PADSS at least `padss`; and MOAA/S at least `moaas`, or RASS "
        "from `rass_low` to `rass_high`."
    ),
    parameters=("release.aldrete", "release.moaas", "release.padss", "release.rass_high", "release.rass_low"),
    verdicts={
        "met": "the scores are reached",
        "breached": "they are not, or were not recorded",
        "not-applicable": "not dosed, or not released",
        "cannot-judge": "the scores cannot be read any more",
    },
    gate=GateOf(ReleaseAuthorised, override="prescriber", opened_by=(DischargeAssessed,)),
)
def rel_03(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    figures = history.figures
    if figures is None:
        return
    for slot in SLOTS:
        yield of_releases(history, slot, _judged(history, slot, figures.release))


def _judged(history: History, slot: Slot, figures: ReleaseFigures) -> Callable[[Fact, ReleaseAuthorised], Ruling]:
    def of(release: Fact, _: ReleaseAuthorised) -> Ruling:
        found = assessment_before(history, slot, release)
        event = None if found is None else found.event
        when = f"{slot.upper()}: released at {clock(release.at, history.zone)}"
        evidence = (release.position, *(() if found is None else (found.position,)))
        if not isinstance(event, DischargeAssessed):
            return _ruling(slot, release, f"{when} without an assessment.", evidence, "not-assessed")
        scores = (event.aldrete, event.aldrete_items, event.padss, event.moaas, event.rass)
        if any(isinstance(score, Gone) for score in scores):
            words = f"{slot.upper()}: the scores before the release cannot be read any more."
            return Ruling(slot, "cannot-judge", words, evidence, causes=("unreadable",))
        causes = [] if is_recovered(event, figures) else ["score"]
        causes += [] if is_awake(event, figures) else ["sedation"]
        return _ruling(slot, release, f"{when}; {_said(event)}.", evidence, *causes)

    return of


def _said(event: DischargeAssessed) -> str:
    named = (("Aldrete", event.aldrete), ("PADSS", event.padss), ("MOAA/S", event.moaas), ("RASS", event.rass))
    return ", ".join(f"{name} {score}" for name, score in named if score is not None) or "no score was recorded"


def _ruling(slot: Slot, release: Fact, sentence: str, evidence: tuple[int, ...], *causes: str) -> Ruling:
    return Ruling(
        slot,
        "breached" if causes else "met",
        sentence,
        evidence,
        made_at=as_instant(release.at),
        causes=causes,
        act=release.position,
    )
