"""The release register: who may not drive, until when, and in whose care they left."""

from __future__ import annotations

from ledger.encoding import to_instant
from ledger.events.emergencies import ParticipantTransferred
from ledger.events.fields import Gone
from ledger.events.release import ParticipantDeparted, ReleaseAuthorised
from ledger.vocabulary import Slot
from projections.compliance.history import History
from projections.compliance.known import Fact, last
from projections.compliance.moments import as_instant
from projections.compliance.no_drive import no_drive_until
from projections.questions.answer import Cell, Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question


@question(
    "release-register",
    "Who may not drive, until when, and in whose care?",
    section="views",
    columns=(
        Column("session", "Session", "record"),
        Column("partner", "Partner"),
        Column("last_dose", "Last dose", "instant"),
        Column("released", "Released", "instant"),
        Column("left", "Left", "instant"),
        Column("no_drive_until", "No driving until", "instant"),
        Column("still", "Still in force", "yes-no"),
        Column("travel", "How they left"),
        Column("care", "In whose care"),
    ),
    empty="Nobody was dosed in these sessions.",
    reading=(
        "Everybody who was dosed. The end is what was said at release; where nobody said it, or it is earlier than "
        "the protocol asks for, the protocol's."
    ),
)
def release_register(asked: Asked) -> Found:
    """One row for each dosed person and session, in the order of the sessions."""
    parts = [(history, slot) for history in asked.sessions for slot in asked.slots(history)]
    rows = [found for history, slot in parts if (found := _of(asked, history, slot)) is not None]
    bound = [each for each in rows if each.values["still"]]
    evidence = [position for each in bound for position in each.evidence]
    return Found(tuple(rows), (figure("still", "May not drive now", len(bound), evidence),))


def _of(asked: Asked, history: History, slot: Slot) -> Row | None:
    doses = history.doses(slot)
    if not doses:
        return None
    dose = doses[-1]
    released = last([each for each in history.of(slot, ReleaseAuthorised) if each.at >= dose.at])
    left = last(history.of(slot, ParticipantDeparted, ParticipantTransferred))
    until = _until(history, slot, released)
    facts = [dose.fact, *(each for each in (released, left) if each is not None)]
    return row(
        [each.position for each in facts],
        session=history.session,
        partner=slot.upper(),
        last_dose=as_instant(dose.at),
        released=None if released is None else as_instant(released.at),
        left=None if left is None else as_instant(left.at),
        no_drive_until=until,
        still=until is not None and until > to_instant(asked.ledger.as_of),
        travel=_travel(left),
        care=_care(left),
    )


def _until(history: History, slot: Slot, released: Fact | None) -> str | None:
    """The later of what was said and what the protocol asks for after the last dose."""
    *_, dose = history.doses(slot)
    asked_for = None if history.figures is None else as_instant(no_drive_until(dose, history.figures.release))
    said = released.event.no_drive_until.at if released and isinstance(released.event, ReleaseAuthorised) else None
    return max((each for each in (asked_for, said) if each is not None), default=None)


def _travel(left: Fact | None) -> Cell:
    match None if left is None else left.event:
        case ParticipantDeparted(mode=mode):
            return mode.why if isinstance(mode, Gone) else mode
        case ParticipantTransferred():
            return "emergency-transfer"
        case _:
            return None


def _care(left: Fact | None) -> Cell:
    match None if left is None else left.event:
        case ParticipantDeparted(escort=escort):
            return escort.why if isinstance(escort, Gone) else "nobody" if escort is None else "an escort"
        case ParticipantTransferred():
            return "the receiving hospital"
        case _:
            return None
