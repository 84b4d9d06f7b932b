"""
A stretch of the log: rows in direct succession with which nothing is wrong, so that they can be judged at once.

Nearly all rows of nearly all logs are like that.
What order asks of them stands in columns, a hundred bytes a row instead of four hundred, and a column is compared
and counted in one step.
Within a stretch positions, times and records are known to continue; how it joins what is in front of it is asked by
`ledger.audit`, which makes rows of it again when anything does not hold.
"""

from __future__ import annotations

from array import array
from binascii import hexlify, unhexlify
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from ledger.chains import Link
from ledger.examination import Examined, ExaminedEntry, ExaminedEnvelope
from ledger.payload import Attestation
from ledger.tlog.tree import HASH_SIZE, Hash

_TIME, _ID = 27, 16
"""Bytes of an instant as text, and of an event's id."""


class Alike(NamedTuple):
    """What events have in common that the same people signed in the same way about one record; `tag` in bytes."""

    attested: tuple[Attestation, ...]
    stream: str
    type: str
    tag: bytes
    blocks: int


class Stretch(NamedTuple):
    """
    Sound rows from position `start` on, column by column.

    Each has an entry and its own envelope, with signatures that fit and blocks that are there and right, and no later
    row depends on what it says.
    `of_kind` says for each row which of `kinds` it is; the other columns are joined bytes.
    """

    start: int
    leaves: bytes
    received_at: bytes
    ids: bytes
    digests: bytes
    kinds: tuple[Alike, ...]
    of_kind: array[int]
    links: tuple[Link, ...]

    def __len__(self) -> int:
        """How many rows these are."""
        return len(self.of_kind)

    @property
    def times(self) -> tuple[str, str]:
        """When the first and the last of them were received."""
        return self.received_at[:_TIME].decode(), self.received_at[-_TIME:].decode()

    def event_ids(self) -> list[bytes]:
        """The ids of the events, in order."""
        return _cut(self.ids, _ID)

    def block_digests(self) -> list[bytes]:
        """The digests of all blocks, in order."""
        return _cut(self.digests, HASH_SIZE)

    def signers(self) -> Iterator[tuple[Alike, list[int]]]:
        """Each kind of rows, and where they are."""
        positions: list[list[int]] = [[] for _ in self.kinds]
        for position, number in enumerate(self.of_kind, self.start):
            positions[number].append(position)
        yield from zip(self.kinds, positions, strict=True)

    def rows(self) -> Iterator[Examined]:
        """The same, row by row, for whoever has to say what is wrong with one of them."""
        leaves, times, ids = _cut(self.leaves, HASH_SIZE), _cut(self.received_at, _TIME), self.event_ids()
        digests = iter(self.block_digests())
        before = {link.tag: (link.version, link.prev) for link in self.links}
        for offset, number in enumerate(self.of_kind):
            kind = self.kinds[number]
            version, prev = before[kind.tag]
            before[kind.tag] = version + 1, leaves[offset]
            entry = ExaminedEntry(kind.tag, version, prev, times[offset].decode(), "")  # its envelope is there
            envelope = ExaminedEnvelope(
                place=None,
                event_id=ids[offset],
                blocks=tuple((next(digests), True) for _ in range(kind.blocks)),
                foreign_block=False,
                unread=None,
                attested=kind.attested,
                stream=kind.stream,
                type=kind.type,
                signatures=(True,) * len(kind.attested),
                meanings=None,
                event=None,
                payload=None,
            )
            yield Examined(self.start + offset, leaves[offset], True, True, entry, envelope)


Found: TypeAlias = Examined | Stretch
"""One row with what was found in it, or many in which nothing was."""


Sound: TypeAlias = tuple[int, Hash, Alike, int, bytes | None, bytes, bytes, list[str]]
"""
One sound row: position, leaf, what it is like, version, `prev`, when it was received, its event's id, block digests.

Hashes are spelled in hex, but for the leaf. A plain tuple, because so many are made.
"""


class Gathering:
    """Sound rows on their way to become a stretch."""

    def __init__(self) -> None:
        """Begin with none."""
        self._rows: list[Sound] = []
        self._next, self._time = -1, b""
        self._ends: dict[bytes, tuple[int, Hash]] = {}
        self._links: dict[bytes, Link] = {}

    def continued_by(self, row: Sound) -> bool:
        """Take in the next row if it continues those that are here; if not, they are a stretch of their own."""
        position, leaf, alike, version, prev, received_at, _, _ = row
        if (position != self._next and self._next >= 0) or received_at < self._time:
            return False
        tag = alike.tag
        link = self._links.get(tag)
        if link is None:
            before = None if prev is None else unhexlify(prev)
            link = self._links[tag] = Link(tag, version, before, array("q"))
        else:
            last, end = self._ends[tag]
            if version != last + 1 or prev != hexlify(end):
                return False
        self._ends[tag] = version, leaf
        link.positions.append(position)
        self._rows.append(row)
        self._next, self._time = position + 1, received_at
        return True

    def stretch(self) -> Stretch | None:
        """What was gathered, if anything was."""
        if not self._rows:
            return None
        positions, leaves, alike, _, _, times, ids, digests = zip(*self._rows, strict=True)
        kinds = {id(each): each for each in alike}  # few objects; their values would be compared signer by signer
        numbers = {each: number for number, each in enumerate(kinds)}
        return Stretch(
            positions[0],
            b"".join(leaves),
            b"".join(times),
            unhexlify(b"".join(ids).replace(b"-", b"")),
            unhexlify("".join(["".join(each) for each in digests])),
            tuple(kinds.values()),
            array("H", [numbers[id(each)] for each in alike]),
            tuple(self._links.values()),
        )


def _cut(joined: bytes, size: int) -> list[bytes]:
    return [joined[at : at + size] for at in range(0, len(joined), size)]
