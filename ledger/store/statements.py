"""The SQL of the stores, a file for each statement: `sql/sqlite/head.sql` is `statement("head")`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain
from sqlite3 import complete_statement

ROWS_AT_ONCE = (64, 8, 2, 1)
"""Rows of one INSERT: a few sizes only, so that each is prepared once."""


@cache
def statement(name: str) -> str:
    """The text of one SQLite statement; read once."""
    return (files("ledger.store") / "sql" / "sqlite" / f"{name}.sql").read_text(encoding="utf-8").strip()


def in_rows(name: str, rows: Sequence[tuple[object, ...]]) -> Iterator[tuple[str, tuple[object, ...]]]:
    """An INSERT of one row made into statements for many rows each, with their values; all rows, in order."""
    at = 0
    for count in ROWS_AT_ONCE:
        while len(rows) - at >= count:
            yield _repeated(name, count), tuple(chain.from_iterable(rows[at : at + count]))
            at += count


@cache
def _repeated(name: str, count: int) -> str:
    head, values, marks = statement(name).rpartition("VALUES")
    return head + values + ",".join([marks] * count)


@cache
def with_marks(name: str, count: int) -> str:
    """A statement that ends in a list of one `(?)`, for a list of `count`; few are ever asked for."""
    return statement(name).removesuffix("(?)") + "(" + ",".join("?" * count) + ")"


def script(name: str) -> list[str]:
    """The statements of a file that holds several, in order; a trigger with its body is one of them."""
    statements: list[str] = []
    part = ""
    for line in statement(name).splitlines(keepends=True):
        part += line
        if complete_statement(part):
            statements.append(part.strip())
            part = ""
    return statements
