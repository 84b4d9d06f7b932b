"""
The event entry: an event at its place in the log, and the bytes whose hash is the leaf.

    session-ledger/entry/v1
    {"env":"84e4fac8…","prev":null,"received_at":"2026-05-16T14:05:21.123456Z","stream":"9c44af4e…","version":1}

It names the envelope by hash, the leaf before it in the same stream, when the ledger received it,
and the stream by an opaque tag: a witness who holds entries learns neither people nor kinds of event.
Versions count from 1 in each stream; positions count from 0 in the whole log.
The other kind of entry, which commits to the last row of every stream, is in `ledger.tlog.heads`.
Source: format v1, sections 1 and 5.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import NamedTuple

from ledger.canonical import parse_canonical, spelled
from ledger.encoding import INSTANT, from_hex, from_instant
from ledger.errors import Invalid

FIRST_LINE = b"session-ledger/entry/v1\n"

_HASH = rb'"([0-9a-f]{64})"'
SPELLED = re.compile(
    re.escape(FIRST_LINE)
    + rb'\{"env":%b,"prev":(?:null|%b),"received_at":"(%b)","stream":%b,"version":([1-9][0-9]{0,14})\}'
    % (_HASH, _HASH, INSTANT, _HASH)
)
"""Every entry that a ledger will ever hold; what does not match is read by the letter of the format."""


class EventEntry(NamedTuple):
    """
    One event's entry: `env` and `prev` in hex, `stream` the tag in hex.

    `prev` is None exactly at version 1.
    """

    env: str
    prev: str | None
    received_at: str
    stream: str
    version: int

    def bytes(self) -> bytes:
        """The bytes of the entry; its leaf is H(0x00 ‖ these)."""
        return FIRST_LINE + spelled(
            {
                "env": self.env,
                "prev": self.prev,
                "received_at": self.received_at,
                "stream": self.stream,
                "version": self.version,
            }
        )


@lru_cache(maxsize=8192)
def stream_tag(origin: str, stream: str) -> str:
    """The opaque name of a stream in the entries of the ledger `origin`, in hex."""
    return hashlib.sha256(f"session-ledger/stream/v1\n{origin}\n{stream}".encode("ascii")).hexdigest()


def parse_event_entry(data: bytes) -> EventEntry:
    """
    The event entry of its bytes.

    Raises:
        Invalid: `entry-format`, or `not-canonical`.
    """
    match = SPELLED.fullmatch(data)
    if match is None:
        return _parse_by_rules(data)
    env, prev, received_at, _, stream, version = match.groups()
    entry = EventEntry(
        env.decode(), None if prev is None else prev.decode(), received_at.decode(), stream.decode(), int(version)
    )
    _check(entry)
    return entry


def _parse_by_rules(data: bytes) -> EventEntry:
    """The same as `parse_event_entry`, member by member: it names what is wrong, and the pattern is held to it."""
    if not data.startswith(FIRST_LINE):
        raise Invalid("entry-format", "This is not an event entry.")
    match parse_canonical(data[len(FIRST_LINE) :]):
        case {
            "env": str(env),
            "prev": (str() | None) as prev,
            "received_at": str(received_at),
            "stream": str(stream),
            "version": int(version),
            **rest,
        } if not rest and not isinstance(version, bool):
            pass
        case _:
            raise Invalid("entry-format", "An event entry has exactly env, prev, received_at, stream and version.")
    from_hex(env, 32, "env")
    from_hex(stream, 32, "stream")
    if prev is not None:
        from_hex(prev, 32, "prev")
    entry = EventEntry(env, prev, received_at, stream, version)
    _check(entry)
    return entry


def _check(entry: EventEntry) -> None:
    from_instant(entry.received_at, "received_at")
    if entry.version < 1 or (entry.version == 1) != (entry.prev is None):
        raise Invalid("entry-format", "Only the first entry of a stream, version 1, has none before it.", field="prev")
