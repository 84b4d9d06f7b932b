"""
The quick way through a row of the log: everything `ledger.examination` asks of it, in one go.

Its yes counts, and what it does not say yes to is examined by the letter, which names what is wrong: it is the same
arrangement as between the two verifiers of signatures.
A payload is compared with one pattern of all that a payload may be; its body and its blocks are asked part by part
whether they are spelled as their type wants it, and no event is made of them.
Who signs it, and what a type on a record asks for, is the same for many rows and is looked up.
`tests/ledger/test_quick_examination.py` holds the two ways equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import orjson

from ledger.block import BLOCK, value_quickly
from ledger.canonical import Json, is_spelled
from ledger.encoding import base64_between_quotes_all, base64url_all
from ledger.entry import stream_tag
from ledger.envelope import pae
from ledger.errors import Invalid, Refused
from ledger.events import EVENT_TYPES
from ledger.events.base import Event
from ledger.events.corrections import EntryCorrected
from ledger.events.parts import Parts, parts_of
from ledger.events.sealing import block_names, form_of
from ledger.events.sealing import read_quickly as read_event
from ledger.evidence import LogRow
from ledger.examination import WEIGHED_LATER, Examiner
from ledger.payload import (
    STREAM,
)
from ledger.quick_cutting import Placed, cut, placed, signers, texts
from ledger.reading import check_record
from ledger.signers import check_meanings
from ledger.signing import is_signed_by
from ledger.stretch import Alike, Found, Gathering, Sound

_STREAM = re.compile(STREAM.encode())
_PAE = pae(b"").removesuffix(b"0 ")
_BY, _SIGNATURE, _LINE = b'{"keyid":"%b","sig":', 82, 174
"""The line of a signature; where in it its text begins, with its quotes; and bytes of the line with a comma."""

_NOT_QUICKLY = (*WEIGHED_LATER, EntryCorrected)
"""
A correction has fields for values of any kind, which have to be looked through.

The fields of all other types leave no room for a number, a name or a nesting that the format does not know: a value
that they take is one (`tests/ledger/test_quick_examination.py` goes through them).
"""


class _Kind(NamedTuple):
    """What is known of all events that the same people signed on one record in one type."""

    alike: Alike
    event: type[Event]
    tag: bytes
    parts: Parts | None
    signers: tuple[tuple[bytes, bytes], ...]
    """What the line of a signature is in front of that, and the public key."""


_Said: TypeAlias = tuple[Sound, _Kind, bytes, list[bytes], bytes, bytes]
"""
A row with which nothing is wrong, if its parts are spelled right and its signatures fit.

