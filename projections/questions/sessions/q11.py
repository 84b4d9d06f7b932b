"""Question 11: who took each person home, and whether they should have."""

from __future__ import annotations

from ledger.events.arrival import Escort
from ledger.events.emergencies import LeftAgainstAdvice, ParticipantTransferred
from ledger.events.fields import Gone
from ledger.events.release import ParticipantDeparted
from ledger.vocabulary import Slot
from projections.compliance.doses import Dose
from projections.compliance.escorts import escort_doses
from projections.compliance.history import History
from projections.compliance.known import Fact, first
from projections.compliance.moments import DAY, as_instant
from projections.questions.answer import Cell, Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.told import everything, positions, told

_BY_MODE = {
    "solo-rideshare": "alone in a hired ride",
    "own-vehicle": "drove themselves, or their own vehicle",
}


@question(
    "11",
    "Who took each dosed person home, and was it an escort who had been dosed, a hired ride alone, or they themselves?",
    section="sessions",
    columns=(
        Column("session", "Session", "record"),
        Column("partner", "Partner"),
        Column("left", "Left", "instant"),
        Column("travel", "How"),
        Column("destination", "Where to"),
        Column("escort", "With whom"),
        Column("name", "Name"),
        Column("escort_dosed", "Escort dosed in the 24 h before", "yes-no"),
        Column("concern", "Concern"),
    ),
    empty="Nobody who was dosed has left yet.",
    reading=(
        "Everybody who was dosed, the first time they left. An escort counts as dosed when they are a participant "
        "with a dose, in any session, at most 24 hours before; whether they might drive by the protocol, REL-07 says. "
        "Empty is what is not on record."
    ),
)
def q11(asked: Asked) -> Found:
    """One row for each person who left, in the order of the sessions."""
    parts = [(history, slot) for history in asked.sessions for slot in asked.slots(history) if history.doses(slot)]
    rows = [found for history, slot in parts if (found := _of(history, slot)) is not None]
    concerning = [each for each in rows if each.values["concern"]]
    evidence = everything(each.evidence for each in concerning)
    return Found(tuple(rows), (figure("concerns", "With a concern", len(concerning), evidence),))


def _of(history: History, slot: Slot) -> Row | None:
    left = first(history.of(slot, ParticipantDeparted, LeftAgainstAdvice, ParticipantTransferred))
    if left is None:
        return None
    mode, destination, escort = _how(left)
    dosed, doses, who = _dosed(history, slot, left, escort)
    return row(
        [*positions(left), *(dose.fact.position for dose in doses)],
        session=history.session,
        partner=slot.upper(),
        left=as_instant(left.at),
        travel=mode,
        destination=destination,
        escort=who or (escort.relationship if isinstance(escort, Escort) else told(escort)),
        name=told(escort.name) if isinstance(escort, Escort) else None,
        escort_dosed=dosed,
        concern="the escort had been dosed" if dosed else _BY_MODE.get(str(mode)),
    )


def _how(left: Fact) -> tuple[Cell, Cell, Escort | Gone | None]:
    match left.event:
        case ParticipantDeparted(mode=mode, destination=destination, escort=escort):
            return told(mode), told(destination), escort
        case LeftAgainstAdvice(mode=mode, destination=destination, escort=escort):
            return told(mode), told(destination), escort
        case _:
            return "emergency-transfer", "hospital", None


def _dosed(
    history: History, slot: Slot, left: Fact, escort: Escort | Gone | None
) -> tuple[bool | None, list[Dose], str]:
    """Whether the escort had been dosed, by which doses, and who they are in the session; None when nobody can tell."""
    if escort is None or isinstance(escort, Gone):
        return None, [], ""
    ties, who = escort_doses(history, slot, escort)
    near = [dose for dose in ties.theirs if left.at - DAY <= dose.at <= left.at]
    perhaps = [dose for dose in ties.perhaps if left.at - DAY <= dose.at <= left.at and dose.fact.stream != left.stream]
    return (True if near else None if perhaps else False), near, who
