"""
An answer: a table of rows, each with the positions of the signed events behind it.

Every number can be followed: a row carries its evidence, and the answer says as of how many entries it was
computed, up to which instant, and by which filters.
Amounts are decimal text, instants in the ledger's spelling; what is not known is None, what is gone says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

Cell: TypeAlias = str | int | bool | None
"""What stands in a table: words, a count, yes or no; None is what is not known or does not apply."""

Kind: TypeAlias = Literal["words", "number", "instant", "record", "yes-no"]
"""How a column is read: a `record` is an identifier such as `session/…` that leads somewhere."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name for programs, its title for people with the unit, and how it is read."""

    name: str
    title: str
    kind: Kind = "words"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a value for each column by its name, and the positions it rests on."""

    values: Mapping[str, Cell]
    evidence: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One number about the whole, such as a sum or a median, with what it rests on."""

    name: str
    title: str
    value: Cell
    evidence: tuple[int, ...] = ()


OF_STAFF: Final = "by_staff_"
"""How the name of a figure begins that is about one member of staff: for whoever reads by office."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a question finds; the frame adds what was asked and when."""

    rows: tuple[Row, ...]
    figures: tuple[Figure, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Called:
    """What people call a record, and the time zone of the place where it is; empty for what is at no place."""

    words: str
    zone: str


@dataclass(frozen=True, slots=True)
class Answer:
    """
    A question with its answer.

    `position` is the number of entries it was computed at, `as_of` the instant it is about; handing both back
    gives the same answer. `notes` say what a reader has to know: defaults of ours, groups not shown, what
    nobody can read any more. `called` says what people call the records in the rows, `zone` on which clock an instant
    is read in a row that is at no place.
    """

    name: str
    title: str
    filters: Mapping[str, str]
    position: int
    as_of: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    figures: tuple[Figure, ...] = ()
    notes: tuple[str, ...] = field(default=())
    called: Mapping[str, Called] = field(default_factory=dict)
    zone: str = "UTC"


def row(evidence: Iterable[int] = (), **values: Cell) -> Row:
    """A row with its evidence in the order of the log, each position once."""
    return Row(values, tuple(sorted(set(evidence))))


def figure(name: str, title: str, value: Cell, evidence: Iterable[int] = ()) -> Figure:
    """A number about the whole."""
    return Figure(name, title, value, tuple(sorted(set(evidence))))
