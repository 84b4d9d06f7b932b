"""
Marks for what a doubted key signed: disputed where the key was suspect, quarantined where it was revoked already.

    disputed: RN1's key suspect from position 180 on (stolen, revoked at position 210)

Each view that shows them keeps the revocations itself, so that its answers come from one state of the log: as
known before a revocation, nothing is doubted yet.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator

from ledger.events.keys import KeyRevoked
from ledger.keys import state_between
from ledger.payload import Payload
from ledger.reading import PlacedEvent
from ledger.standing import DOUBTED, why_doubted
from projections.marks import Mark
from projections.names import Names
from projections.snapshot import Snapshot
from projections.view import Statement, Table, insert

REVOCATIONS = Table(
    "revocation",
    "position INTEGER PRIMARY KEY, kid TEXT NOT NULL, suspect_from INTEGER, reason TEXT NOT NULL",
)


def revocation_rows(placed: PlacedEvent) -> Iterator[Statement]:
    """The row of an event that revokes a key."""
    event = placed.event
    if isinstance(event, KeyRevoked):
        yield insert(
            "revocation",
            position=placed.position,
            kid=event.key,
            suspect_from=event.suspect_from,
            reason=event.reason,
        )


def keys_of(payload: Payload) -> str:
    """Who signed with which key, as a row keeps it in its column `keys`."""
    return json.dumps([[signer.by, signer.key] for signer in payload.attested])


def key_marks(seen: Snapshot, session: str) -> dict[int, tuple[Mark, ...]]:
    """The doubts about the rows of a session's timeline; a `Marker`."""
    return doubts_about(seen, seen.facts("row", "session = ?", session))


def doubts_about(seen: Snapshot, rows: Iterable[sqlite3.Row]) -> dict[int, tuple[Mark, ...]]:
    """The doubts about rows that have `position` and `keys`, by position; the first revocation of a key counts."""
    revoked: dict[str, sqlite3.Row] = {}
    for each in seen.rows("SELECT * FROM [revocation] WHERE position < ? ORDER BY position", seen.position):
        revoked.setdefault(each["kid"], each)
    if not revoked:
        return {}
    names = Names(seen)
    found: dict[int, tuple[Mark, ...]] = {}
    for row in rows:
        marks = tuple(_marks(row["position"], json.loads(row["keys"]), revoked, names))
        if marks:
            found[row["position"]] = marks
    return found


def _marks(position: int, keys: list[list[str]], revoked: dict[str, sqlite3.Row], names: Names) -> Iterator[Mark]:
    for by, kid in keys:
        if (known := revoked.get(kid)) is None:
            continue
        state = state_between(position, known["position"], known["suspect_from"])
        if state in DOUBTED:
            why = why_doubted(state, known["position"], known["suspect_from"], known["reason"])
            whose = f"partner {by[-1].upper()}" if by.startswith("session/") else names.code(by)
            yield Mark(state, f"{state}: {whose}'s {why}", (known["position"],))
