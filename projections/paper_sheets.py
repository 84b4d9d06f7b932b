"""
Paper sheets: which scans were typed in, and which entries rest on a line of which.

    scan 9f86d0…   2 pages of 2026-09-12, tablets-down     line 12  position 141  session/5f2c…/a

The scan itself is nowhere in here: its hash tells whether a file that somebody holds is the one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ledger.events.paper import PaperLineTranscribed, PaperSheetDeclared
from ledger.reading import PlacedEvent
from projections.snapshot import NOW, AsOf, snapshot
from projections.tables import ViewDatabase
from projections.view import Statement, Table, View, insert


def fold(placed: PlacedEvent) -> Iterator[Statement]:
    """The row of a sheet, or of one of its lines."""
    event = placed.event
    if isinstance(event, PaperSheetDeclared):
        yield insert(
            "sheet",
            position=placed.position,
            at=placed.payload.occurred.at,
            document=event.document,
            day=event.day,
            pages=event.pages,
            reason=event.reason,
            typist=placed.payload.attested[0].by,
            recorded_at=placed.payload.recorded_at,
        )
    elif isinstance(event, PaperLineTranscribed):
        yield insert(
            "line",
            position=placed.position,
            at=placed.payload.occurred.at,
            document=event.document,
            line=event.line,
            record=placed.stream,
        )


PAPER = View(
    name="paper_sheets",
    version=1,
    tables=(
        Table(
            "sheet",
            "position INTEGER PRIMARY KEY, at TEXT NOT NULL, document TEXT NOT NULL, day TEXT NOT NULL,"
            " pages INTEGER NOT NULL, reason TEXT NOT NULL, typist TEXT NOT NULL, recorded_at TEXT NOT NULL",
            ("document",),
        ),
        Table(
            "line",
            "position INTEGER PRIMARY KEY, at TEXT NOT NULL, document TEXT NOT NULL, line INTEGER NOT NULL,"
            " record TEXT NOT NULL",
            ("document, line",),
        ),
    ),
    reads=(PaperSheetDeclared, PaperLineTranscribed),
    fold=fold,
)


@dataclass(frozen=True, slots=True)
class RestingEntry:
    """One entry that was typed from a sheet: its line, its position and its record."""

    line: int
    position: int
    record: str

    @property
    def evidence(self) -> tuple[int, ...]:
        """Where the line and its entry stand."""
        return (self.position - 1, self.position)


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """One sheet: the hash of its scan, and what rests on it, by line."""

    document: str
    day: str
    pages: int
    reason: str
    typist: str
    declared_at: int
    entries: tuple[RestingEntry, ...]


@dataclass(frozen=True, slots=True)
class PaperSheets:
    """The sheets in the order they were typed in, computed at a log position."""

    position: int
    sheets: tuple[PaperSheet, ...]


def paper_sheets(database: ViewDatabase, document: str | None = None, *, as_of: AsOf = NOW) -> PaperSheets:
    """
    The sheet with this scan, or all; none when nothing was typed from it.

    Raises:
        Refused, Conflict, Invalid: what `snapshot` raises.
    """
    with snapshot(database, PAPER, as_of) as seen:
        wanted = "? IS NULL OR document = ?"
        lines = seen.facts("line", wanted, document, document)
        return PaperSheets(
            seen.position,
            tuple(
                PaperSheet(
                    sheet["document"],
                    sheet["day"],
                    sheet["pages"],
                    sheet["reason"],
                    sheet["typist"],
                    sheet["position"],
                    tuple(
                        RestingEntry(line["line"], line["position"] + 1, line["record"])
                        for line in sorted(lines, key=lambda row: int(row["line"]))
                        if line["document"] == sheet["document"]
                    ),
                )
                for sheet in sorted(seen.facts("sheet", wanted, document, document), key=lambda row: row["position"])
            ),
        )
