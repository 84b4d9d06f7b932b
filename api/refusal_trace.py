"""
The trace of a refusal: which rules kept an authorisation out, written by the software's own key.

It says of what was asked only its digest, type and record, and of the rules which, in which version and on whose
account: no value that was compared, and no sentence. It stands on an access record, which is in nobody's copy.
That record's number follows from the digest, so whether the same was refused before is one look at it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from api.identifiers import uuid4_from
from ledger.entry import stream_tag
from ledger.errors import Asked, Objection, Refused
from ledger.events.access import SysAuthorisationRefused2
from ledger.events.sealing import make_event
from ledger.follow import place
from ledger.store.port import EventRow, Store

MOST = 32
"""Objections and pieces of evidence that one entry names; more of them make a second entry."""


def leave_trace(
    refusal: Refused, store: Store, record: Callable[[SysAuthorisationRefused2, str], int | None]
) -> int | None:
    """
    Where the trace of this refusal begins, written now by `record` if it is not there yet.

    None if no gate refused, or `record` has no key to sign it with. Raises what `record` raises.
    """
    if refusal.asked is None or not refusal.objections:
        return None
    stream = trace_record(refusal.asked)
    events = list(traces(refusal.asked, refusal.objections, store))
    before = [(row.position, place(store, row).event) for row in store.stream_rows(stream)]
    positions = []
    for event in events:
        same = [at for at, each in before if isinstance(each, SysAuthorisationRefused2) and _same(each, event)]
        positions.append(same[0] if same else record(event, stream))
    return positions[0]


def trace_record(asked: Asked) -> str:
    """The access record that belongs to what was asked."""
    return f"access/{uuid4_from(bytes.fromhex(asked.dig)[:16])}"


def traces(asked: Asked, objections: Sequence[Objection], store: Store) -> Iterator[SysAuthorisationRefused2]:
    """What is to be recorded of a refusal: one event, or several where more objected than one can name."""
    for start in range(0, len(objections), MOST):
        part = objections[start : start + MOST]
        evidence = sorted({position for each in part for position in each.evidence})
        rows = [row for position in evidence if isinstance(row := store.row(position), EventRow)]
        event = make_event(
            SysAuthorisationRefused2,
            {
                "asked": asked.dig,
                "evidence": [{"dig": row.dig, "id": row.event_id} for row in rows[:MOST]],
                "kind": asked.type,
                "objections": [_raised(each) for each in part],
                "record": stream_tag(store.origin, asked.stream),
                "staff": asked.by if asked.by.startswith("staff/") and store.stream_rows(asked.by) else None,
            },
        )
        if isinstance(event, SysAuthorisationRefused2):
            yield event


def _raised(objection: Objection) -> dict[str, Any]:
    return {
        "credential": objection.credential,
        "override": objection.override,
        "rule": objection.rule,
        "slot": objection.slot,
        "staff": objection.staff,
        "version": objection.version,
    }


def _same(one: SysAuthorisationRefused2, other: SysAuthorisationRefused2) -> bool:
    """Whether the same rules objected on the same account; the evidence may have grown meanwhile."""
    return (one.asked, one.record, one.objections) == (other.asked, other.record, other.objections)
