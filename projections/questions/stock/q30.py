"""Question 30: somebody's own lozenges used by anyone else, and what is left of each one's own."""

from __future__ import annotations

from fractions import Fraction

from ledger.events.stock import OwnMedicationCheckedIn
from projections.compliance.containers import Held
from projections.compliance.finding import Finding
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.told import unread_note
from projections.said import exact


@question(
    "30",
    "Was anybody's own medication used by anyone else or booked as stock, and what is left of each one's own?",
    section="stock",
    columns=(
        Column("of", "About"),
        Column("session", "Session", "record"),
        Column("partner", "Partner"),
        Column("container", "Container"),
        Column("sentence", "In words"),
        Column("came", "Handed in, mg", "number"),
        Column("given", "Given, mg", "number"),
        Column("wasted", "Wasted, mg", "number"),
        Column("back", "Handed back, mg", "number"),
        Column("left", "Left, mg", "number"),
        Column("units", "Left, units", "number"),
        Column("difference", "Last count less expected, mg", "number"),
    ),
    empty="Nobody handed in medication of their own.",
    reading=(
        "First the breaches of CS-08, by the session and the partner who was given it; then each own container of "
        "these sessions, by the partner who handed it in."
    ),
)
def q30(asked: Asked) -> Found:
    """One row for each wrong use, then one for each own container."""
    wrong = asked.findings("CS-08")
    unread = asked.findings("CS-08", verdicts=("cannot-judge",))
    sessions = {history.session for history in asked.sessions}
    own = [held for held in asked.ledger.containers.all() if held.steps and _is_of(asked, held, sessions)]
    own.sort(key=lambda held: (held.code, held.state.id))
    evidence = [position for each in wrong for position in each.evidence]
    return Found(
        (*(_use(asked, each) for each in wrong), *(_balance(held) for held in own)),
        (figure("count", "Used by anyone else, or booked as stock", len(wrong), evidence),),
        unread_note(len(unread), "whose it is, or who was given it,"),
    )


def _is_of(asked: Asked, held: Held, sessions: set[str]) -> bool:
    state = held.state
    if state.world != "own" or state.owners_session not in sessions:
        return False
    if asked.person is None:
        return True
    return state.owner in asked.ledger.session(state.owners_session).slots_of(asked.person)


def _use(asked: Asked, each: Finding) -> Row:
    return row(
        each.evidence,
        of="use",
        session=each.session,
        partner=each.slot.upper() or None,
        container=_container(asked, each),
        sentence=each.sentence,
        **dict.fromkeys(("came", "given", "wasted", "back", "left", "units", "difference")),
    )


def _container(asked: Asked, each: Finding) -> str | None:
    """Whose container: the handing in is among what the finding rests on."""
    for name in asked.ledger.containers.names():
        if any(fact.position in each.evidence for fact in asked.ledger.on(name, OwnMedicationCheckedIn)):
            return asked.codes.code(name)
    return None


def _balance(held: Held) -> Row:
    state = held.state
    counts = held.counts()
    return row(
        (step.fact.position for step in held.steps),
        of="balance",
        session=state.owners_session or None,
        partner=state.owner.upper() if state.owner in ("a", "b") else None,
        container=held.code,
        sentence=None,
        came=exact(state.came),
        given=exact(state.given),
        wasted=exact(state.wasted),
        back=exact(state.handed_back),
        left=exact(state.balance),
        units=None if not state.per else exact(state.balance / state.per),
        difference=_mg(counts[-1].moved.difference) if counts else None,
    )


def _mg(amount: Fraction | None) -> str | None:
    return None if amount is None else exact(amount)
