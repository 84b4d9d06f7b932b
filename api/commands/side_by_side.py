"""
Two partners side by side on any width of screen: A left, B right, what concerns both across the whole line.

    10:05   100 mg sublingual from own-A                                     RN1        75
    10:07                                   100 mg sublingual from own-B     RN1        77
    12:00   handover of both from RN1 to MD1, in person ─────────────────    RN1, MD1   98

What happens to both in the same minute stands on one line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from projections.session_timeline import TimelineRow

_TIME, _SIGNED, _POSITION, _GAPS = 6, 9, 7, 8


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: what stands in the left, the right, or across; and the rows it came from."""

    left: Text
    right: Text
    across: Text | None
    rows: tuple[TimelineRow, ...]


def side_by_side(rows: Sequence[TimelineRow], width: int) -> RenderableType:
    """The rows of a session, day by day, fitted to a width in characters (at least 60)."""
    half = max(14, (max(60, width) - _TIME - _SIGNED - _POSITION - _GAPS) // 2)
    parts: list[RenderableType] = [_grid(half, across=False, cells=("", Text("A"), Text("B"), "signed", "pos."))]
    day = ""
    for line in _lines(rows):
        date, _, time = line.rows[0].local.partition(" ")
        if date != day:
            parts.append(Text(f"{date}", style="bold underline"))
            day = date
        signed = ", ".join(dict.fromkeys(signer.by for row in line.rows for signer in row.signed))
        positions = " ".join(str(row.position) for row in line.rows)
        if line.across is not None:
            parts.append(_grid(half, across=True, cells=(time, line.across, signed, positions)))
        else:
            parts.append(_grid(half, across=False, cells=(time, line.left, line.right, signed, positions)))
    return Group(*parts)


def _lines(rows: Sequence[TimelineRow]) -> Iterator[_Line]:
    index = 0
    while index < len(rows):
        row = rows[index]
        after = rows[index + 1] if index + 1 < len(rows) else None
        if row.slot not in ("a", "b"):
            yield _Line(Text(), Text(), _text(row), (row,))
        elif after is not None and after.local == row.local and {row.slot, after.slot} == {"a", "b"}:
            left, right = (row, after) if row.slot == "a" else (after, row)
            yield _Line(_text(left), _text(right), None, (row, after))
            index += 1
        else:
            text = _text(row)
            yield _Line(text, Text(), None, (row,)) if row.slot == "a" else _Line(Text(), text, None, (row,))
        index += 1


def _grid(half: int, *, across: bool, cells: tuple[str | Text, ...]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=_TIME - 1, style="bold")
    if across:
        table.add_column(width=2 * half + 2)
    else:
        table.add_column(width=half)
        table.add_column(width=half)
    table.add_column(width=_SIGNED, style="dim")
    table.add_column(width=_POSITION, style="dim", justify="right", no_wrap=True)
    table.add_row(*cells)
    return table


def _text(row: TimelineRow) -> Text:
    text = Text(row.phrase, style="" if row.counts else "strike dim")
    if row.was:
        text.append(f" (was: {row.was})", style="dim")
    for mark in row.marks:
        text.append(f" ▲ {mark}", style="yellow")
    for each in row.standing:
        text.append(f" ■ {each.words}", style="magenta")
    for late in row.late:
        text.append(f" ({late})", style="cyan")
    return text
