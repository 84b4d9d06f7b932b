"""
The filters of a question: which there are, what each may be, and what it leaves.

    from         2026-05-01                 on this local day or later; also an instant with its offset
    to           2026-05-31                 by the end of this local day; also an instant
    location     R-1, or its number         one place
    session      a session's number
    couple, staff, container                by code or number
    person       a participant, by number; nobody has a code that could be guessed
    lot, rule    LOT-9, SUP-05
    at           an instant with its offset
    n, seed      how many, and the seed of a sample

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

_UUID: Final = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
_DAY: Final = re.compile(r"^\d{4}-\d\d-\d\d$")
_RULE: Final = re.compile(r"^[A-Z]{2,4}-\d\d$")
_MOST: Final = 100

WORDS: Final[Mapping[str, str]] = {
    "from": "on this local day or later, such as 2026-05-01; or from an instant with its offset",
    "to": "by the end of this local day; or up to an instant with its offset",
    "at": "an instant with its offset, such as 2026-05-16T14:05-04:00",
    "session": "a session, by its number",
    "couple": "a couple, by code or number",
    "person": "a participant, by number",
    "staff": "a member of staff, by code or number",
    "location": "a place, by code or number",
    "container": "a bottle or vial, by code or number",
    "lot": "a lot, as it stands on the label",
    "rule": "a rule, such as SUP-05",
    "protocol": "a published protocol, by the position where it stands",
    "since": "a size of the log, as a checkpoint states it",
    "n": f"how many, from 1 to {_MOST}",
    "seed": "a word that a sample is drawn by; the same word gives the same sample",
}
"""Every filter there is."""

KINDS: Final = {"session": "session", "person": "person"}
"""Filters whose value is a record's number, with or without the kind before it."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What was asked for, checked: only what the question takes, each value as it may be."""

    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str | None:
        """The value of a filter, None if it was not given."""
        return self.values.get(name)

    def number(self, name: str, otherwise: int) -> int:
        """A filter that is a whole number."""
        value = self[name]
        return otherwise if value is None else int(value)

    def instant(self, name: str) -> datetime | None:
        """A filter that is an instant."""
        value = self[name]
        return None if value is None else from_instant(value, name)

    def within(self, at: datetime, day: Callable[[datetime], str]) -> bool:
        """Whether something that happened then is between `from` and `to`; `day` gives its local date."""
        return not self._before(at, day) and not self._after(at, day)

    def _before(self, at: datetime, day: Callable[[datetime], str]) -> bool:
        start = self["from"]
        return start is not None and (day(at) < start if _DAY.match(start) else at < from_instant(start, "from"))

    def _after(self, at: datetime, day: Callable[[datetime], str]) -> bool:
        end = self["to"]
        return end is not None and (day(at) > end if _DAY.match(end) else at > from_instant(end, "to"))


def checked(takes: Sequence[str], needs: Sequence[str], given: Mapping[str, str]) -> Filters:
    """
    The filters of a question that takes these.

    Raises:
        Refused: `unknown-filter`, or `filter-missing` for one the question cannot do without.
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
    for name in needs:
        if name not in given:
            raise Refused(
                "filter-missing",
                f"This question cannot be answered without {name}.",
                field=name,
                remedy=f"Say which: {WORDS[name]}.",
            )
    return Filters({name: _value(name, value) for name, value in given.items()})


def _value(name: str, text: str) -> str:
    match name:
        case "from" | "to":
            return _local_day(name, text) if _DAY.match(text) else moment(text, name)
        case "at":
            return moment(text, name)
        case "n":
            return _count(name, text, _MOST)
        case "since" | "protocol":
            return _count(name, text, 2**53)
        case "session" | "person":
            uuid = text.removeprefix(f"{KINDS[name]}/")
            if not _UUID.match(uuid):
                raise _no(name, "This is not the number of a record.")
            return f"{KINDS[name]}/{uuid}"
        case "rule" if not _RULE.match(text):
            raise _no(name, "This is not the name of a rule.")
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


def _count(name: str, text: str, most: int) -> str:
    if not text.isascii() or not text.isdigit() or len(text) > 16 or not (name == "n") <= int(text) <= most:
        raise _no(name, "This is not such a number.")
    return str(int(text))


def _no(name: str, words: str) -> Invalid:
    return Invalid("filter-value", words, field=name, remedy=f"It is {WORDS[name]}.")
