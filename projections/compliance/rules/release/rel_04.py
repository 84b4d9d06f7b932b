"""REL-04: nobody is released before they are themselves again: present, oriented, steady."""

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
from projections.compliance.recovery import ORIENTED
from projections.compliance.releases import assessment_before, of_releases
from projections.compliance.rule import GateOf, rule


@rule(
    id="REL-04",
    version="1",
    title="Nobody is released before they are themselves again: present, oriented, steady.",
    severity="C",
    mode="B `release-authorised`; F / I",
    source="monitoring until dissociation resolves: Spravato REMS; the CADSS-6 scale; the cut-off is ours [D]",
    trigger="A release of somebody dosed. One finding per person and session.",
    window="The last discharge assessment at or before it.",
    evidence="CADSS-6 at most `cadss6_max`, oriented in all four, a steady gait: all three recorded.",
    parameters=("release.cadss6_max",),
    verdicts={
        "met": "all three hold",
        "breached": "one does not, or was not recorded",
        "not-applicable": "not dosed, or not released",
        "cannot-judge": "they cannot be read any more",
    },
    gate=GateOf(ReleaseAuthorised, override="prescriber", opened_by=(DischargeAssessed,)),
)
def rel_04(history: History) -> Iterator[Ruling]:
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
        evidence = (release.position, *(() if found is None else (found.position,)))
        when = f"{slot.upper()}: released at {clock(release.at, history.zone)}"
        if not isinstance(event, DischargeAssessed):
            return _ruling(slot, release, f"{when} without an assessment.", evidence, "not-assessed")
        if any(isinstance(value, Gone) for value in (event.cadss6, event.orientation, event.gait_steady)):
            words = f"{slot.upper()}: how they were before the release cannot be read any more."
            return Ruling(slot, "cannot-judge", words, evidence, causes=("unreadable",))
        present = isinstance(event.cadss6, int) and event.cadss6 <= figures.cadss6_max
        oriented = event.orientation == ORIENTED
        shown = (
            ("dissociated", f"CADSS-6 {_or_not(event.cadss6)}, at most {figures.cadss6_max}", present),
            ("not-oriented", f"oriented {_or_not(event.orientation)} of {ORIENTED}", oriented),
            ("not-steady", f"gait {_STEADY[event.gait_steady is True]}", event.gait_steady is True),
        )
        causes = [cause for cause, _, holds in shown if not holds]
        return _ruling(slot, release, f"{when}; {'; '.join(words for _, words, _ in shown)}.", evidence, *causes)

    return of


_STEADY = {True: "steady", False: "not steady, or not recorded"}


def _or_not(score: object) -> object:
    return "not recorded" if score is None else score


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
