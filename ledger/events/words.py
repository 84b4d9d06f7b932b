"""
Texts, codes and times: what fields hold that is not measured.

A type says what it is called, and its unit if it has one (`Named`); `docs/events.md` is written from that.
Open fields hold ASCII only and never name a person, so a code refuses `person/…`.
A time is an instant in UTC, a date is a date at the location; neither is ever without its meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, Strict, StringConstraints

from ledger.encoding import from_instant
from ledger.errors import Invalid
from ledger.payload import Instant

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Named:
    """What a type of value is called in the documentation, and its UCUM unit if it has one."""

    words: str
    unit: str = ""


def _real_moment(text: str) -> str:
    try:
        from_instant(text)
    except Invalid as error:
        raise ValueError(error.message) from None
    return text


def _real_date(text: str) -> str:
    date.fromisoformat(text)
    return text


def _real_local(text: str) -> str:
    datetime.strptime(text[:16], "%Y-%m-%d %H:%M")  # its zone is for people, not for computing
    return text


def _names_nobody(text: str) -> str:
    if "person/" in text.lower():
        raise ValueError("names a person, which only an identity block may")
    return text


Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$"),
    Named("one line of text"),
]
"""One line of text, such as a name."""
LONGEST_TEXT = 280
"""Characters of a free text."""
FreeText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_TEXT, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$"),
    Named("free text, at most 280 characters"),
]
"""At most 280 characters, never session conversation."""
PlainLine = Annotated[
    str,
    StringConstraints(pattern=r"^[ -~]{1,200}$"),
    AfterValidator(_names_nobody),
    Named("one line of plain ASCII"),
]
"""The only text an open field can hold beside a code."""
Code = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./:_-]{0,63}$"),
    AfterValidator(_names_nobody),
    Named("short printable code"),
]
"""A short printable code: a lot, a label, a state, a version."""
State = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), Named("two letters of a state")]
PhoneNumber = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 ()-]{2,30}$"), Named("phone number")]
ZoneName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_+-]{0,31}(?:/[A-Za-z0-9_+-]{1,32}){0,2}$"),
    Named("IANA time zone"),
]
Several = Annotated[tuple[T, ...], Strict(strict=False), Field(max_length=32)]
"""At most 32 values, in the order they were given; a JSON array."""
Moment = Annotated[Instant, AfterValidator(_real_moment), Named("time in UTC")]
"""A real instant in UTC, to the microsecond: `2026-05-16T14:05:00.000000Z`."""
LocalDate = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$"),
    AfterValidator(_real_date),
    Named("date at the location"),
]
"""A calendar date at the location."""
LocalTime = Annotated[
    str, StringConstraints(pattern=r"^(?:[01]\d|2[0-3]):[0-5]\d$"), Named("time of day at the location")
]
LocalWording = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-\d\d-\d\d \d\d:\d\d [A-Za-z0-9+-]{1,8}$"),
    AfterValidator(_real_local),
    Named("local time as it was shown"),
]
