"""
The filters of a question: which there are, what each may be, and what it leaves.

    from         2026-05-01                 on this local day or later; also an instant with its offset
    to           2026-05-31                 by the end of this local day; also an instant
    location     R-1, or its number         one place
    session      a session's number
    couple       C-07, or its number
    person       a participant, by number: nothing about their partner
    staff        RN1, or its number         one member of staff
    container    V-77, or its number
    lot          LOT-7701
    seed         autumn-audit                 a word that a sample is drawn by
    count        10                           how many a sample has

A filter that a question does not take is refused with those it takes, never passed over.
Days are local days of the place where something happened.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from ledger.encoding import from_instant
from ledger.errors import Invalid, Refused
from projections.both_times import moment

_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST: Final = 100
_COUNT: Final = re.compile(r"[1-9][0-9]{0,2}|1000")

WORDS: Final[Mapping[str, str]] = {
    "from": "on this local day or later, such as 2026-05-01; or from an instant with its offset",
    "to": "by the end of this local day; or up to an instant with its offset",
    "session": "a session, by its number",
    "couple": "a couple, by code or number",
    "person": "a participant, by number: what is about them, and about staff and place in their sessions",
    "location": "a place, by code or number",
    "staff": "a member of staff, by code or number",
    "container": "a container, by code or number",
    "lot": "a lot, as it stands on the label",
    "seed": "a word or number by which a sample is drawn; the same draws the same again",
    "count": "how many a sample has, from 1 to 1000",
}
"""Every filter there is."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What was asked for, checked: only what the question takes, each value as it may be."""

    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str | None:
        """The value of a filter, None if it was not given."""
        return self.values.get(name)

    @property
    def start(self) -> date | datetime | None:
        """The local day, or the instant, that `from` names."""
        return self._moment("from")

    @property
    def end(self) -> date | datetime | None:
        """The local day, or the instant, that `to` names."""
        return self._moment("to")

    def _moment(self, name: str) -> date | datetime | None:
        text = self[name]
        if text is None:
            return None
        return date.fromisoformat(text) if _DAY.fullmatch(text) else from_instant(text, name)

    def within(self, at: datetime, day: Callable[[datetime], str]) -> bool:
        """Whether something that happened then is between `from` and `to`; `day` gives its local date."""
        return not self._before(at, day) and not self._after(at, day)

    def _before(self, at: datetime, day: Callable[[datetime], str]) -> bool:
        start = self["from"]
        return start is not None and (day(at) < start if _DAY.fullmatch(start) else at < from_instant(start, "from"))

    def _after(self, at: datetime, day: Callable[[datetime], str]) -> bool:
        end = self["to"]
        return end is not None and (day(at) > end if _DAY.fullmatch(end) else at > from_instant(end, "to"))


def checked(takes: Sequence[str], given: Mapping[str, str]) -> Filters:
    """
    The filters of a question that takes these.

    Raises:
        Refused: `unknown-filter`.
        Invalid: `filter-value`, `instant` or `naive-time`, with the filter as field.
    """
    for name in given:
        if name not in takes:
            raise Refused(
                "unknown-filter",
                f"This question takes no filter {name}.",
                field=name,
                remedy=f"It takes: {', '.join(takes) or 'none'}.",
            )
    return Filters({name: _value(name, value) for name, value in given.items()})


def _value(name: str, text: str) -> str:
    match name:
        case "from" | "to":
            return _local_day(name, text) if _DAY.fullmatch(text) else moment(text, name)
        case "session" | "person":
            uuid = text.removeprefix(f"{name}/")
            if not _UUID.fullmatch(uuid):
                raise _no(name, "This is not the number of a record.")
            return f"{name}/{uuid}"
        case "count" if not _COUNT.fullmatch(text):
            raise _no(name, "This is no such number.")
        case _ if not text or len(text) > _MOST:
            raise _no(name, f"A value has 1 to {_MOST} characters.")
        case _:
            return text


def _local_day(name: str, text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise _no(name, "There is no such day.") from None
    return text


def _no(name: str, words: str) -> Invalid:
    return Invalid("filter-value", words, field=name, remedy=f"It is {WORDS[name]}.")
