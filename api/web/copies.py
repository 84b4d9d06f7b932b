"""
Copies that leave the ledger: signed bytes as JSON Lines, with a first line that says what it is a copy of.

Each line but the first is one entry: its bytes, its envelope, the opened texts of its sealed blocks where the reader
may have them, and for a session the receipt, so every line can be checked against the ledger by somebody who holds
nothing but its `ledger.json`. What is erased, or not for this reader, is named as such and not left out.
The copy of one partner holds that partner's own record alone: the joint one is signed as a whole and names both. Of an
entry that stood there and is the other's it holds the place alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, get_args

import orjson

from api.web.callers import Caller, may_read_entry
from api.web.one_entry import place_alone, said_entry
from api.web.service import Service
from ledger.copies import FORMAT
from ledger.encoding import to_instant
from ledger.envelope import parse_envelope
from ledger.errors import Refused
from ledger.events.access import Purpose, SysRecordExported
from ledger.events.base import Event
from ledger.events.fields import Gone, Privacy
from ledger.events.sealing import make_event
from ledger.follow import rows_between
from ledger.log_keys import open_covering
from ledger.store.port import EventRow, Row
from ledger.vocabulary import Slot

MEDIA: Final = "application/x-ndjson"


def copied_records(session: str, partner: Slot | None) -> list[str]:
    """The records that belong to a session, or to one partner's part of it."""
    return [f"{session}/{partner}"] if partner else [session, *(f"{session}/{slot}" for slot in get_args(Slot))]


def signed_head(service: Service) -> tuple[bytes, int]:
    """
    The newest signed checkpoint as its note, and how many entries it covers.

    Raises:
        Refused: `not-found`, when nothing is signed yet.
    """
    note = service.opened.store.latest_checkpoint()
    if note is None:
        raise Refused("not-found", "Nothing is signed yet.")
    return note, open_covering(note, service.keys.history.log_keys(), service.opened.pin.origin).size


def session_copy(
    service: Service, caller: Caller, session: str, partner: Slot | None, purpose: Purpose
) -> tuple[bytes, int]:
    """
    All entries of a session in the order of the log, as bytes to be given away, and the size they are proven under.

    Raises:
        Refused: `not-found`, for a session, or part of one, of which nothing is recorded.
    """
    store, records = service.opened.store, copied_records(session, partner)
    rows = sorted((row for record in records for row in store.stream_rows(record)), key=lambda row: row.position)
    if not rows:
        raise Refused("not-found", "Nothing is recorded of this session.", field="uuid")
    note, size = signed_head(service)
    covered = [row for row in rows if row.position < size]
    first = manifest(service, caller, purpose) | {
        "what": "session",
        "session": session,
        "partner": partner,
        "records": records,
        "entries": len(covered),
        "checkpoint": note.decode(),
        "keys": [_as_key(service, row) for row in _key_rows(service, covered, size)],
    }
    theirs = _the_others(service, session, partner, size)
    lines = [first, *(_with_blocks(service, row, caller, only_place=row.position in theirs) for row in covered)]
    return b"".join(map(line, lines)), size


def manifest(service: Service, caller: Caller, purpose: Purpose) -> dict[str, Any]:
    """What the first line of every copy says."""
    return {
        "copy": FORMAT,
        "ledger": service.opened.pin.origin,
        "organisation": service.opened.organisation,
        "practice": service.opened.practice,
        "made_at": to_instant(service.clock.wall()),
        "made_for": caller.owner,
        "purpose": purpose,
    }


def line(content: object) -> bytes:
    """One line of a copy."""
    return orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)


def log_lines(rows: Sequence[Row], caller: Caller) -> Iterator[bytes]:
    """Entries of the log itself, in order: no sealed block is opened for it."""
    for row in rows:
        yield line(said_entry(row, caller))


def exported(
    caller: Caller,
    content: str,
    records: Sequence[str],
    size: int,
    *,
    purpose: Purpose,
    privacy: Sequence[Privacy],
    partner_left_out: bool = False,
) -> Event:
    """What is to be recorded of a copy: the hash of its bytes, the tags of its records, none for the log itself."""
    roles = [role for role in caller.roles if role in _TAKERS]
    said = {
        "content": content,
        "on": None,
        "partner_left_out": partner_left_out,
        "privacy": list(privacy),
        "purpose": purpose,
        "reader": "staff",
        "records": list(records),
        "role": roles[0] if roles else None,
        "size": size,
        "staff": caller.owner,
    }
    return make_event(SysRecordExported, said)


_TAKERS: Final = ("records-officer", "privacy-officer", "compliance-officer", "medical-director")


def _the_others(service: Service, session: str, partner: Slot | None, size: int) -> frozenset[int]:
    """
    Where entries of one partner's record stand that are the other's, as a second person has signed below `size`.

    What is signed after that keeps the copy back, when its trace is recorded (REC-11).
    """
    if partner is None:
        return frozenset()
    history = service.compliance.at(as_of=to_instant(service.clock.wall()), known_at=size).session(session)
    away = (each.original for each in history.entries() if each.status == "reattributed-away")
    return frozenset(entry.position for entry in away if entry.stream == f"{session}/{partner}")


def _with_blocks(service: Service, row: EventRow, caller: Caller, *, only_place: bool) -> dict[str, Any]:
    if only_place or not may_read_entry(caller, row):
        return place_alone(row) | {"blocks": [], "gone": {}, "receipt": service.recorder.receipt(row.position).decode()}
    said = said_entry(row, caller)
    (found,) = rows_between(service.opened.store, service.opened.subject_keys, row.position, row.position + 1)
    texts = {digest: text for digest, text in sorted(found.blocks.items()) if isinstance(text, str)}
    return said | {
        "blocks": list(texts.values()),
        "gone": {digest: _why(text) for digest, text in sorted(found.blocks.items()) if digest not in texts},
        "receipt": service.recorder.receipt(row.position).decode(),
    }


def _key_rows(service: Service, rows: Sequence[EventRow], size: int) -> list[EventRow]:
    """
    The entries that enrolled the keys which signed these, and those which vouched for them, and what revoked any.

    They name staff and the slots of this session; the other partner's key is among them only where it signed.
    """
    history, store = service.keys.history, service.opened.store
    positions: set[int] = set()
    asked, waiting = set[str](), _kids(rows)
    while waiting:
        kid = waiting.pop()
        key = history.find(kid)
        if kid in asked or key is None:
            continue
        asked.add(kid)
        new = {at for at in (key.enrolled_at, key.revoked_at) if at is not None and at < size} - positions
        positions |= new
        waiting |= _kids([row for at in new if isinstance(row := store.row(at), EventRow)])
    found = (store.row(position) for position in sorted(positions))
    return [row for row in found if isinstance(row, EventRow)]


def _kids(rows: Iterable[EventRow]) -> set[str]:
    envelopes = (parse_envelope(row.envelope) for row in rows if row.envelope)
    return {signer.key for envelope in envelopes for signer in envelope.payload.attested}


def _as_key(service: Service, row: EventRow) -> dict[str, Any]:
    receipt = service.recorder.receipt(row.position).decode()
    return place_alone(row) | {"envelope": row.envelope.decode(), "type": row.type, "receipt": receipt}


def _why(gone: object) -> str:
    return gone.why if isinstance(gone, Gone) else str(getattr(gone, "code", "fault"))
