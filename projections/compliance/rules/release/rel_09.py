"""REL-09: whoever leaves in another way than planned has that written down: what was tried, and what was found."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.arrival import Escort, TransportPlanSigned
from ledger.events.emergencies import EmergencyServicesCalled, LeftAgainstAdvice
from ledger.events.fields import Gone
from ledger.events.release import ParticipantDeparted, TransportPlanDeviationRecorded
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact, first, last
from projections.compliance.moments import clock, minutes
from projections.compliance.obligations import Obligation
from projections.compliance.occasions import not_dosed
from projections.compliance.rule import rule


@rule(
    id="REL-09",
    version="1",
    title="Whoever leaves in another way than planned has that written down: what was tried, and what was found.",
    severity="C",
    mode="F / S",
    source="departures from the transport plan: OAR 333-333-5150(3) to (6); the minutes are ours [D]",
    trigger=(
        "Somebody dosed left by another means, with somebody else or for another kind of place than their latest "
        "transport plan said. One finding per person and session."
    ),
    window="Until `deviation_min` after the departure, equality met; from the plan on.",
    evidence=(
        "`transport-plan-deviation-recorded` of this person with efforts and an alternative; where no alternative was "
        "found, or they drove themselves, `emergency-services-called` as well."
    ),
    parameters=("release.deviation_min",),
    verdicts={
        "met": "they left as planned, or it was written down in time",
        "breached": "it was not, or nothing was tried or found",
        "pending": "not written down yet, and the minutes have not passed",
        "not-applicable": "not dosed, no plan, or not left",
        "cannot-judge": "the plan, the departure or what was written down cannot be read any more",
    },
    notes=(
        "A wish that was refused is no departure; a transfer is AE-03. That there was no plan is PRE-06.",
        "What a leaving against advice leaves empty is not compared.",
    ),
)
def rel_09(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    if history.figures is None:
        return
    for slot in SLOTS:
        yield _of(history, slot, history.figures.release.deviation_min)


def _of(history: History, slot: Slot, within: int) -> Ruling:
    if not history.doses(slot):
        return not_dosed(slot)
    left = first(history.of(slot, ParticipantDeparted, LeftAgainstAdvice))
    if left is None or history.end_of_care(slot) is not left:
        return Ruling(slot, "not-applicable", f"{slot.upper()} has not left.")
    plan = last([fact for fact in history.of(slot, TransportPlanSigned) if fact.at <= left.at])
    if plan is None:
        return Ruling(slot, "not-applicable", f"{slot.upper()} left without a plan.", (left.position,))
    since = (plan, left)
    other, gone = _compared(plan, left)
    if not other:
        when = f"{slot.upper()} left at {clock(left.at, history.zone)}"
        evidence = tuple(fact.position for fact in since)
        if gone:
            words = f"{when}; whether as planned cannot be read any more."
            return Ruling(slot, "cannot-judge", words, evidence, causes=("unreadable",))
        return Ruling(slot, "met", f"{when} as planned.", evidence)
    limit = left.at + minutes(within)
    told = [fact for fact in history.of(slot, TransportPlanDeviationRecorded) if fact.at >= plan.at]
    called = first(history.of(slot, EmergencyServicesCalled))
    drove = _drove(left)
    asked = Obligation(
        f"what was tried and found, after leaving at {clock(left.at, history.zone)} with another "
        f"{' and '.join(other)} than planned",
        limit,
        since,
        made=_made(told, called, drove=drove),
        unread=first([fact for fact in told if _is_gone(fact)]),
        act="written down",
    )
    causes = tuple(f"other-{each}" for each in other) if asked.verdict(history) == "breached" else ()
    return asked.ruling(history, slot, causes=causes, besides=tuple(fact.position for fact in told))


def _compared(plan: Fact, left: Fact) -> tuple[list[str], bool]:
    """What was other than planned, and whether something cannot be compared any more."""
    if not isinstance(plan.event, TransportPlanSigned):
        return [], False
    pairs: dict[str, tuple[object, object]] = {}
    match left.event:
        case ParticipantDeparted(mode=mode, destination=destination, escort=escort):
            pairs = {
                "means": (plan.event.mode, mode),
                "escort": (plan.event.escort, escort),
                "destination": (plan.event.destination, destination),
            }
        case LeftAgainstAdvice(mode=went_by, destination=went_to):
            means, place = (plan.event.mode, went_by), (plan.event.destination, went_to)
            pairs = {
                name: (planned, was)
                for name, (planned, was) in (("means", means), ("destination", place))
                if was is not None
            }
    gone = any(isinstance(value, Gone) for pair in pairs.values() for value in pair)
    readable = {name: pair for name, pair in pairs.items() if not any(isinstance(value, Gone) for value in pair)}
    return [name for name, (planned, was) in readable.items() if not _same(planned, was)], gone


def _same(planned: object, was: object) -> bool:
    if not isinstance(planned, Escort) or not isinstance(was, Escort):
        return planned == was
    for one, other in ((planned.person, was.person), (planned.staff, was.staff), (_name(planned), _name(was))):
        if one is not None and other is not None:
            return one == other
    return planned.relationship == was.relationship


def _name(escort: Escort) -> str | None:
    return None if escort.name is None else escort.name.casefold()


def _drove(left: Fact) -> bool:
    return isinstance(left.event, ParticipantDeparted | LeftAgainstAdvice) and left.event.mode == "own-vehicle"


def _made(told: list[Fact], called: Fact | None, *, drove: bool) -> Fact | None:
    """What completed it: the deviation, or the later of it and the call where there has to be one."""
    for fact in told:
        event = fact.event
        if not isinstance(event, TransportPlanDeviationRecorded) or _is_gone(fact) or not event.efforts:
            continue
        if event.alternative not in (None, "own-vehicle") and not drove:
            return fact
        if called is not None:
            return called if called.at > fact.at else fact
    return None


def _is_gone(fact: Fact) -> bool:
    event = fact.event
    return isinstance(event, TransportPlanDeviationRecorded) and (
        isinstance(event.efforts, Gone) or isinstance(event.alternative, Gone)
    )
