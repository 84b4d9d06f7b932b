"""Question 13: one session minute by minute, both partners side by side, with all that was known by then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from ledger.events.stock import OwnMedicationCheckedIn, OwnMedicationCheckedOut
from ledger.reading import PlacedEvent
from projections.compliance.history import History
from projections.compliance.known import Fact
from projections.compliance.moments import as_instant
from projections.questions.answer import Column, Found, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.session_rows import phrase_of


@dataclass
class _Minute:
    """What happened in one minute: to A, to B, to both, and where it stands."""

    said: dict[str, list[str]] = field(default_factory=lambda: {"a": [], "b": [], "both": []})
    evidence: list[int] = field(default_factory=list)


@question(
    "13",
    "What happened in a session, minute by minute, to both partners, by all that was known at that time?",
    section="sessions",
    columns=(
        Column("minute", "Minute", "instant"),
        Column("a", "A"),
        Column("b", "B"),
        Column("both", "Both"),
    ),
    empty="Nothing is on record.",
    reading=(
        "One session: the one that is named, else the last of those that the filters leave. Ask it with `--known-at` "
        "for what was known at a time: what was written down later is then missing, and what was corrected later "
        "stands as it was. With a participant named, nothing of their partner is told."
    ),
)
def q13(asked: Asked) -> Found:
    """One row for each minute in which something happened."""
    if not asked.sessions:
        return Found(())
    *_, history = asked.sessions
    rows = [
        row(found.evidence, minute=as_instant(minute), **{slot: "; ".join(said) or None for slot, said in _told(found)})
        for minute, found in sorted(_minutes(asked, history).items())
    ]
    changed = sum(not standing.is_untouched for standing in history.entries())
    notes = [f"This is {history.session}."]
    if changed:
        notes.append(f"Corrected or voided by then: {changed} of its entries. What counts is shown.")
    return Found(tuple(rows), (), tuple(notes))


def _told(minute: _Minute) -> Iterator[tuple[str, list[str]]]:
    yield from minute.said.items()


def _minutes(asked: Asked, history: History) -> dict[datetime, _Minute]:
    found: dict[datetime, _Minute] = {}
    slots = set(asked.slots(history))
    for fact in [*history.facts, *_containers(history)]:
        placed = _placed(history, fact)
        if placed is None:
            continue
        phrase = phrase_of(placed)
        parts = {"a": phrase.a, "b": phrase.b, "both": phrase.joint}
        if phrase.slot in ("a", "b"):
            parts = {"both": "", "a": "", "b": "", phrase.slot: phrase.joint}
        said = {slot: words for slot, words in parts.items() if words and (slot == "both" or slot in slots)}
        if said:
            minute = found.setdefault(fact.at.replace(second=0), _Minute())
            minute.evidence.append(fact.position)
            for slot, words in said.items():
                minute.said[slot].append(asked.codes.in_words(words))
    return found


def _containers(history: History) -> list[Fact]:
    """Own medication that was handed in or out for this session."""
    handed = history.ledger.everywhere("stock", OwnMedicationCheckedIn, OwnMedicationCheckedOut)
    return [fact for fact in handed if getattr(fact.event, "session", None) == history.session]


def _placed(history: History, fact: Fact) -> PlacedEvent | None:
    """The entry behind a fact, saying what counts."""
    entries = history.ledger.known.entries.get(fact.stream if fact.stream.startswith("stock/") else history.session, ())
    found = next((each for each in entries if each.position == fact.position), None)
    return None if found is None else replace(found, event=fact.event)
