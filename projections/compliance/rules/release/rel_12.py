"""REL-12: who came in their own vehicle does not go home in it: keys or vehicle are accounted for."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.arrival import ParticipantCheckedIn
from ledger.events.emergencies import LeftAgainstAdvice, ParticipantTransferred
from ledger.events.fields import Gone
from ledger.events.release import EscortVerified, NoDrivingReleaseSigned
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact, last
from projections.compliance.moments import as_instant, clock
from projections.compliance.occasions import not_dosed
from projections.compliance.rule import rule


@rule(
    id="REL-12",
    version="1",
    title="Of whoever came in their own vehicle it is recorded what became of keys or vehicle.",
    severity="m",
    mode="F / I",
    source="reasonable efforts that a client does not drive: OAR 333-333-5150",
    trigger="Somebody dosed who came in their own vehicle is released, or leaves. One finding per person and session.",
    window="By the release; by the leaving of somebody who leaves without one.",
    evidence=(
        "Keys kept or the vehicle left on site by `no-driving-release-signed`, keys kept by `left-against-advice`, or "
        "the vehicle that is named in `escort-verified`."
    ),
    parameters=(),
    verdicts={
        "met": "it was recorded by then",
        "breached": "it was not",
        "not-applicable": "not dosed, not come in their own vehicle, still here, or transferred",
        "cannot-judge": "how they came, or what was recorded, cannot be read any more",
    },
    notes=("That neither was kept says nothing of where they are, and does not count.",),
)
def rel_12(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    for slot in SLOTS:
        yield _of(history, slot)


def _of(history: History, slot: Slot) -> Ruling:
    if not history.doses(slot):
        return not_dosed(slot)
    who, came, end = slot.upper(), last(history.of(slot, ParticipantCheckedIn)), history.end_of_checks(slot)
    if came is None or not isinstance(came.event, ParticipantCheckedIn):
        return Ruling(slot, "not-applicable", f"{who}: how they came is not on record.")
    arrived = came.event.arrived
    if isinstance(arrived, Gone):
        words = f"{who}: how they came cannot be read any more."
        return Ruling(slot, "cannot-judge", words, (came.position,), causes=("unreadable",))
    if arrived != "own-vehicle":
        return Ruling(slot, "not-applicable", f"{who} did not come in their own vehicle.", (came.position,))
    if end is None or isinstance(end.event, ParticipantTransferred):
        words = f"{who} came in their own vehicle, and was not released to go home."
        return Ruling(slot, "not-applicable", words, (came.position,))
    told = history.of(slot, NoDrivingReleaseSigned, EscortVerified, LeftAgainstAdvice)
    told = [fact for fact in told if fact.at <= end.at]
    kept = next((fact for fact in told if _tells(fact) is True), None)
    unread = next((fact for fact in told if _tells(fact) is None), None)
    decided = kept or unread
    evidence = (came.position, end.position, *(() if decided is None else (decided.position,)))
    when = f"{who} came in their own vehicle; by {clock(end.at, history.zone)}, when they were free to go,"
    if kept is not None:
        words, made = f"{when} keys or vehicle were accounted for.", as_instant(kept.at)
        return Ruling(slot, "met", words, evidence, made_at=made, act=end.position)
    if unread is not None:
        words = f"{when} what was recorded of keys and vehicle cannot be read any more."
        return Ruling(slot, "cannot-judge", words, evidence, causes=("unreadable",))
    words = f"{when} nothing was recorded of keys or vehicle."
    return Ruling(
        slot, "breached", words, evidence, made_at=as_instant(end.at), causes=("not-recorded",), act=end.position
    )


def _tells(fact: Fact) -> bool | None:
    """Whether it tells what became of them; None when that cannot be read any more."""
    match fact.event:
        case NoDrivingReleaseSigned(keys_secured=keys, vehicle_on_site=vehicle):
            values: tuple[object, ...] = (keys, vehicle)
        case EscortVerified(vehicle=vehicle_named):
            values = (vehicle_named,)
        case LeftAgainstAdvice(keys_secured=kept):
            values = (kept,)
        case _:
            return False
    if any(value and not isinstance(value, Gone) for value in values):
        return True
    return None if any(isinstance(value, Gone) for value in values) else False
