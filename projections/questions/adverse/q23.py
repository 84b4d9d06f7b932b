"""Question 23: contacts after the session that were not made in time, and people who drove too early."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.afterwards import FollowUpContactMade
from ledger.events.fields import Gone
from ledger.vocabulary import Slot
from projections.compliance.history import History
from projections.compliance.moments import as_instant
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.told import everything, positions, unread_note


@question(
    "23",
    "Who was not asked in time after the session, and who said that they drove too early?",
    section="adverse",
    columns=(
        Column("session", "Session", "record"),
        Column("partner", "Partner"),
        Column("what", "What"),
        Column("limit", "At the latest", "instant"),
        Column("at", "Asked", "instant"),
        Column("sentence", "In words"),
    ),
    empty="Everybody was asked in time, and nobody said that they drove too early.",
    reading=(
        "The breaches of FU-01, in the protocol's window after the end of care, by default 12 to 36 hours [D]; and "
        "every contact at which somebody said that they drove before they might, whenever it was."
    ),
)
def q23(asked: Asked) -> Found:
    """One row for each contact not made and each early drive, in the order of the sessions."""
    missed = asked.findings("FU-01")
    rows = [
        row(
            each.evidence,
            session=each.session,
            partner=each.slot.upper(),
            what="not asked in time",
            limit=each.limit,
            at=each.made_at,
            sentence=each.sentence,
        )
        for each in missed
    ]
    parts = [(history, slot) for history in asked.sessions for slot in asked.slots(history)]
    early = [found for history, slot in parts for found in _early(history, slot)]
    unread = sum(_is_unread(history, slot) for history, slot in parts)
    figures = (
        figure("missed", "Not asked in time", len(rows), everything(each.evidence for each in rows)),
        figure("early", "Drove too early", len(early), everything(each.evidence for each in early)),
    )
    return Found((*rows, *early), figures, unread_note(unread, "whether they drove"))


def _early(history: History, slot: Slot) -> Iterator[Row]:
    for fact in history.of(slot, FollowUpContactMade):
        if isinstance(fact.event, FollowUpContactMade) and fact.event.drove_before_window is True:
            yield row(
                positions(fact),
                session=history.session,
                partner=slot.upper(),
                what="drove too early",
                limit=None,
                at=as_instant(fact.at),
                sentence=f"{slot.upper()} said that they drove before they might.",
            )


def _is_unread(history: History, slot: Slot) -> bool:
    contacts = history.of(slot, FollowUpContactMade)
    return any(isinstance(getattr(fact.event, "drove_before_window", None), Gone) for fact in contacts)
