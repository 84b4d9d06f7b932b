"""
Refused authorisations, as staff read them: among the rows of a session, and in a search.

A refusal stands on an access record and names the record it is about by its tag alone, as the log names it.
Here the tags of each session's three records are kept, so that it is found with the session; a partner's own copy
holds none of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from ledger.entry import stream_tag
from ledger.events.access import ObjectionRaised, SysAuthorisationRefused, SysAuthorisationRefused2
from ledger.events.lifecycle import SessionScheduled
from ledger.reading import PlacedEvent
from projections.snapshot import Snapshot
from projections.view import Statement, Table, insert

Refusal: TypeAlias = SysAuthorisationRefused | SysAuthorisationRefused2

REFUSALS: Final = (SysAuthorisationRefused, SysAuthorisationRefused2)
"""Every version of the trace that a refusal leaves."""

TAGS: Final = Table(
    "tag",
    "position INTEGER NOT NULL, session TEXT NOT NULL, record TEXT NOT NULL, tag TEXT NOT NULL",
    ("session", "record", "tag"),
)
"""The records of each session, and how the log names them."""

_TAGS_OF: Final = "SELECT tag FROM [tag] WHERE session = ? AND position < ?"


def tag_rows(placed: PlacedEvent) -> Iterator[Statement]:
    """The names that the log has for the records of a session that is planned."""
    if isinstance(placed.event, SessionScheduled):
        for record in (placed.stream, f"{placed.stream}/a", f"{placed.stream}/b"):
            tag = stream_tag(placed.payload.ledger, record)
            yield insert("tag", position=placed.position, session=placed.stream, record=record, tag=tag)


def tags_of(seen: Snapshot, session: str) -> list[str]:
    """How the log names the records of a session, as of a snapshot."""
    return [row["tag"] for row in seen.rows(_TAGS_OF, session, seen.position)]


def refusal_phrase(event: Refusal) -> str:
    """`monitor assigned: refused by SUP-02 v1 (staff/…, bls)`."""
    what = event.kind.partition("/")[0].replace("-", " ")
    if isinstance(event, SysAuthorisationRefused):
        return f"{what}: refused by {', '.join(event.rules)}"
    return f"{what}: refused by {', '.join(map(_objection, event.objections))}"


def _objection(raised: ObjectionRaised) -> str:
    whose = [raised.slot.upper() if raised.slot else "", raised.staff or "", raised.credential or ""]
    account = ", ".join(filter(None, whose))
    return f"{raised.rule} v{raised.version}" + (f" ({account})" if account else "")
