"""Question 45: what was probably written down twice, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from ledger.effective import Standing
from ledger.events.corrections import EntryVoided
from ledger.events.dosing import DoseAdministered
from ledger.events.holds import DosesConfirmedDistinct
from ledger.reading import PlacedEvent
from ledger.vocabulary import Slot
from projections.compliance.history import History
from projections.compliance.moments import as_instant, minutes
from projections.questions.answer import Cell, Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import SESSIONS, question
from projections.questions.records.entries import named
from projections.questions.told import everything, minutes_over


@question(
    "45",
    "What was probably written down twice, and how was it resolved?",
    section="records",
    columns=(
        Column("session", "Session", "record"),
        Column("partner", "Partner"),
        Column("type", "Type"),
        Column("first", "First", "instant"),
        Column("second", "Second", "instant"),
        Column("minutes", "Minutes apart", "number"),
        Column("mg", "mg"),
        Column("state", "Resolved"),
        Column("by", "By"),
        Column("at", "When", "instant"),
    ),
    takes=SESSIONS,
    empty="Nothing was probably written down twice.",
    reading=(
        "Two doses of one person in a session, of the same mg from the same container or label, as they were signed, "
        "at most `duplicate_min` apart by the protocol (15 min by default): REC-09 without what was done about it. And "
        "every other entry that was voided as a duplicate; of these nobody says which is the other one."
    ),
)
def q45(asked: Asked) -> Found:
    """One row for each pair, and for each other entry that was voided as a duplicate."""
    rows = [found for history in asked.sessions for slot in asked.slots(history) for found in _of(asked, history, slot)]
    unresolved = [each for each in rows if each.values["state"] == "open"]
    figures = (
        figure("count", "Found", len(rows), everything(each.evidence for each in rows)),
        figure("open", "Not resolved", len(unresolved), everything(each.evidence for each in unresolved)),
    )
    return Found(tuple(rows), figures)


def _of(asked: Asked, history: History, slot: Slot) -> Iterator[Row]:
    spoken = {each.original.position: each for each in history.entries()}
    told: set[int] = set()
    for first, second in _pairs(history, slot):
        state, resolved = _resolution(history, slot, (first, second), spoken)
        told |= {first.position, second.position}
        yield _row(asked, history, slot, first, second, state, resolved)
    for standing in spoken.values():
        entry = standing.original
        if entry.stream == f"{history.session}/{slot}" and entry.position not in told:
            for voided in _voided_as_duplicate(standing):
                yield _row(asked, history, slot, entry, None, "voided", voided)


def _pairs(history: History, slot: Slot) -> Iterator[tuple[PlacedEvent, PlacedEvent]]:
    """The doses as they were signed, each pair once."""
    if history.figures is None:
        return
    near = minutes(history.figures.dose.duplicate_min)
    own = [
        placed
        for placed in history.ledger.known.entries[history.session]
        if placed.stream == f"{history.session}/{slot}" and placed.position < history.size
        if isinstance(placed.event, DoseAdministered) and history.fact(placed).at <= history.as_of
    ]
    for first, second in combinations(sorted(own, key=lambda each: (history.fact(each).at, each.position)), 2):
        if history.fact(second).at - history.fact(first).at <= near and _alike(first, second):
            yield first, second


def _alike(first: PlacedEvent, second: PlacedEvent) -> bool:
    one, other = first.event, second.event
    if not isinstance(one, DoseAdministered) or not isinstance(other, DoseAdministered):
        return False
    same_label = one.label is not None and one.label == other.label
    return one.mass.mg == other.mass.mg and (one.container == other.container or same_label)


def _resolution(
    history: History, slot: Slot, pair: Sequence[PlacedEvent], spoken: dict[int, Standing]
) -> tuple[str, PlacedEvent | None]:
    """What became of a pair, and the entry that says so."""
    for each in pair:
        standing = spoken.get(each.position)
        if standing is not None and standing.counts is None:
            voids = [said.change for said in standing.said if isinstance(said.change.event, EntryVoided)]
            return ("the other partner's" if standing.status == "reattributed-away" else "one voided"), voids[-1]
        if standing is not None and standing.status == "corrected":
            return "one corrected", standing.said[-1].change
    digs = {each.dig for each in pair}
    disputed = {position for position, each in spoken.items() if each.status == "disputed"}
    for fact in reversed(history.of(slot, DosesConfirmedDistinct)):
        named_ = fact.event.doses if isinstance(fact.event, DosesConfirmedDistinct) else ()
        if digs <= {dose.dig for dose in named_} and fact.position not in disputed:
            return "two doses", history.entry(fact.dig)
    return "open", None


def _voided_as_duplicate(standing: Standing) -> list[PlacedEvent]:
    return [
        said.change
        for said in standing.said
        if isinstance(said.change.event, EntryVoided) and said.change.event.reason == "duplicate"
        if standing.counts is None
    ]


def _row(
    asked: Asked,
    history: History,
    slot: Slot,
    first: PlacedEvent,
    second: PlacedEvent | None,
    state: str,
    resolved: PlacedEvent | None,
) -> Row:
    at = history.fact(first).at
    again = None if second is None else history.fact(second).at
    mg: Cell = first.event.mass.value if isinstance(first.event, DoseAdministered) else None
    return row(
        [each.position for each in (first, second, resolved) if each is not None],
        session=history.session,
        partner=slot.upper(),
        type=first.event.type,
        first=as_instant(at),
        second=as_instant(again),
        minutes=None if again is None else minutes_over(again - at),
        mg=mg,
        state=state,
        by=None if resolved is None else named(asked, resolved.payload.attested[0].by),
        at=None if resolved is None else resolved.payload.occurred.at,
    )
