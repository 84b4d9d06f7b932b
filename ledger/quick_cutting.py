"""
How a row of the log is cut quickly: entry, envelope and payload into what is asked of them, if they are spelled right.

None stands for everything that somebody has to read by the letter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import TypeAlias

import orjson

from ledger.block import MAX_TEXT
from ledger.canonical import reads_back
from ledger.encoding import INSTANT, is_day
from ledger.entry import FIRST_LINE
from ledger.envelope import MAX_ENVELOPE, PAYLOAD_TYPE
from ledger.errors import Invalid
from ledger.evidence import LogRow, Opened
from ledger.payload import HEX_HASH, MAX_PAYLOAD, NOTHING_SEEN, UUID4, UUID7, ZONE, Attestation, parse_signers
from ledger.tlog.tree import Hash

_HASH = HEX_HASH.encode()
_NUMBER = rb"[1-9][0-9]{0,14}"
_TAKEN = rb".{64}"
"""A hash that is compared with one that is known, or looked up: whether it is spelled in hex need not be asked."""
_ENTRY = re.compile(
    re.escape(FIRST_LINE)
    + rb'\{"env":"(%(taken)b)","prev":(?:null|"(%(hash)b)"),"received_at":"(%(instant)b)","stream":"(%(taken)b)",'
    rb'"version":(%(number)b)\}' % {b"taken": _TAKEN, b"hash": _HASH, b"instant": INSTANT, b"number": _NUMBER},
    re.DOTALL,
)
_PAYLOAD = re.compile(
    rb',"blocks":\[((?:"%(taken)b"(?:,"%(taken)b"){0,7})?)\],"body":(\{.*\}),'
    rb'"device":(?:null|\{"id":"device/%(uuid4)b","prev":(?:null|"%(hash)b"),"seq":%(number)b\}),'
    rb'"id":"(%(uuid7)b)","ledger":"([^"]*)",'
    rb'"occurred":\{"at":"%(instant)b","offset":(?:0|-?(?:[1-9][0-9]{0,2}|10[0-7][0-9]|1080)),'
    rb'"precision":"(?:s|min|approx)","zone":"%(zone)b"\},"recorded_at":"%(instant)b",'
    rb'"seen":\{"root":"(%(taken)b)","size":(0|%(number)b)\},"stream":"([^"]*)","type":"([^"]*)"\}'
    % {
        b"taken": _TAKEN,
        b"hash": _HASH,
        b"number": _NUMBER,
        b"uuid4": UUID4.encode(),
        b"uuid7": UUID7.encode(),
        b"instant": INSTANT,
        b"zone": ZONE.encode(),
    },
    re.DOTALL,
)
"""
Every payload, behind who signs it; but for what stands inside the body: that is a JSON value by itself or no payload.

What follows the body has no containers to hide in, so there is one way to cut a payload like this.
"""
_NOTHING = NOTHING_SEEN.root.encode()
_SIGNERS, _SIGNERS_END = b'{"attested":[', b'],"blocks":['
_BEGINNING, _MIDDLE, _END = b'{"payload":"', b'","payloadType":"%b","signatures":[' % PAYLOAD_TYPE.encode(), b"]}"


Placed: TypeAlias = tuple[bytes, int, Hash, bytes | None, bytes, bytes, int, Mapping[str, object], bytes]
"""
A row whose entry and envelope belong together, with the text of the payload in its quotes.

Position, leaf, `prev`, when it was received, tag, version, the blocks at hand, and the lines of the signatures.
"""


def placed(row: LogRow) -> Placed | None:
    """The row if its entry is one, and names this envelope; None if not, or if the envelope is none."""
    position, entry, envelope, at_hand, kept = row
    if envelope is None or len(envelope) > MAX_ENVELOPE or not envelope.startswith(_BEGINNING):
        return None
    place, end = _ENTRY.fullmatch(entry), envelope.find(b'"', len(_BEGINNING))
    if place is None or not envelope.startswith(_MIDDLE, end) or not envelope.endswith(_END):
        return None
    leaf = sha256(b"\x00" + entry).digest()
    env, prev, received_at, day, tag, version = place.groups()
    number = int(version)
    if (kept is not None and kept != leaf) or sha256(envelope).hexdigest().encode() != env:
        return None
    if not is_day(day) or (number == 1) != (prev is None):
        return None
    quoted, lines = envelope[len(_BEGINNING) - 1 : end + 1], envelope[end + len(_MIDDLE) : -len(_END)]
    return quoted, position, leaf, prev, received_at, tag, number, at_hand, lines


Cut: TypeAlias = tuple[bytes, bytes, bytes, bytes, bytes, bytes, bytes]
"""
The pieces of a payload: its beginning, which says who signs, and what its members say.

These are the digests of the blocks as they are spelled, body, id, ledger, stream and type.
"""


def cut(data: bytes) -> Cut | None:
    """The pieces of a payload in which nothing else is wrong than may be in these."""
    if len(data) > MAX_PAYLOAD or b"\x7f" in data or not data.isascii() or b"\\" in data:
        return None
    end = data.find(_SIGNERS_END) + 1
    said = _PAYLOAD.fullmatch(data, end)
    if said is None:
        return None
    names, body, event_id, ledger, at, recorded, root, seen, stream, type_tag = said.groups()
    if not is_day(at) or not is_day(recorded) or not _is_seen(root, seen == b"0"):
        return None
    return data[:end], names, body, event_id, ledger, stream, type_tag


@lru_cache(maxsize=512)
def signers(start: bytes) -> tuple[Attestation, ...] | None:
    """Who signs a payload that begins like this; None unless it is spelled as it must be and they are different."""
    whole = start + b"}"
    try:
        value = orjson.loads(whole)
        if not whole.startswith(_SIGNERS) or len(value) > 1 or not reads_back(value, whole):
            return None
        return parse_signers(value["attested"])
    except (Invalid, ValueError):
        return None


@lru_cache(maxsize=512)
def _is_seen(root: bytes, nothing: bool) -> bool:  # one of two things that are looked up together
    """Whether this is the root of a tree that a device can have seen."""
    return root == _NOTHING if nothing else re.fullmatch(_HASH, root) is not None


def texts(digests: list[str], at_hand: Mapping[str, object]) -> list[bytes] | None:
    """The texts of these blocks, if just these are at hand, in ascending order, and each is the signed one."""
    if list(at_hand) != digests or digests != sorted(digests):
        return None
    found = [text.encode() for text in at_hand.values() if isinstance(text, str) and text.isascii()]
    if len(found) != len(digests) or max(map(len, found), default=0) > MAX_TEXT:
        return None
    if not isinstance(at_hand, Opened) and [sha256(text).hexdigest() for text in found] != digests:
        return None
    return found
