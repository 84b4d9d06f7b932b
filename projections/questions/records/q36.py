"""Question 36: entries that were the other partner's, and whether they had left with the wrong one's record."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.effective import Standing
from ledger.events.access import SysRecordExported
from ledger.events.corrections import EntryReattributed, EntryVoided
from ledger.events.fields import Gone
from ledger.events.requests import DisclosureMade
from ledger.reading import PlacedEvent
from projections.compliance.disclosed import Strayed
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.moments import as_instant
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import SESSIONS, question
from projections.questions.records.entries import named
from projections.questions.told import everything


@question(
    "36",
    "Which entries stood on the wrong partner's record, and had they left with it?",
    section="records",
    columns=(
        Column("record", "Session", "record"),
        Column("entry", "Entry", "number"),
        Column("type", "Type"),
        Column("stood_on", "Stood on"),
        Column("belongs_to", "Belongs to"),
        Column("by", "Who found it"),
        Column("at", "When", "instant"),
        Column("confirmed", "Second person"),
        Column("left", "Left with the wrong one's record", "yes-no"),
        Column("first", "First", "instant"),
        Column("times", "Times", "number"),
    ),
    takes=SESSIONS,
    empty="No entry stood on the wrong partner's record.",
    reading=(
        "One row for each `entry-reattributed`. It left with every copy and every disclosure of the wrong partner's "
        "record, or of the whole session, in which it was; a disclosure whose content cannot be read counts. Whether "
        "the partner had allowed it, REC-11 says."
    ),
)
def q36(asked: Asked) -> Found:
    """One row for each entry, in the order of the sessions."""
    rows = [found for history in asked.sessions for found in _of(asked, history)]
    left = [each for each in rows if each.values["left"]]
    figures = (
        figure("count", "Entries", len(rows), everything(each.evidence for each in rows)),
        figure("left", "Left with the wrong one's record", len(left), everything(each.evidence for each in left)),
    )
    return Found(tuple(rows), figures)


def _of(asked: Asked, history: History) -> Iterator[Row]:
    links = [each for each in history.entries() if isinstance(each.original.event, EntryReattributed)]
    linked = {each.original.position: each for each in links}
    for standing in history.entries():
        for slot in asked.slots(history):
            strayed = Strayed(history, slot, standing)
            link = _link(standing, linked)
            if link is not None and standing.original.stream == strayed.record:
                yield _row(asked, strayed, link)


def _link(standing: Standing, links: dict[int, Standing]) -> PlacedEvent | None:
    """The reattribution that says of an entry that it was the other's."""
    voids = {said.change.dig for said in standing.said if isinstance(said.change.event, EntryVoided)}
    for each in links.values():
        event = each.original.event
        if isinstance(event, EntryReattributed) and event.voided.dig in voids:
            return each.original
    return None


def _row(asked: Asked, strayed: Strayed, link: PlacedEvent) -> Row:
    left = sorted(_left(asked, strayed), key=lambda fact: fact.at)
    other = next(slot for slot in SLOTS if slot != strayed.slot)
    entry = strayed.entry
    second = [each for said in entry.said for each in said.seconds if each.confirms]
    return row(
        [strayed.position, link.position, *(each.position for each in second), *(fact.position for fact in left)],
        record=strayed.history.session,
        entry=strayed.position,
        type=entry.original.event.type,
        stood_on=strayed.slot.upper(),
        belongs_to=other.upper(),
        by=named(asked, link.payload.attested[0].by),
        at=link.payload.occurred.at,
        confirmed=", ".join(named(asked, each.by) for each in second) or None,
        left=bool(left),
        first=as_instant(left[0].at) if left else None,
        times=len(left),
    )


def _left(asked: Asked, strayed: Strayed) -> Iterator[Fact]:
    """Every copy and disclosure in which it was."""
    ledger = asked.ledger
    yield from (fact for fact in ledger.everywhere("access", SysRecordExported) if strayed.left_with(fact))
    person = strayed.history.person(strayed.slot)
    for fact in () if isinstance(person, Gone) else ledger.on(person, DisclosureMade):
        content = getattr(fact.event, "content", ())
        if strayed.position < fact.position and (isinstance(content, Gone) or strayed.is_in(content)):
            yield fact
