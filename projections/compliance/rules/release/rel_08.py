"""REL-08: nobody is sent home alone in a hired car, unless the protocol permits it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from ledger.events.arrival import TransportPlanSigned
from ledger.events.fields import Gone
from ledger.events.release import ParticipantDeparted, ReleaseAuthorised, TransportPlanDeviationRecorded
from ledger.vocabulary import Slot, TravelMode
from projections.compliance.escorts import STAYING
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact, first
from projections.compliance.moments import as_instant, clock
from projections.compliance.occasions import not_dosed
from projections.compliance.rule import GateOf, rule

_ALONE = "solo-rideshare"


@rule(
    id="REL-08",
    version="1",
    title="Nobody is sent home alone in a hired car, unless the protocol permits it.",
    severity="M",
    mode="B `release-authorised`; F / I",
    source="a responsible adult goes with them: ambulatory anaesthesia guidance; that it may be permitted is ours [D]",
    trigger=(
        "The departure of somebody dosed; before it, at the gate, their release. One finding per person and session."
    ),
    window="At the departure; at the gate, by what was last said of how they are to leave.",
    evidence="They left in another way, or `solo_rideshare` permits it.",
    parameters=("release.solo_rideshare",),
    verdicts={
        "met": "they left in another way, or it is permitted",
        "breached": "they left alone in a hired car",
        "not-applicable": "not dosed, or not departed",
        "cannot-judge": "how they left cannot be read any more",
    },
    notes=("At the gate it asks the plan that was signed, or the alternative that was found later.",),
    gate=GateOf(ReleaseAuthorised, override="prescriber", opened_by=(TransportPlanDeviationRecorded,)),
)
def rel_08(history: History) -> Iterator[Ruling]:
    """One ruling for each person; before a release of how they are to leave by what was last planned."""
    figures = history.figures
    if figures is None:
        return
    for slot in SLOTS:
        yield _of(history, slot, permitted=figures.release.solo_rideshare)


def _of(history: History, slot: Slot, *, permitted: bool) -> Ruling:
    if not history.doses(slot):
        return not_dosed(slot)
    told = _departed(history, slot) if history.proposed is None else _planned(history, slot, history.proposed)
    if told is None:
        return Ruling(slot, "not-applicable", f"{slot.upper()} has not departed.")
    act, source, mode, how = told
    evidence = tuple(dict.fromkeys((source.position, act.position)))
    if isinstance(mode, Gone):
        words = f"{slot.upper()}: {_UNREAD[how]} cannot be read any more."
        return Ruling(slot, "cannot-judge", words, evidence, causes=("unreadable",))
    alone = mode == _ALONE
    words = "alone in a hired car" if alone else "not alone in a hired car"
    rest = ", which the protocol permits" if alone and permitted else ""
    return Ruling(
        slot,
        "breached" if alone and not permitted else "met",
        f"{slot.upper()} {how} at {clock(act.at, history.zone)} {words}{rest}.",
        evidence,
        made_at=as_instant(act.at),
        causes=("alone",) if alone and not permitted else (),
        act=act.position,
    )


_LEFT, _LEAVES = "left", "is to be released"
_UNREAD = {_LEFT: "how they left", _LEAVES: "how they are to leave"}
_Told: TypeAlias = tuple[Fact, Fact, TravelMode | Gone, str]
"""The departure or the release to come, the entry that says how, what it says, and that in words."""


def _departed(history: History, slot: Slot) -> _Told | None:
    left = first(history.of(slot, ParticipantDeparted))
    if left is None or not isinstance(left.event, ParticipantDeparted):
        return None
    return left, left, left.event.mode, _LEFT


def _planned(history: History, slot: Slot, release: Fact) -> _Told | None:
    """The plan that was signed, or what was found instead of it, whichever was said last."""
    event = release.event
    if release.stream != f"{history.session}/{slot}" or not isinstance(event, ReleaseAuthorised):
        return None
    if event.disposition in STAYING:
        return None
    said = [(fact, _mode(fact)) for fact in history.of(slot, TransportPlanSigned, TransportPlanDeviationRecorded)]
    known = [(fact, mode) for fact, mode in said if mode is not None and fact.at <= release.at]
    if not known:
        return None
    *_, (fact, mode) = known
    return release, fact, mode, _LEAVES


def _mode(fact: Fact) -> TravelMode | Gone | None:
    match fact.event:
        case TransportPlanSigned(mode=mode) | TransportPlanDeviationRecorded(alternative=mode):
            return mode
        case _:
            return None
