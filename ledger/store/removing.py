"""
What may leave the store: the envelopes that a recorded end of retention names, and no other.

This is asked in the one place of each store that takes bytes away, whoever calls it and whatever they checked
before. It believes no index and no list: the event has to be the one its entry was made for, two different people
have to have signed it, and the list that was kept has to have the number and the root they signed.
Source: format v1, section 11.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from ledger.absences import counted
from ledger.encoding import from_hex
from ledger.entry import parse_event_entry
from ledger.envelope import parse_envelope
from ledger.errors import Invalid, Refused
from ledger.events.erasure import RetentionEnded
from ledger.payload import Payload
from ledger.store.port import EventRow, Row
from ledger.tlog.tree import leaf_hash

MAY_END = ("session", "person", "couple", "stock", "access")
"""Kinds of records whose entries can be no longer kept; what proves the others' keys and lists stays."""


def check_removal(ending: Row | None, listed: Sequence[Row]) -> None:
    """
    Pass when the envelopes of these rows may be removed under this one.

    Raises:
        Refused: `not-ended`, with why; nothing is removed then.
    """
    try:
        payload = _ending(ending)
    except Invalid as error:
        raise _not_ended(error.message) from error
    envs = []
    for row in listed:
        if not isinstance(row, EventRow) or ending is None or row.position >= ending.position:
            raise _not_ended("What its list names is no event in front of it.")
        if row.stream.partition("/")[0] not in MAY_END or leaf_hash(row.entry) != row.leaf:
            raise _not_ended(f"The entry at {row.position} is none whose envelope can end.")
        envs.append(parse_event_entry(row.entry).env)
    signed = RetentionEnded.model_validate({"envelopes": payload.body.get("envelopes")}).envelopes
    if counted(envs) != signed:
        raise _not_ended("The list that is kept is not the one that was signed.")


def _ending(row: Row | None) -> Payload:
    """What was signed at the row that ends the retention."""
    if not isinstance(row, EventRow) or row.type != RetentionEnded.type_tag():
        raise _not_ended("No end of retention stands there.")
    entry, envelope = parse_event_entry(row.entry), parse_envelope(row.envelope)
    if hashlib.sha256(row.envelope).digest() != from_hex(entry.env, 32, "env") or leaf_hash(row.entry) != row.leaf:
        raise _not_ended("The event there is not the one its entry was made for.")
    if envelope.payload.type != RetentionEnded.type_tag() or len({each.by for each in envelope.payload.attested}) < 2:
        raise _not_ended("Two people sign the end of a retention.")
    return envelope.payload


def _not_ended(why: str) -> Refused:
    return Refused(
        "not-ended",
        f"These envelopes cannot be removed. {why}",
        remedy="Nothing was removed; have the ledger verified: session-ledger verify.",
    )
