"""How late the entries of an answer were, put beside each of them in the words of every other read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ledger.errors import Conflict, Refused
from projections.tables import ViewDatabase
from projections.times import told_at


def late_ones(database: ViewDatabase, positions: Iterable[int]) -> Mapping[int, tuple[str, ...]]:
    """
    Those that were late, by position; nothing while the search view cannot be read, which never holds up a room.

    What was said later of an entry does not change how late it was, so it is asked as of now.
    """
    try:
        return {position: told.words for position, told in told_at(database, positions).items() if told.words}
    except (Conflict, Refused):
        return {}


def with_lateness(entry: Mapping[str, Any], late: Mapping[int, tuple[str, ...]]) -> dict[str, Any]:
    """An entry with its `late`, empty when it was written and received at once."""
    return {**entry, "late": list(late.get(entry["position"], ()))}


def late_evidence(findings: Sequence[dict[str, Any]], database: ViewDatabase) -> list[dict[str, Any]]:
    """Findings with the lateness of what they rest on: `late` has a position and its words for each late entry."""
    late = late_ones(database, {position for each in findings for position in each["evidence"]})
    return [
        {
            **each,
            "late": [
                {"position": position, "words": list(late[position])}
                for position in each["evidence"]
                if position in late
            ],
        }
        for each in findings
    ]
