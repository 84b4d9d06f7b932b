"""
A view: a question somebody asks often, as tables, the events it reads, and how one event becomes rows.

    View(
        name="doses",
        version=1,
        tables=(Table("dose", "position INTEGER PRIMARY KEY, slot TEXT NOT NULL, mg TEXT NOT NULL"),),
        reads=(DoseAdministered,),
        fold=lambda placed: [insert("dose", position=placed.position, slot="a", mg="100")],
    )

The fold is pure: what it returns follows from the one event it is given.
In its SQL a table stands in brackets, `[dose]`, because two builds of a view can exist side by side.
Amounts are kept as decimal text, never as floats.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeAlias

from ledger.events.base import Event
from ledger.reading import PlacedEvent

Value: TypeAlias = str | int | bytes | None

_ALL_ROWS = "SELECT * FROM [table_name]"
_ADD_ROW = "INSERT INTO [table_name] (columns) VALUES (marks)"
_OVERWRITE = 'DELETE FROM "table_name"'

_BRACKETED = re.compile(r"\[([a-z_]+)\]")


class Statement(NamedTuple):
    """One change of a view's rows."""

    sql: str
    parameters: tuple[Value, ...]


Fold: TypeAlias = Callable[[PlacedEvent], Iterable[Statement]]


@dataclass(frozen=True, slots=True)
class Table:
    """
    One table: its name inside the view, its columns in SQL, and the columns of each index.

    An index may say of which rows alone: `about WHERE about > ''`.
    """

    name: str
    columns: str
    indexes: tuple[str, ...] = ()


@dataclass(frozen=True)
class View:
    """
    One read model.

    `version` goes up whenever the fold comes to another result for any event.
    """

    name: str
    version: int
    tables: tuple[Table, ...]
    reads: tuple[type[Event], ...]
    fold: Fold

    @cached_property
    def fingerprint(self) -> str:
        """What tells two definitions apart: the version, and a hash of the tables and what is read."""
        parts = [self.name, str(self.version)]
        parts += [text for table in self.tables for text in (table.name, table.columns, *table.indexes)]
        parts += sorted(kind.type_tag() for kind in self.reads)
        return f"{self.version}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:16]}"

    def statements(self, placed: PlacedEvent) -> list[Statement]:
        """What this event changes; nothing if it is of a type the view does not read."""
        kind = type(placed.event)
        reads = self._asked.get(kind)
        if reads is None:
            reads = self._asked[kind] = issubclass(kind, self.reads)
        return list(self.fold(placed)) if reads else []

    @cached_property
    def _asked(self) -> dict[type[Event], bool]:
        """Of each type seen so far whether it is read: to go through all of them costs as much as a small fold."""
        return {}

    def sql(self, text: str, generation: int) -> str:
        """SQL with the bracketed tables of one build of this view."""
        return _with_tables(self.name, text, generation)

    def create(self, connection: sqlite3.Connection, generation: int) -> None:
        """Make the empty tables of a build."""
        for table in self.tables:
            connection.execute(self.sql(f"CREATE TABLE [{table.name}] ({table.columns}) STRICT", generation))
            for number, columns in enumerate(table.indexes):
                index = self.sql(f"[{table.name}]", generation).strip('"')
                of, _, only = columns.partition(" WHERE ")
                on = self.sql(f"[{table.name}] ({of})", generation) + (f" WHERE {only}" if only else "")
                connection.execute(f'CREATE INDEX "{index}__{number}" ON {on}')

    def digest(self, connection: sqlite3.Connection, generation: int) -> str:
        """A hash of all rows of a build, whatever order they were written in."""
        sha = hashlib.sha256()
        for table in self.tables:
            select = self.sql(_ALL_ROWS.replace("table_name", table.name), generation)
            width = len(connection.execute(f"{select} LIMIT 0").description)
            order = ", ".join(str(column) for column in range(1, width + 1))
            sha.update(f"{table.name}\n".encode())
            for row in connection.execute(f"{select} ORDER BY {order}"):
                sha.update(f"{tuple(row)!r}\n".encode())
        return sha.hexdigest()


def insert(table: str, **values: Value) -> Statement:
    """A statement that adds one row."""
    return Statement(_insert_sql(table, tuple(values)), tuple(values.values()))


def drop_build(connection: sqlite3.Connection, view_name: str, generation: int) -> None:
    """Remove the tables of a build, also of a definition this version no longer knows."""
    ending = f"__{generation}"
    names = [
        str(name)
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        if name.startswith(f"{view_name}__") and name.endswith(ending)
    ]
    for name in names:
        connection.execute(_OVERWRITE.replace("table_name", name))  # secure_delete
        connection.execute(f'DROP TABLE "{name}"')


@lru_cache(maxsize=512)
def _insert_sql(table: str, columns: tuple[str, ...]) -> str:
    marks = ", ".join("?" for _ in columns)
    sql = _ADD_ROW.replace("table_name", table).replace("(columns)", f"({', '.join(columns)})")
    return sql.replace("(marks)", f"({marks})")


@lru_cache(maxsize=2048)
def _with_tables(view: str, text: str, generation: int) -> str:
    return _BRACKETED.sub(rf'"{view}__\1__{generation}"', text)
