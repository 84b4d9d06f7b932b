"""
What one row of the log says for itself, whatever stands before and after it.

Is the entry well formed, and the envelope the one it names? Is the payload canonical, does each signature fit its
bytes, is every block the signed one, does the event make sense?
None of that needs another row, so rows can be examined in any order, also by several processes at once.
Whether keys counted, nothing is repeated and nothing is missing is asked afterwards, in the order of the log
(`ledger.audit`), of what stands here and without the bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from ledger.block import Block, parse_block, text_digest
from ledger.entry import FIRST_LINE, EventEntry, parse_event_entry, stream_tag
from ledger.envelope import Envelope, pae, parse_envelope
from ledger.errors import Invalid, Refused
from ledger.events.base import Event
from ledger.events.erasure import RetentionEnded, SubjectErased
from ledger.events.fields import Gone
from ledger.events.governance import ClockCorrected
from ledger.evidence import BlockFault, LogRow
from ledger.keys import KEY_EVENTS
from ledger.payload import Attestation, Payload
from ledger.reading import read_event
from ledger.signers import check_meanings
from ledger.signing import is_signed_by
from ledger.tlog.heads import Heads, parse_heads_entry
from ledger.tlog.tree import leaf_hash

WEIGHED_LATER = (*KEY_EVENTS, ClockCorrected, SubjectErased, RetentionEnded)
"""Events that mean something to the rest of the log, and so are handed on whole."""


class Flaw(NamedTuple):
    """Something that does not hold: its code, and a sentence."""

    code: str
    message: str


class Untried(NamedTuple):
    """A signature whose key was not known when its row was examined."""

    message: bytes
    signature: bytes

    def fits(self, public_key: bytes) -> bool:
        """Whether it is this key's."""
        return is_signed_by(public_key, self.message, self.signature)


BlockState: TypeAlias = Flaw | Gone | Literal[True] | None


class ExaminedEntry(NamedTuple):
    """What an event's entry says; `tag` and `prev` as bytes, `env` in hex."""

    tag: bytes
    version: int
    prev: bytes | None
    received_at: str
    env: str


class ExaminedEnvelope(NamedTuple):
    """
    What an envelope says.

    `blocks` are the signed digests in order, each with True (there and right), its fault, why it is gone, or None.
    `signatures` are in the order of `attested`: whether each fits, or what is needed to try it later.
    `unread` says why no event could be made of it; `event` and `payload` are kept if later rows depend on them.
    """

    place: Flaw | None
    event_id: bytes
    blocks: tuple[tuple[bytes, BlockState], ...]
    foreign_block: bool
    unread: Flaw | None
    attested: tuple[Attestation, ...]
    stream: str
    type: str
    signatures: tuple[bool | Untried, ...]
    meanings: Flaw | None
    event: Event | None
    payload: Payload | None


class Examined(NamedTuple):
    """
    One row after examination.

    `entry` is what its entry says, or why it cannot be read; `envelope` likewise, and None when it is not there.
    `leaf_kept` says whether the store's leaf is the entry's own, `envelope_named` whether the entry names the envelope.
    """

    position: int
    leaf: bytes
    leaf_kept: bool
    is_event: bool
    entry: ExaminedEntry | Heads | Flaw
    envelope: ExaminedEnvelope | Flaw | None = None
    envelope_named: bool = True


def examine(rows: Sequence[LogRow], origin: str, public_keys: Mapping[str, bytes]) -> list[Examined]:
    """
    What each of these rows of the ledger `origin` says for itself, in their order.

    `public_keys` are those known by kid. About one signature check a signature, and twice as much for the rest.
    """
    examiner = Examiner(origin, public_keys)
    groups = (rows[start : start + _TOGETHER] for start in range(0, len(rows), _TOGETHER))
    return [examined for group in groups for examined in examiner.examine(group)]


_TOGETHER = 32
"""Rows for which one kind of work is done after the other: a fifth faster than all work on one row after the other."""

_Entry: TypeAlias = EventEntry | Heads | Flaw


