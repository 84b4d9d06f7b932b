"""What is told of one entry beside its bytes: how its device wrote it, how late, and what its signatures count for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from api.web.callers import Caller, may_read_entry
from api.web.service import Service
from ledger.confirmations import with_confirmations
from ledger.encoding import to_instant
from ledger.entry import parse_event_entry
from ledger.envelope import parse_envelope
from ledger.events.fields import EXPIRED
from ledger.follow import key_history, place
from ledger.standing import signer_standings
from ledger.store.port import EventRow, Row
from projections.lateness import late_words
from projections.snapshot import NOW, AsOf


def late_of(service: Service, row: Row, written: dict[str, Any] | None) -> list[str]:
    """How late it was, in the words of every other read."""
    if not isinstance(row, EventRow):
        return []
    ahead = None if written is None else written["clock_ahead_ms"]
    offset = None if ahead is None else timedelta(milliseconds=ahead)
    return list(late_words(place(service.opened.store, row), offset))


def written_of(service: Service, row: Row) -> dict[str, Any] | None:
    """When it counts as having happened, and between which instants of the ledger's clock it was written."""
    found = service.compliance.written(row.stream, row.position) if isinstance(row, EventRow) else None
    if found is None:
        return None
    written, bracket, contradiction = found
    devices, size = service.compliance.devices()
    offset = written.offset
    return {
        "device": written.device,
        "device_code": None if written.device is None else devices.chain(written.device).code(size),
        "seq": None if written.link is None else written.link.seq,
        "clock_ahead_ms": None if offset is None else offset // timedelta(milliseconds=1),
        "counts_at": to_instant(written.at),
        "not_before": bracket.lower,
        "not_after": bracket.upper,
        "contradiction": contradiction,
    }


def was_there(row: Row, size: int, when: AsOf) -> bool:
    """Whether it was known and had happened by then."""
    if when.known_at is not None and row.position >= size:
        return False
    happened = when.happened_up_to
    return happened is None or not isinstance(row, EventRow) or _occurred_at(row) <= happened


def _occurred_at(row: EventRow) -> str:
    if not row.envelope:  # no longer kept: all that is known is when it was received
        return parse_event_entry(row.entry).received_at
    return parse_envelope(row.envelope).payload.occurred.at


def signers_of(service: Service, row: Row, size: int, when: AsOf) -> list[dict[str, Any]]:
    """What each signature counts for, by the keys as known and as happened by then; `size` is that of the log then."""
    if not isinstance(row, EventRow) or not row.envelope:
        return []
    history, attested = service.keys.history, parse_envelope(row.envelope).payload.attested
    if when != NOW:
        history = key_history(service.opened.store, size, when.happened_up_to)
    standings = signer_standings(history, row.position, attested)
    doubts = [each.doubt for each in standings if each.doubt is not None]
    confirmed = {each.kid: each.confirmed_at for each in with_confirmations(service.opened.store, history, doubts)}
    return [
        {
            "by": each.by,
            "key": each.kid,
            "custody": each.custody,
            "officer": each.officer,
            "state": each.state,
            "why": None if each.doubt is None else each.doubt.why,
            "curable_by": None if each.doubt is None else each.doubt.curable_by,
            "confirmed_at": [at for at in confirmed.get(each.kid, ()) if when.known_at is None or at < size],
        }
        for each in standings
    ]


def place_alone(row: Row) -> dict[str, Any]:
    """An entry as its place in the log: nothing of what was signed there."""
    return {
        "position": row.position,
        "kind": "event" if isinstance(row, EventRow) else "heads",
        "leaf": row.leaf.hex(),
        "entry": row.entry.decode("ascii"),
        "envelope": None,
        "stream": None,
        "type": None,
    }


def said_entry(row: Row, caller: Caller) -> dict[str, Any]:
    """An entry as bytes with what it says of itself; only its leaf and place where this caller may not read it."""
    said = place_alone(row)
    if isinstance(row, EventRow) and may_read_entry(caller, row):
        said |= {
            "envelope": row.envelope.decode("utf-8") or None,
            "stream": row.stream,
            "type": row.type,
            "version": row.version,
            "dig": row.dig,
            "event_id": row.event_id,
        }
        if not row.envelope:
            said["gone"] = EXPIRED.why
    return said