With its body, the texts of its blocks, the lines of its signatures, and what those are over.
"""


def examine_quickly(rows: Sequence[LogRow], origin: str, public_keys: Mapping[str, bytes]) -> list[Found]:
    """
    What `ledger.examination.examine` finds in these rows, where it finds nothing as stretches.

    About one signature check a signature, and half as much for the rest.
    """
    return list(_QuickExaminer(origin, public_keys).examine(rows))


class _QuickExaminer:
    """Examines some rows, and remembers for their time what they have in common."""

    def __init__(self, origin: str, public_keys: Mapping[str, bytes]) -> None:
        self._origin = origin
        self._ledger = origin.encode()
        self._public_keys = public_keys
        self._kinds: dict[tuple[bytes, bytes, bytes], _Kind | None] = {}
        self._by_the_letter = Examiner(origin, public_keys)

    def examine(self, rows: Sequence[LogRow]) -> Iterator[Found]:
        """What each of these rows says for itself, in their order."""
        gathering = Gathering()
        for row, sound in zip(rows, _sound(self._said(rows)), strict=True):
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

    def _said(self, rows: Sequence[LogRow]) -> list[_Said | None]:
        """Each row if nothing but its parts and its signatures may be wrong with it; else None."""
        found = [placed(row) for row in rows]
        payloads = iter(base64_between_quotes_all([each[0] for each in found if each is not None]))
        return [None if each is None else self._of_payload(each, next(payloads)) for each in found]

    def _of_payload(self, row: Placed, data: bytes | None) -> _Said | None:
        _, position, leaf, prev, received_at, tag, number, at_hand, lines = row
        if data is None or (said := cut(data)) is None or said[4] != self._ledger:
            return None
        by, names, body, event_id, _, stream, type_tag = said
        asked = by, stream, type_tag
        kind = self._kinds[asked] if asked in self._kinds else self._learn(asked)
        if kind is None or kind.tag != tag:
            return None
        digests = names[1:-1].decode().split('","') if names else []
        sealed = texts(digests, at_hand)
        if sealed is None or len(sealed) != kind.alike.blocks:
            return None
        sound = position, leaf, kind.alike, number, prev, received_at, event_id, digests
        return sound, kind, body, sealed, lines, b"%b%d %b" % (_PAE, len(data), data)

    def _learn(self, asked: tuple[bytes, bytes, bytes]) -> _Kind | None:
        """What is asked of all events that begin like this, on this record, of this type."""
        self._kinds[asked] = None
        by, stream_bytes, type_bytes = asked
        attested, stream = signers(by), stream_bytes.decode()
        kind = EVENT_TYPES.get(type_bytes.decode())
        if kind is None or attested is None or not _STREAM.fullmatch(stream_bytes) or issubclass(kind, _NOT_QUICKLY):
            return None
        public_keys = [(_BY % each.key.encode(), self._public_keys.get(each.key)) for each in attested]
        known = tuple((line, public) for line, public in public_keys if public is not None)
        tag = stream_tag(self._origin, stream)
        alike = Alike(attested, stream, kind.type_tag(), bytes.fromhex(tag), len(block_names(kind, stream)))
        try:
            check_record(kind, stream)
            check_meanings(kind, alike)
        except (Invalid, Refused):
            return None
        if len(known) < len(attested):
            return None
        learnt = self._kinds[asked] = _Kind(alike, kind, tag.encode(), parts_of(kind, *form_of(stream)), known)
        return learnt


def _sound(said: Sequence[_Said | None]) -> list[Sound | None]:
    """Each of these rows if its parts are spelled right and its signatures fit; else None."""
    blocks = iter(base64url_all([text for each in said if each is not None for text in each[3]]))
    read = [
        each if each is not None and _are_spelled(each[1], each[2], [next(blocks) for _ in each[3]]) else None
        for each in said
    ]
    quoted = [
        each[4][at + _SIGNATURE : at + _LINE - 2]
        for each in read
        if each is not None
        for at in range(0, len(each[1].signers) * _LINE, _LINE)
    ]
    signatures = iter(base64_between_quotes_all(quoted))
    return [
        each[0] if each is not None and _is_signed(each, [next(signatures) for _ in each[1].signers]) else None
        for each in read
    ]


def _are_spelled(kind: _Kind, body: bytes, blocks: Sequence[bytes | None]) -> bool:
    """Whether the body, and each of these blocks, is one that the type has, each block once."""
    sealed: dict[bytes, bytes] = {}
    for json in blocks:
        if json is None or (block := BLOCK.fullmatch(json)) is None:
            return False
        _, name, inside = block.groups()
        sealed[name] = inside
    if len(sealed) < len(blocks):
        return False
    parts = kind.parts
    if (
        parts is not None
        and parts.body(body)
        and not [name for name, inside in sealed.items() if name not in parts.sealed or not parts.sealed[name](inside)]
    ):
        return True
    return _is_event(kind, body, sealed)


def _is_event(kind: _Kind, body: bytes, sealed: Mapping[bytes, bytes]) -> bool:
    """The same of the event as a whole: its fields may ask about each other, or be written in another order."""
    try:
        opened: dict[str, Json] = orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    values = {name.decode(): value_quickly(inside) for name, inside in sealed.items()}
    inside = {name: value for name, value in values.items() if value is not None}
    if len(inside) < len(sealed) or not is_spelled(opened, body):
        return False
    return read_event(kind.event, kind.alike.stream, opened, inside) is not None


def _is_signed(said: _Said, signatures: Sequence[bytes | None]) -> bool:
    """Whether there is one line for each of the keys, in their order, and these signatures in them fit."""
    _, kind, _, _, lines, message = said
    signers = kind.signers
    if len(lines) != len(signers) * _LINE - 1:
        return False
    at = 0
    for (line, public), signature in zip(signers, signatures, strict=True):
        if signature is None or not lines.startswith(line, at) or not is_signed_by(public, message, signature):
            return False
        at += _LINE
        if lines[at - 2 : at] != (b"}," if at < len(lines) else b"}"):
            return False
    return True
