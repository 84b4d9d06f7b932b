"""REL-13: nobody is told that they may drive sooner than the rule says."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ledger.events.parameters import ReleaseFigures
from ledger.events.release import ReleaseAuthorised
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.moments import as_instant, clock, day_and_clock, to_second
from projections.compliance.no_drive import no_drive_until
from projections.compliance.releases import of_releases
from projections.compliance.rule import GateOf, rule


@rule(
    id="REL-13",
    version="1",
    title="Nobody is told that they may drive sooner than the rule says.",
    severity="C",
    mode="X `release-authorised` with a shorter value; F what was recorded all the same / S",
    source="the next day after a restful sleep: Spravato REMS; 24 h in studies of driving; both together are ours [D]",
    trigger="A release of somebody dosed. One finding per person and session.",
    window=(
        "`no_drive_until` of the release is at least the later of the next local day at `no_drive_next_day` and "
        "`no_drive_h` after each dose given before it, equality met."
    ),
    evidence="The value in the release; a longer one is allowed.",
    parameters=("release.no_drive_h", "release.no_drive_next_day"),
    verdicts={
        "met": "the value is late enough for every dose",
        "breached": "it is too early, or a later dose made it so",
        "not-applicable": "not dosed, or not released",
    },
    notes=("A dose after the release makes its value void: it is judged against that dose too.",),
    gate=GateOf(ReleaseAuthorised, override=None, otherwise="A release with the later time."),
)
def rel_13(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    figures = history.figures
    if figures is None:
        return
    for slot in SLOTS:
        yield of_releases(history, slot, _judged(history, slot, figures.release))


def _judged(history: History, slot: Slot, figures: ReleaseFigures) -> Callable[[Fact, ReleaseAuthorised], Ruling]:
    def of(release: Fact, event: ReleaseAuthorised) -> Ruling:
        doses = history.doses(slot)
        needed = max(no_drive_until(dose, figures) for dose in doses)
        told = to_second(event.no_drive_until.at)
        early = told < needed
        return Ruling(
            slot,
            "breached" if early else "met",
            f"{slot.upper()}: released at {clock(release.at, history.zone)}, not to drive until "
            f"{day_and_clock(told, history.zone)}; {day_and_clock(needed, history.zone)} is asked for.",
            (release.position, *(dose.fact.position for dose in doses)),
            due=as_instant(needed),
            made_at=as_instant(release.at),
            causes=("too-early",) if early else (),
            act=release.position,
        )

    return of
