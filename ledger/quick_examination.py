"""
The quick way through a row of the log: everything `ledger.examination` asks of it, in one go.

Its yes counts, and what it does not say yes to is examined by the letter, which names what is wrong: it is the same
arrangement as between the two verifiers of signatures.
A payload is compared with one pattern of all that a payload may be, around a body that is read and written again;
who signs it, and what a type on a record asks for, is the same for many rows and is looked up.
`tests/ledger/test_quick_examination.py` holds the two ways equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple, TypeAlias

import orjson

from ledger.block import read_quickly as read_block
from ledger.canonical import Json, is_spelled, reads_back
from ledger.encoding import INSTANT, base64_between_quotes, is_day
from ledger.entry import SPELLED, stream_tag
from ledger.envelope import MAX_ENVELOPE, SIGNED, pae
from ledger.errors import Invalid, Refused
from ledger.events import EVENT_TYPES
from ledger.events.base import Event
from ledger.events.corrections import EntryCorrected
from ledger.events.sealing import block_names
from ledger.events.sealing import read_quickly as read_event
from ledger.evidence import LogRow, Opened
from ledger.examination import WEIGHED_LATER, Examined, Examiner
from ledger.payload import (
    HEX_HASH,
    MAX_PAYLOAD,
    NOTHING_SEEN,
    STREAM,
    UUID4,
    UUID7,
    ZONE,
    Attestation,
    parse_signers,
)
from ledger.reading import check_record
from ledger.signers import check_meanings
from ledger.signing import is_signed_by
from ledger.stretch import Alike, Gathering, Sound, Stretch

Found: TypeAlias = Examined | Stretch
"""One row with what was found in it, or many in which nothing was."""

_HASH = HEX_HASH.encode()
_NUMBER = rb"[1-9][0-9]{0,14}"
_PAYLOAD = re.compile(
    rb'(\{"attested":\[\{[^\[\]]*\}\]),"blocks":\[((?:"%(hash)b"(?:,"%(hash)b"){0,7})?)\],"body":(\{.*\}),'
    rb'"device":(?:null|\{"id":"device/%(uuid4)b","prev":(?:null|"%(hash)b"),"seq":%(number)b\}),'
    rb'"id":"(%(uuid7)b)","ledger":"([^"]*)",'
    rb'"occurred":\{"at":"%(instant)b","offset":(?:0|-?(?:[1-9][0-9]{0,2}|10[0-7][0-9]|1080)),'
    rb'"precision":"(?:s|min|approx)","zone":"%(zone)b"\},"recorded_at":"%(instant)b",'
    rb'"seen":\{"root":"(%(hash)b)","size":(0|%(number)b)\},"stream":"([^"]*)","type":"([^"]*)"\}'
    % {
        b"hash": _HASH,
        b"number": _NUMBER,
        b"uuid4": UUID4.encode(),
        b"uuid7": UUID7.encode(),
        b"instant": INSTANT,
        b"zone": ZONE.encode(),
    }
)
"""
Every payload, but for what stands inside the body: that is a JSON value by itself or it is no payload.

What follows the body has no containers to hide in, so there is one way to cut a payload like this.
"""
_STREAM = re.compile(STREAM.encode())
_NOTHING = NOTHING_SEEN.root.encode()
_LINE = len('{"keyid":"","sig":""},') + 64 + 88


_NOT_QUICKLY = (*WEIGHED_LATER, EntryCorrected)
"""
A correction has fields for values of any kind, which have to be looked through.

