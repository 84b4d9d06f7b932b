"""Question 15: how often people who came to be dosed decline, at which stage, and with a concern about pressure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ledger.events.dosing import DoseDeclined
from ledger.events.fields import Gone
from ledger.events.lifecycle import SessionOpened
from ledger.vocabulary import Slot
from projections.compliance.history import History
from projections.compliance.known import SLOTS
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.small_groups import SMALLEST, WHERE
from projections.questions.told import unread_note


class _Came(NamedTuple):
    """One person who came to be dosed, where that session was opened, and what they declined."""

    opened: int
    declined: tuple[DoseDeclined, ...]


_NOTE = f"Shown only where at least {SMALLEST} declined and at least {SMALLEST} did not: nobody learns that one did."


@question(
    "15",
    "How often do people who came to be dosed decline, at which stage, and with a concern about pressure?",
    section="sessions",
    columns=(
        Column("what", "What"),
        Column("group", "Group"),
        Column("count", "People and sessions", "number"),
        Column("percent", "Per cent"),
    ),
    takes=WHERE,
    empty="Too few declined for anything to be shown, or nobody.",
    reading=(
        "Only where at least five declined and five did not [D]. Nobody is named, and the events behind a row are the "
        "openings of all the sessions that were counted, never the entry of whoever declined. One is counted for each "
        "person and session they came to be dosed in; per cent is of all of these. Somebody may decline at both stages."
    ),
)
def q15(asked: Asked) -> Found:
    """The counts of each breakdown."""
    came = [found for history in asked.sessions for slot in SLOTS if (found := _came(history, slot)) is not None]
    unread = [history for history in asked.sessions for slot in SLOTS if _is_unread(history, slot)]
    breakdowns = {
        "first dose": _parted(came, lambda said: said.stage == "first"),
        "further dose": _parted(came, lambda said: said.stage == "redose"),
        "concern about pressure": _parted(came, lambda said: said.pressure_concern is True),
    }
    rows = [
        _row(what, name, len(items), came)
        for what, groups in breakdowns.items()
        for name, items in groups.items()
        if all(len(each) >= SMALLEST for each in groups.values())
    ]
    total = len(came) >= SMALLEST
    return Found(
        tuple(rows),
        (figure("came", "Came to be dosed", len(came), _openings(came)),) if total else (),
        (_NOTE, *unread_note(len(unread), "whether they came to be dosed, or what they declined")),
    )


def _came(history: History, slot: Slot) -> _Came | None:
    """Somebody who came to be dosed, when it can be read what they declined."""
    if _role(history, slot) != "dosing" or _is_unread(history, slot) or history.opening is None:
        return None
    said = tuple(fact.event for fact in history.of(slot, DoseDeclined) if isinstance(fact.event, DoseDeclined))
    return _Came(history.opening.position, said)


def _role(history: History, slot: Slot) -> object:
    opening = history.opening
    if opening is None or opening.at > history.as_of or not isinstance(opening.event, SessionOpened):
        return None
    return opening.event.role_a if slot == "a" else opening.event.role_b


def _is_unread(history: History, slot: Slot) -> bool:
    said = [fact.event for fact in history.of(slot, DoseDeclined)]
    values = [getattr(event, name) for event in said for name in ("stage", "pressure_concern")]
    return any(isinstance(value, Gone) for value in (_role(history, slot), *values))


def _parted(came: Sequence[_Came], test: Callable[[DoseDeclined], bool]) -> dict[str, list[_Came]]:
    return {
        "declined": [each for each in came if any(map(test, each.declined))],
        "did not": [each for each in came if not any(map(test, each.declined))],
    }


def _row(what: str, group: str, count: int, came: Sequence[_Came]) -> Row:
    return row(_openings(came), what=what, group=group, count=count, percent=f"{100 * count / len(came):.1f}")


def _openings(came: Sequence[_Came]) -> list[int]:
    return [each.opened for each in came]
