"""REL-08: nobody is sent home alone in a hired car, unless the protocol permits it."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.fields import Gone
from ledger.events.release import ParticipantDeparted
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, first
from projections.compliance.moments import as_instant, clock
from projections.compliance.occasions import not_dosed
from projections.compliance.rule import rule

_ALONE = "solo-rideshare"


@rule(
    id="REL-08",
    version="1",
    title="Nobody is sent home alone in a hired car, unless the protocol permits it.",
    severity="M",
    mode="F / I",
    source="a responsible adult goes with them: ambulatory anaesthesia guidance; that it may be permitted is ours [D]",
    trigger="The departure of somebody dosed. One finding per person and session.",
    window="At the departure.",
    evidence="They left in another way, or `solo_rideshare` permits it.",
    parameters=("release.solo_rideshare",),
    verdicts={
        "met": "they left in another way, or it is permitted",
        "breached": "they left alone in a hired car",
        "not-applicable": "not dosed, or not departed",
        "cannot-judge": "how they left cannot be read any more",
    },
)
def rel_08(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    figures = history.figures
    if figures is None:
        return
    for slot in SLOTS:
        yield _of(history, slot, permitted=figures.release.solo_rideshare)


def _of(history: History, slot: Slot, *, permitted: bool) -> Ruling:
    if not history.doses(slot):
        return not_dosed(slot)
    left = first(history.of(slot, ParticipantDeparted))
    if left is None or not isinstance(left.event, ParticipantDeparted):
        return Ruling(slot, "not-applicable", f"{slot.upper()} has not departed.")
    mode = left.event.mode
    if isinstance(mode, Gone):
        words = f"{slot.upper()}: how they left cannot be read any more."
        return Ruling(slot, "cannot-judge", words, (left.position,), causes=("unreadable",))
    alone = mode == _ALONE
    words = "alone in a hired car" if alone else "not alone in a hired car"
    rest = ", which the protocol permits" if alone and permitted else ""
    return Ruling(
        slot,
        "breached" if alone and not permitted else "met",
        f"{slot.upper()} left at {clock(left.at, history.zone)} {words}{rest}.",
        (left.position,),
        made_at=as_instant(left.at),
        causes=("alone",) if alone and not permitted else (),
        act=left.position,
    )
