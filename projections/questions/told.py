"""How what an event says is put into a cell: a value that is gone says why, a length of time is in whole minutes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from ledger.events.fields import Gone
from projections.compliance.known import Fact
from projections.questions.answer import Cell

_MINUTE = timedelta(minutes=1)


def told(value: object) -> Cell:
    """A word, a number, yes or no as it is; several with commas, None for none; why a value is gone."""
    match value:
        case Gone():
            return value.why
        case None | bool() | int() | str():
            return value
        case tuple():
            return ", ".join(map(str, value)) or None
        case _:
            return str(value)


def minutes_begun(length: timedelta) -> int:
    """Whole minutes, a minute begun counted as one: how long something was too long, or too early."""
    return -(-length // _MINUTE)


def minutes_over(length: timedelta) -> int:
    """Whole minutes that are over: how long something took."""
    return length // _MINUTE


def positions(*facts: Fact | None) -> list[int]:
    """Where these stand, of those there are."""
    return [fact.position for fact in facts if fact is not None]


def unread_note(count: int, what: str) -> tuple[str, ...]:
    """A note on how many rows nobody can give, because this cannot be read any more; nothing when there is none."""
    return (f"{count} cannot be told: {what} cannot be read.",) if count else ()


def everything(rows: Iterable[tuple[int, ...]]) -> list[int]:
    """All positions of several rows."""
    return [position for each in rows for position in each]
