"""
Marks by which events are searched, and which events have one, as of a snapshot of the search view.

Two are kept with the row, because they follow from the event alone. The others follow from what was said later,
and are computed when somebody asks: as known before, nothing is corrected yet.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from ledger.second_signatures import still_lacking
from projections.correction_marks import standing_marks
from projections.key_marks import doubts_about
from projections.marks import Mark
from projections.snapshot import Snapshot
from projections.viewer import Viewer

_LATE: Final = (
    "(late = 1 OR EXISTS (SELECT 1 FROM [sync] s WHERE s.device = [row].device AND s.position < [row].position"
    " AND [row].seq BETWEEN s.first_seq AND s.last_seq AND abs(s.offset_ms) > 120000))"
)
"""Written or received late; or its device's clock was wrong."""

MARKS: Final[Mapping[str, str]] = {
    "late": _LATE,
    "abnormal": "marks <> '[]'",
    "corrected": "",
    "voided": "",
    "disputed": "",
    "pending": "",
    "withdrawn": "",
    "unreadable": "",
    "reattributed": "",
    "confirmed": "",
    "uncounted": "",
    "addendum": "",
    "conflicting": "",
    "unsigned": "",
    "quarantined": "",
}
"""Every mark there is, and what says so in the row itself."""

_DOUBTED: Final = (
    "SELECT * FROM [row] WHERE position < ? AND position IN (SELECT r.position FROM [row] r, [revocation] k"
    " WHERE k.position < ? AND instr(r.keys, k.kid) > 0)"
)
_LACKING: Final = (
    "SELECT position, lacks FROM [source] WHERE lacks > '' AND position IN (SELECT value FROM json_each(?))"
)


def marked(seen: Snapshot, wanted: Collection[str], viewer: Viewer) -> list[int]:
    """The positions of all events with one of these marks that this viewer may hear, of those computed when asked."""
    said = {at: standing_marks(standing) for at, standing in seen.said_about.everything().items()}
    found = {at for at, marks in said.items() if any(_hears(viewer, each, wanted) for each in marks)}
    if "unsigned" in wanted:
        found |= set(seen.lacking())
    if {"disputed", "quarantined"} & set(wanted):
        rows = seen.rows(_DOUBTED, seen.position, seen.position)
        doubts = doubts_about(seen, rows)
        found |= {at for at, marks in doubts.items() if any(each.code in wanted for each in marks)}
    return sorted(found)


def marks_of(seen: Snapshot, positions: Iterable[int]) -> dict[int, tuple[Mark, ...]]:
    """All marks of these events: what became of each, which signature it lacks, which key is in doubt."""
    asked = json.dumps(list(positions))
    found: defaultdict[int, tuple[Mark, ...]] = defaultdict(tuple)
    seen.said_about.of(json.loads(asked))
    changed = seen.said_about.known
    for row in seen.rows(_LACKING, asked):
        if row["position"] not in changed:
            lacks = json.loads(row["lacks"])
            found[row["position"]] += tuple(Mark("unsigned", f"still to be signed: {words}") for words in lacks)
    for position in json.loads(asked):
        standing = changed.get(position)
        if standing is not None and standing.counts is not None:
            lacks = [still_lacking(rule, (*standing.doubted, *standing.seconds)) for rule in standing.lacks]
            found[position] += tuple(Mark("unsigned", f"still to be signed: {words}") for words in lacks)
        found[position] += () if standing is None else tuple(standing_marks(standing))
    rows = seen.rows("SELECT * FROM [row] WHERE position IN (SELECT value FROM json_each(?))", asked)
    for position, marks in doubts_about(seen, rows).items():
        found[position] += marks
    return found


def _hears(viewer: Viewer, mark: Mark, wanted: Collection[str]) -> bool:
    audible = viewer.partner is None or mark.audience in ("all", viewer.partner)
    return audible and mark.code in wanted
