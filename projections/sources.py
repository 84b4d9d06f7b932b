"""
Entries kept whole inside a view, so that what was said about them later can be counted in when somebody asks.

A view's fold sees one entry at a time and knows no history. So the view keeps each entry as it was read, and
which other entry it is about; an answer then counts as of its own position (`projections.snapshot`).
What was known then stays known then, and following live and rebuilding give the same rows.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

import orjson

from ledger.effective import ABOUT, SAID
from ledger.events import EVENT_TYPES
from ledger.events.base import Event
from ledger.events.corrections import EntryReattributed
from ledger.events.fields import Gone
from ledger.events.paper import Performer
from ledger.events.sealing import make_event
from ledger.payload import Payload
from ledger.reading import PlacedEvent
from ledger.second_signatures import given_at_once, in_words, lacking
from projections.said import local_moment
from projections.view import Statement, Table, insert

SOURCES = Table(
    "source",
    "position INTEGER PRIMARY KEY, dig TEXT NOT NULL, about TEXT NOT NULL, also TEXT NOT NULL, record TEXT NOT NULL,"
    " type TEXT NOT NULL, local TEXT NOT NULL, lacks TEXT NOT NULL, entry TEXT NOT NULL",
    ("dig", "about WHERE about > ''", "also WHERE also > ''", "record WHERE about > ''", "record WHERE lacks > ''"),
)
"""
`about` is the digest of the entry this one is about, empty for a fact; `also` the second one of a reattribution.

`lacks` are the signatures a fact lacked when it was recorded, a JSON list of words.
"""

SECONDS = Table("second", "position INTEGER NOT NULL, kid TEXT NOT NULL, PRIMARY KEY (kid, position)", ("position",))
"""With which keys second signatures were given at once: they do not count where such a key turns out to be stolen."""

CORRECTING: tuple[type[Event], ...] = SAID
"""Types that a view has to read which counts what was corrected."""


def source_rows(placed: PlacedEvent) -> Iterator[Statement]:
    """The row that keeps an entry whole, and one for each second signature it came with."""
    record = "/".join(placed.stream.split("/")[:2]).replace("governance/", "session/")
    for signer in given_at_once(placed) if len(placed.payload.attested) > 1 else ():
        yield insert("second", kid=signer.key, position=placed.position)
    about = _about(placed.event)
    yield insert(
        "source",
        position=placed.position,
        dig=placed.dig,
        about=next(iter(about), ""),
        also="".join(about[1:]),
        record=record,
        type=placed.payload.type,
        local=local_moment(placed.payload.occurred),
        lacks=_lacks(placed),
        entry=_text(placed),
    )


def read_source(row: sqlite3.Row) -> PlacedEvent:
    """The entry of a row."""
    kept = json.loads(row["entry"])
    payload: dict[str, Any] = kept["payload"]
    members = kept["event"] | {name: Gone(why) for name, why in kept["gone"].items()}
    return PlacedEvent(
        row["position"],
        kept["version"],
        kept["received_at"],
        row["dig"],
        Payload.model_validate_json(json.dumps(payload | {"blocks": [], "body": {}})),
        make_event(EVENT_TYPES[payload["type"]], members),
        tuple(Performer.model_construct(**each) for each in kept.get("performed", ())),
    )


def _lacks(placed: PlacedEvent) -> str:
    if isinstance(placed.event, SAID):
        return ""  # whether a correction needs its reviewer depends on what it corrects
    missing = [in_words(rule) for rule in lacking(placed, ())]
    return json.dumps(missing) if missing else ""


def _about(event: Event) -> tuple[str, ...]:
    if isinstance(event, EntryReattributed):
        return event.voided.dig, event.created.dig
    return (event.target.dig,) if isinstance(event, ABOUT) else ()


def _text(placed: PlacedEvent) -> str:
    event, payload = placed.event, placed.payload
    members = event.__pydantic_serializer__.to_python(event)
    values = vars(event)
    gone = (
        {name: value.why for name, value in values.items() if type(value) is Gone}
        if Gone in map(type, values.values())
        else {}
    )
    for name in ("type", *gone):
        del members[name]
    kept = {
        "event": members,
        "gone": gone,
        "payload": {
            "attested": [vars(signer) for signer in payload.attested],
            "device": None if payload.device is None else vars(payload.device),
            "id": payload.id,
            "ledger": payload.ledger,
            "occurred": vars(payload.occurred),
            "recorded_at": payload.recorded_at,
            "seen": vars(payload.seen),
            "stream": payload.stream,
            "type": payload.type,
        },
        **({"performed": [each.model_dump() for each in placed.performed]} if placed.performed else {}),
        "received_at": placed.received_at,
        "version": placed.version,
    }
    return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode()