The fields of all other types leave no room for a number, a name or a nesting that the format does not know: a value
that they take is one (`tests/ledger/test_quick_examination.py` goes through them).
"""

_TOGETHER = 32
"""Rows for which one kind of work is done after the other, which is quicker: caches are small."""


class _Kind(NamedTuple):
    """What is known of all events that the same people signed on one record in one type."""

    alike: Alike
    event: type[Event]
    tag: bytes
    signers: tuple[tuple[bytes, bytes], ...]
    """Kid as it is spelled, and public key."""


_Read: TypeAlias = tuple[Sound, tuple[tuple[bytes, bytes], ...], bytes, bytes]
"""A row of which everything was read: who has to have signed it, the lines of its signatures, what they are over."""


def examine_quickly(rows: Sequence[LogRow], origin: str, public_keys: Mapping[str, bytes]) -> list[Found]:
    """
    What `ledger.examination.examine` finds in these rows, where it finds nothing as stretches.

    About one signature check a signature, and nearly as much for the rest.
    """
    return list(_QuickExaminer(origin, public_keys).examine(rows))


class _QuickExaminer:
    """Examines some rows, and remembers for their time what they have in common."""

    def __init__(self, origin: str, public_keys: Mapping[str, bytes]) -> None:
        self._origin = origin
        self._ledger = origin.encode()
        self._public_keys = public_keys
        self._kinds: dict[tuple[bytes, bytes, bytes], _Kind | None] = {}
        self._meant: set[int] = set()
        self._by_the_letter = Examiner(origin, public_keys)

    def examine(self, rows: Sequence[LogRow]) -> Iterator[Found]:
        """What each of these rows says for itself, in their order."""
        gathering = Gathering()
        for start in range(0, len(rows), _TOGETHER):
            group = rows[start : start + _TOGETHER]
            read = [self._read(row) for row in group]
            for row, sound in zip(group, [_signed(each) for each in read], strict=True):
                if sound is not None and gathering.continued_by(sound):
                    continue
                if (stretch := gathering.stretch()) is not None:
                    yield stretch
                gathering = Gathering()
                if sound is None:
                    yield from self._by_the_letter.examine((row,))
                else:
                    gathering.continued_by(sound)
        if (stretch := gathering.stretch()) is not None:
            yield stretch

    def _read(self, row: LogRow) -> _Read | None:
        """The row if nothing but its signatures may be wrong with it; None if something is, or may be."""
        position, entry, envelope, at_hand, kept = row
        if envelope is None or len(envelope) > MAX_ENVELOPE:
            return None
        place, signed = SPELLED.fullmatch(entry), SIGNED.fullmatch(envelope)
        if place is None or signed is None:
            return None
        leaf = sha256(b"\x00" + entry).digest()
        env, prev, received_at, day, tag, version = place.groups()
        number = int(version)
        if (kept is not None and kept != leaf) or sha256(envelope).hexdigest().encode() != env:
            return None
        if not is_day(day) or (number == 1) != (prev is None):
            return None
        start, end = signed.span(1)
        data = base64_between_quotes(envelope[start - 1 : end + 1])
        if data is None or len(data) > MAX_PAYLOAD or b"\x7f" in data or not data.isascii() or b"\\" in data:
            return None
        said = _PAYLOAD.fullmatch(data)
        if said is None:
            return None
        by, names, body, event_id, ledger, at, recorded, root, seen, stream, type_tag = said.groups()
        if ledger != self._ledger or not is_day(at) or not is_day(recorded) or (seen == b"0" and root != _NOTHING):
            return None
        asked = by, stream, type_tag
        kind = self._kinds[asked] if asked in self._kinds else self._learn(asked)
        if kind is None or kind.tag != tag:
            return None
        digests = names[1:-1].decode().split('","') if names else []
        sealed = _opened(digests, at_hand)
        if sealed is None or len(sealed) != kind.alike.blocks:
            return None
        inside = _NO_BODY if body == b"{}" else _value(body)
        event = None if inside is None else read_event(kind.event, kind.alike.stream, inside, sealed)
        if event is None or not self._is_meant(kind, event):
            return None
        sound = Sound(position, leaf, kind.alike, number, prev, received_at, event_id, digests)
        return sound, kind.signers, signed[2], pae(data)

    def _learn(self, asked: tuple[bytes, bytes, bytes]) -> _Kind | None:
        """What is asked of all events that begin like this, on this record, of this type."""
        self._kinds[asked] = None
        by, stream_bytes, type_bytes = asked
        attested, stream = _signers(by), stream_bytes.decode()
        kind = EVENT_TYPES.get(type_bytes.decode())
        if kind is None or attested is None or not _STREAM.fullmatch(stream_bytes) or issubclass(kind, _NOT_QUICKLY):
            return None
        public_keys = [(each.key.encode(), self._public_keys.get(each.key)) for each in attested]
        known = tuple((kid, public) for kid, public in public_keys if public is not None)
        try:
            check_record(kind, stream)
        except Invalid:
            return None
        if len(known) < len(attested):
            return None
        tag = stream_tag(self._origin, stream)
        alike = Alike(attested, stream, kind.type_tag(), bytes.fromhex(tag), len(block_names(kind, stream)))
        learnt = self._kinds[asked] = _Kind(alike, kind, tag.encode(), known)
        return learnt

    def _is_meant(self, kind: _Kind, event: Event) -> bool:
        """Whether each signature has a meaning that the type asks for; the same for all events of a kind."""
        if id(kind) not in self._meant:
            try:
                check_meanings(event, kind.alike)
            except Refused:
                return False
            self._meant.add(id(kind))
        return True


_NO_BODY: dict[str, Json] = {}


def _value(body: bytes) -> dict[str, Json] | None:
    try:
        value: dict[str, Json] = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return value if is_spelled(value, body) else None


@lru_cache(maxsize=512)
def _signers(start: bytes) -> tuple[Attestation, ...] | None:
    """Who signs a payload that begins like this; None unless it is spelled as it must be and they are different."""
    whole = start + b"}"
    try:
        value = orjson.loads(whole)
        if not reads_back(value, whole):
            return None
        return parse_signers(value["attested"])
    except (Invalid, ValueError):
        return None


def _signed(read: _Read | None) -> Sound | None:
    """The row, if there is one signature of each of these keys, in their order, and it fits."""
    if read is None:
        return None
    sound, signers, lines, message = read
    if len(lines) != len(signers) * _LINE - 1:
        return None
    at = 10
    for kid, public in signers:
        signature = base64_between_quotes(lines[at + 72 : at + 162])
        if lines[at : at + 64] != kid or signature is None or not is_signed_by(public, message, signature):
            return None
        at += _LINE
    return sound


def _opened(digests: Sequence[str], at_hand: Mapping[str, object]) -> dict[str, dict[str, Json]] | None:
    """The values of these blocks by name, if just these are at hand and each is the signed one."""
    if len(at_hand) != len(digests):
        return None
    compared = isinstance(at_hand, Opened)
    values: dict[str, dict[str, Json]] = {}
    before = ""
    for digest in digests:
        text = at_hand.get(digest)
        if not isinstance(text, str) or digest <= before or not text.isascii():
            return None
        before, coded = digest, text.encode()
        read = read_block(coded)
        if read is None or read[1] in values or not (compared or sha256(coded).hexdigest() == digest):
            return None
        values[read[1]] = read[2]
    return values
