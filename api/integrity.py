"""
What the ledger says of its own state: that it was verified, that it did not verify, that a checkpoint stands outside.

The software signs these entries with its own key, on a governance record of its own. An auditor needs none of them;
they show that somebody looked, how often, and since when something was wrong. Source: rule REC-05.
"""

from __future__ import annotations

from ledger.audit_report import AuditReport
from ledger.errors import TamperDetected
from ledger.events.base import Event
from ledger.events.integrity import SysCheckpointAnchored, SysIntegrityFailed, SysIntegrityVerified
from ledger.events.sealing import make_event
from ledger.follow import place
from ledger.reading import PlacedEvent
from ledger.store.port import Store
from ledger.tlog.checkpoint import Checkpoint

MOST_CODES = 16
"""How many different codes of a failed verification one entry names: those of the first positions."""


def record_of(service: str) -> str:
    """The governance record on which this service writes what it finds out about the ledger."""
    return f"governance/{service.partition('/')[2]}"


def result_of(report: AuditReport) -> Event:
    """What is to be recorded of a verification of the whole ledger."""
    if report.first is None:
        return make_event(SysIntegrityVerified, {"first": 0, "root": report.root.hex(), "size": report.size})
    codes = list(dict.fromkeys(each.code for each in report.problems))[:MOST_CODES]
    position = max(report.first.position, 0)
    return make_event(SysIntegrityFailed, {"codes": codes, "first": 0, "position": position, "size": report.size})


def damage_of(damage: TamperDetected, size: int) -> Event:
    """What is to be recorded of a verification that could not even be finished."""
    said = {"codes": [damage.code], "first": 0, "position": damage.position, "size": size}
    return make_event(SysIntegrityFailed, said)


def last_result(store: Store, service: str) -> PlacedEvent | None:
    """What this service recorded of its last verification; it reads that one record."""
    for row in reversed(store.stream_rows(record_of(service))):
        placed = place(store, row)
        if isinstance(placed.event, SysIntegrityVerified | SysIntegrityFailed):
            return placed
    return None


def anchored(kept: Checkpoint, where: str, proof: str | None) -> Event:
    """
    What is to be recorded of a checkpoint that stands at a place which this ledger cannot change.

    `where` says in one line of plain text where that is, `proof` is the SHA-256 of what was got for it, if anything.
    """
    said = {"place": where, "proof": proof, "root": kept.root.hex(), "size": kept.size}
    return make_event(SysCheckpointAnchored, said)


def anchor_before(store: Store, service: str, anchor: Event) -> int | None:
    """Where this very anchor stands already, so that who says it twice writes it once."""
    for row in store.stream_rows(record_of(service)):
        if place(store, row).event == anchor:
            return row.position
    return None