class Examiner:
    """Examines some rows, and remembers for their time what they have in common."""

    def __init__(self, origin: str, public_keys: Mapping[str, bytes]) -> None:
        self._origin = origin
        self._public_keys = public_keys
        self._tags: dict[str, tuple[str, str]] = {}
        self._meant: set[tuple[str, str, tuple[tuple[str, str, str], ...]]] = set()

    def examine(self, rows: Sequence[LogRow]) -> list[Examined]:
        """What each of these rows says for itself, in their order."""
        entries = [_entry(row.entry) for row in rows]
        envelopes = [_envelope(row) for row in rows]
        blocks = [_blocks(row, envelope) for row, envelope in zip(rows, envelopes, strict=True)]
        events = [self._event(envelope, block) for envelope, block in zip(envelopes, blocks, strict=True)]
        signed = [self._signatures(envelope) for envelope in envelopes]
        return [self._joined(*each) for each in zip(rows, entries, envelopes, blocks, events, signed, strict=True)]

    def _joined(
        self,
        row: LogRow,
        entry: _Entry,
        envelope: Envelope | Flaw | None,
        blocks: _Blocks,
        event: _Read,
        signed: tuple[bool | Untried, ...],
    ) -> Examined:
        leaf = leaf_hash(row.entry)
        kept = row.leaf is None or row.leaf == leaf
        if not isinstance(entry, EventEntry):
            return Examined(row.position, leaf, kept, row.entry.startswith(FIRST_LINE), entry)
        prev = None if entry.prev is None else bytes.fromhex(entry.prev)
        chained = ExaminedEntry(bytes.fromhex(entry.stream), entry.version, prev, entry.received_at, entry.env)
        if row.envelope is None or envelope is None:
            return Examined(row.position, leaf, kept, True, chained)
        named = hashlib.sha256(row.envelope).hexdigest() == entry.env
        if isinstance(envelope, Flaw):
            return Examined(row.position, leaf, kept, True, chained, envelope, named)
        payload = envelope.payload
        stream, own_tag = self._tagged(payload.stream)
        place = None
        if payload.ledger != self._origin:
            place = Flaw("other-ledger", "It was signed for another ledger.")
        elif own_tag != entry.stream:
            place = Flaw("other-stream", "It was signed for another record than its entry says.")
        weighed = isinstance(event[0], WEIGHED_LATER)
        examined = ExaminedEnvelope(
            place,
            bytes.fromhex(payload.id.replace("-", "")),
            blocks[0],
            not row.blocks.keys() <= set(payload.blocks),
            event[1],
            payload.attested,
            stream,
            payload.type,
            signed,
            event[2],
            event[0] if weighed else None,
            payload if weighed else None,
        )
        return Examined(row.position, leaf, kept, True, chained, examined, named)

    def _signatures(self, envelope: Envelope | Flaw | None) -> tuple[bool | Untried, ...]:
        if not isinstance(envelope, Envelope):
            return ()
        message = pae(envelope.payload_bytes)
        found: list[bool | Untried] = []
        for signer, signature in zip(envelope.payload.attested, envelope.signatures, strict=True):
            public_key = self._public_keys.get(signer.key)
            if public_key is None:
                found.append(Untried(message, signature))
            else:
                found.append(is_signed_by(public_key, message, signature))
        return tuple(found)

    def _event(self, envelope: Envelope | Flaw | None, blocks: _Blocks) -> _Read:
        if not isinstance(envelope, Envelope):
            return None, None, None
        payload = envelope.payload
        try:
            event = read_event(payload, blocks[1])
        except Invalid as error:
            return None, Flaw(error.code, f"{error.message} ({error.field})"), None
        asked = payload.type, payload.stream, tuple([(each.by, each.meaning, each.role) for each in payload.attested])
        if asked not in self._meant:
            try:
                check_meanings(type(event), payload)
            except Refused as error:
                return event, None, Flaw(error.code, f"{error.message} ({error.field})")
            self._meant.add(asked)
        return event, None, None

    def _tagged(self, stream: str) -> tuple[str, str]:
        """The stream and its tag in hex; the same objects for all rows of one record."""
        known = self._tags.get(stream)
        if known is None:
            known = self._tags[stream] = (stream, stream_tag(self._origin, stream))
        return known


def _entry(entry: bytes) -> _Entry:
    try:
        return parse_event_entry(entry) if entry.startswith(FIRST_LINE) else _heads(entry)
    except Invalid as error:
        return Flaw(error.code, error.message)


def _envelope(row: LogRow) -> Envelope | Flaw | None:
    try:
        return None if row.envelope is None else parse_envelope(row.envelope)
    except Invalid as error:
        return Flaw(error.code, error.message)


_Blocks: TypeAlias = tuple[tuple[tuple[bytes, BlockState], ...], dict[str, Block]]
"""The signed blocks in order with their states, and those that can be read."""


def _blocks(row: LogRow, envelope: Envelope | Flaw | None) -> _Blocks:
    blocks: dict[str, Block] = {}
    if not isinstance(envelope, Envelope):
        return (), blocks
    return tuple([(bytes.fromhex(each), _block(row, each, blocks)) for each in envelope.payload.blocks]), blocks


_Read: TypeAlias = tuple[Event | None, Flaw | None, Flaw | None]
"""The event, why none can be made, and what is wrong with the meanings of its signatures."""


def _block(row: LogRow, digest: str, blocks: dict[str, Block]) -> BlockState:
    """The state of one signed block; put among `blocks` when it can be read."""
    match row.blocks.get(digest):
        case str(text):
            try:
                blocks[digest] = parse_block(text)
            except Invalid as error:
                return Flaw(error.code, error.message)
            if text_digest(text) != digest:
                return Flaw("block-digest", "A sealed block is not the signed one.")
            return True
        case BlockFault(code, message):
            return Flaw(code, message)
        case gone_or_none:
            return gone_or_none


def _heads(entry: bytes) -> Heads | Flaw:
    try:
        return parse_heads_entry(entry)
    except Invalid as error:
        return Flaw("entry-unknown", f"Neither an event nor a heads entry: {error.message}")
