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
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple, TypeAlias

from ledger.block import Block, parse_block, text_digest
from ledger.entry import FIRST_LINE, parse_event_entry, stream_tag
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

_WEIGHED_LATER = (*KEY_EVENTS, ClockCorrected, SubjectErased, RetentionEnded)
"""Events that mean something to the rest of the log, and so are handed on whole."""


_SIGNERS_END = b'],"blocks":'
"""What follows upon the first member of a payload, who signs it; the same signers are the same bytes."""


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


def examine(rows: Iterable[LogRow], origin: str, public_keys: Mapping[str, bytes]) -> list[Examined]:
    """
    What each of these rows of the ledger `origin` says for itself, in their order.

    `public_keys` are those known by kid. About one signature check a signature, and as much again for the rest.
    """
    examiner = _Examiner(origin, public_keys)
    return [examiner.examine(row) for row in rows]


class _Examiner:
    """Examines some rows, and remembers for their time what they have in common."""

    def __init__(self, origin: str, public_keys: Mapping[str, bytes]) -> None:
        self._origin = origin
        self._public_keys = public_keys
        self._tags: dict[str, tuple[str, str]] = {}
        self._signers: dict[bytes, tuple[Attestation, ...]] = {}

    def examine(self, row: LogRow) -> Examined:
        leaf = leaf_hash(row.entry)
        kept = row.leaf is None or row.leaf == leaf
        if not row.entry.startswith(FIRST_LINE):
            return Examined(row.position, leaf, kept, is_event=False, entry=_heads(row.entry))
        try:
            entry = parse_event_entry(row.entry)
        except Invalid as error:
            return Examined(row.position, leaf, kept, is_event=True, entry=Flaw(error.code, error.message))
        prev = None if entry.prev is None else bytes.fromhex(entry.prev)
        chained = ExaminedEntry(bytes.fromhex(entry.stream), entry.version, prev, entry.received_at, entry.env)
        if row.envelope is None:
            return Examined(row.position, leaf, kept, is_event=True, entry=chained)
        named = hashlib.sha256(row.envelope).hexdigest() == entry.env
        try:
            envelope = parse_envelope(row.envelope)
        except Invalid as error:
            return Examined(row.position, leaf, kept, True, chained, Flaw(error.code, error.message), named)
        return Examined(row.position, leaf, kept, True, chained, self._envelope(envelope, row, entry.stream), named)

    def _envelope(self, envelope: Envelope, row: LogRow, tag: str) -> ExaminedEnvelope:
        payload = envelope.payload
        stream, own_tag = self._tagged(payload.stream)
        place = None
        if payload.ledger != self._origin:
            place = Flaw("other-ledger", "It was signed for another ledger.")
        elif own_tag != tag:
            place = Flaw("other-stream", "It was signed for another record than its entry says.")
        blocks: dict[str, Block] = {}
        states = tuple([(bytes.fromhex(digest), _block(row, digest, blocks)) for digest in payload.blocks])
        unread = meanings = event = None
        try:
            event = read_event(payload, blocks)
            check_meanings(event, payload)
        except Invalid as error:
            unread = Flaw(error.code, f"{error.message} ({error.field})")
        except Refused as error:
            meanings = Flaw(error.code, f"{error.message} ({error.field})")
        weighed = isinstance(event, _WEIGHED_LATER)
        return ExaminedEnvelope(
            place=place,
            event_id=bytes.fromhex(payload.id.replace("-", "")),
            blocks=states,
            foreign_block=not row.blocks.keys() <= set(payload.blocks),
            unread=unread,
            attested=self._signers.setdefault(envelope.payload_bytes.partition(_SIGNERS_END)[0], payload.attested),
            stream=stream,
            type=payload.type,
            signatures=self._signatures(envelope),
            meanings=meanings,
            event=event if weighed else None,
            payload=payload if weighed else None,
        )

    def _signatures(self, envelope: Envelope) -> tuple[bool | Untried, ...]:
        message = pae(envelope.payload_bytes)
        found: list[bool | Untried] = []
        for signer, signature in zip(envelope.payload.attested, envelope.signatures, strict=True):
            public_key = self._public_keys.get(signer.key)
            if public_key is None:
                found.append(Untried(message, signature))
            else:
                found.append(is_signed_by(public_key, message, signature))
        return tuple(found)

    def _tagged(self, stream: str) -> tuple[str, str]:
        """The stream and its tag in hex; the same objects for all rows of one record."""
        known = self._tags.get(stream)
        if known is None:
            known = self._tags[stream] = (stream, stream_tag(self._origin, stream))
        return known


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
