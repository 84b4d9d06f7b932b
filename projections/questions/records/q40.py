"""Question 40: what was shown of a couple to lawyers and courts, and whether each partner had allowed it."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.events.fields import Gone
from ledger.events.requests import DisclosureMade
from projections.compliance.disclosed import allows, partners_of
from projections.compliance.known import Fact
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.records.people import day_of, on_people
from projections.questions.told import everything, told

WORDS = ("attorney", "counsel", "court", "custody", "divorce", "judge", "law", "lawyer", "legal", "litigation",
         "solicitor", "subpoena")  # fmt: skip
"""What tells that a purpose or a recipient has to do with the law [D]."""


@question(
    "40",
    "What was shown of each couple to lawyers or courts, and had each partner allowed it?",
    section="records",
    columns=(
        Column("couple", "Couple"),
        Column("person", "Whose record", "record"),
        Column("day", "Day"),
        Column("recipient", "To whom"),
        Column("content", "What"),
        Column("purpose", "What for"),
        Column("basis", "Ground"),
        Column("partner_left_out", "Partner left out", "yes-no"),
        Column("own", "They had allowed it", "yes-no"),
        Column("partner", "The partner had allowed it", "yes-no"),
    ),
    takes=("from", "to", "couple", "person"),
    empty="Nothing was shown to a lawyer or a court.",
    reading=(
        "Disclosures on the ground of a court, or whose purpose or recipient says so by one of these words: "
        + ", ".join(WORDS)
        + " [D]; also those of which none of it can be read any more. Allowed is what each had signed for this "
        "recipient and this content, valid on that day and not taken back; empty where that cannot be read, or there "
        "is no partner."
    ),
)
def q40(asked: Asked) -> Found:
    """One row for each disclosure."""
    rows = [_row(asked, fact) for fact in on_people(asked, DisclosureMade) if _is_legal(fact) and _is_of(asked, fact)]
    without = [each for each in rows if each.values["own"] is False and each.values["basis"] != "court"]
    figures = (
        figure("count", "Disclosures", len(rows), everything(each.evidence for each in rows)),
        figure("without", "Neither ordered nor allowed", len(without), everything(each.evidence for each in without)),
    )
    return Found(tuple(rows), figures)


def _row(asked: Asked, fact: Fact) -> Row:
    event, ledger = fact.event, asked.ledger
    own, signed = allows(ledger, fact.stream, fact)
    partners = [each for each in partners_of(ledger, fact.stream).values() if isinstance(each, str)]
    theirs = [allows(ledger, partner, fact) for partner in partners]
    values = {name: told(getattr(event, name)) for name in ("recipient", "content", "purpose", "basis")}
    return row(
        [fact.position, *signed, *(position for _, by in theirs for position in by)],
        couple=", ".join(asked.codes.code(each) for each in _couples(asked, fact)) or None,
        person=fact.stream,
        day=day_of(asked, fact),
        partner_left_out=told(getattr(event, "partner_left_out", None)),
        own=own,
        partner=_all(each for each, _ in theirs) if theirs else None,
        **values,
    )


def _all(answers: Iterable[bool | None]) -> bool | None:
    """Whether all said yes; None if one cannot be read and none said no."""
    found = list(answers)
    return False if False in found else None if None in found else True


def _couples(asked: Asked, fact: Fact) -> list[str]:
    found = (history.couple for history, _ in asked.ledger.sessions_of(fact.stream))
    return list(dict.fromkeys(each for each in found if each is not None))


def _is_of(asked: Asked, fact: Fact) -> bool:
    return asked.couple is None or asked.couple in _couples(asked, fact)


def _is_legal(fact: Fact) -> bool:
    event = fact.event
    if not isinstance(event, DisclosureMade):
        return False
    said = [event.basis, event.purpose, event.recipient]
    read = [each.casefold() for each in said if not isinstance(each, Gone)]
    return not read or event.basis == "court" or any(word in _words_of(each) for each in read for word in WORDS)


def _words_of(text: str) -> list[str]:
    return "".join(each if each.isalpha() else " " for each in text).split()
