"""
What the ledger asks of a store: the one door to the disk.

A store keeps bytes and order; it judges nothing.
It gives dense positions under one lock, keeps tree, tiles and head in the transaction of the append,
and answers a read with exactly the bytes it was given.
Each store passes `tests/ledger/store_contract.py` unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from ledger.tlog.tiles import ReadTile


@dataclass(frozen=True, slots=True)
class Head:
    """
    The newest state of the log: `size` entries under `root`.

    `received_at` is that of the last event (None in an empty log);
    `key_position` is the position of the last entry of the stream `keys` (None before the first).
    """

    size: int
    root: bytes
    received_at: str | None
    key_position: int | None


@dataclass(frozen=True, slots=True)
class StreamEnd:
    """The last entry of one stream: its version and its leaf hash."""

    version: int
    leaf: bytes


class SealedBlock(NamedTuple):
    """A block at rest: its signed digest, its name, whose it is, and nonce with ciphertext."""

    digest: str
    name: str
    subject: str
    stored: bytes


@dataclass(frozen=True, slots=True)
class NewEvent:
    """
    One event about to be appended.

    `entry` are the bytes whose hash is the leaf; `tag`, `version` and `received_at` repeat what they say.
    """

    entry: bytes
    tag: str
    version: int
    received_at: str
    stream: str
    type: str
    event_id: str
    dig: str
    envelope: bytes
    blocks: tuple[SealedBlock, ...]


@dataclass(frozen=True, slots=True)
class LookUp:
    """What is going to be asked about one event: its names, the tag of its stream, the digests of its blocks."""

    dig: str
    event_id: str
    tag: str
    digests: tuple[str, ...]


class EventRow(NamedTuple):
    """One stored event at its position, as bytes; `dig` and `event_id` are the index's word, not proof."""

    position: int
    entry: bytes
    leaf: bytes
    stream: str
    version: int
    type: str
    event_id: str
    dig: str
    envelope: bytes


class HeadsRow(NamedTuple):
    """One stored heads entry (a commitment to the last row of every stream) at its position."""

    position: int
    entry: bytes
    leaf: bytes


Row = EventRow | HeadsRow


@dataclass(frozen=True, slots=True)
class Ending:
    """
    An end of retention at the position `under`.

    `removed` when what it names is gone from the rows, `forgotten` when nothing of it is left in any file either.
    """

    under: int
    removed: bool
    forgotten: bool


@dataclass(frozen=True, slots=True)
class RefusedEnvelope:
    """Bytes that were refused and kept for the alarm, in the order they came."""

    received_at: str
    code: str
    envelope: bytes


@dataclass(frozen=True, slots=True)
class Left:
    """What a transaction leaves behind: the head, and the leaf hashes that it put behind those there before."""

    head: Head
    leaves: tuple[bytes, ...]


class Writing(Protocol):
    """
    The open write transaction, under the one lock of this ledger.

    Nobody else appends until it ends; leaving it normally commits durably, leaving it by an exception
    undoes everything.
    """

    def head(self) -> Head:
        """The head as of now, with what this transaction has appended so far (root: as last committed)."""

    def look_up(self, events: Sequence[LookUp]) -> None:
        """Read at once what is about to be asked of these events one by one; changes no answer."""

    def stream_end(self, tag: str) -> StreamEnd | None:
        """The last entry of the stream with this tag, None when there is none."""

    def by_dig(self, dig: str) -> EventRow | None:
        """The event with this content, if it was ever recorded."""

    def by_id(self, event_id: str) -> EventRow | None:
        """The event with this id, if there is one."""

    def has_block(self, digest: str) -> bool:
        """Whether a block with this digest was ever recorded: a digest occurs once in a ledger."""

    def has_event(self, stream: str, kind: str) -> bool:
        """Whether an event of this type stands in this stream."""

    def blocks_about(self, subject: str) -> Sequence[tuple[str, int]]:
        """Digest and position of every block of a subject, ascending by digest; reads all blocks there are."""

    def append(self, event: NewEvent) -> int:
        """
        The position given to this event, the next one.

        Raises:
            Conflict: `content`, `event-id`, `stream-version` or `block-digest`, in this order, when the event
                would repeat one, or its version is not the next one of its stream. Nothing of it stays, and
                the transaction goes on.
            TamperDetected: `store-rows`, here or at the end, when the row does not continue the stored ones.
        """

    def append_heads(self, entry: bytes) -> int:
        """The position given to this heads entry, the next one."""

    def keep_ending(self, under: int, positions: Sequence[int]) -> None:
        """
        Keep the list of a `retention-ended/1` that this transaction appended: the positions of its envelopes.

        It is written with the event or not at all.
        """

    def savepoint(self) -> AbstractContextManager[None]:
        """A part of the transaction that is undone alone when it is left by an exception."""

    def finish(self) -> Left | None:
        """
        What this transaction leaves behind once it is committed, None if it appended nothing.

        Everything is written then but for the commit itself; nothing is appended after it.

        Raises:
            TamperDetected: `store-rows`, when the rows do not continue the stored ones.
        """


class Store(Protocol):
    """One ledger's durable memory; safe to use from several threads."""

    @property
    def origin(self) -> str:
        """The origin of the one ledger kept here."""

    def writing(self) -> AbstractContextManager[Writing]:
        """The write transaction; waits for the lock. Durable once it was left normally."""

    def settle(self) -> None:
        """
        Have on the disk all that can be read; asked for by a writer, once, before it believes what it reads.

        A process before may have died after a failed fsync: then memory holds what the disk does not.
        """

    def head(self) -> Head:
        """The committed head."""

    def rows(self, start: int, limit: int) -> Sequence[Row]:
        """Up to `limit` rows from position `start` on, dense and in order."""

    def row(self, position: int) -> Row | None:
        """The row at a position."""

    def entry(self, position: int) -> bytes | None:
        """The entry at a position, without its envelope: all that a receipt needs of it."""

    def stream_rows(self, stream: str, after_version: int = 0) -> Sequence[EventRow]:
        """The events of one stream in order of version."""

    def stream_ends(self, size: int) -> Sequence[tuple[str, int, bytes]]:
        """Tag, version and leaf of the last entry of every stream below `size`, ascending by tag."""

    def by_dig(self, dig: str) -> EventRow | None:
        """The committed event with this content."""

    def blocks_of(self, position: int) -> Sequence[SealedBlock]:
        """The sealed blocks of the event at a position, ascending by digest."""

    def blocks_between(self, start: int, end: int) -> Mapping[int, Sequence[SealedBlock]]:
        """The sealed blocks of events from position `start` to below `end`, as `blocks_of`; events with some only."""

    def subject_of(self, stream: str, block_name: str) -> str | None:
        """Whose the blocks of this name on this stream are, by the first one recorded."""

    def has_event(self, stream: str, kind: str) -> bool:
        """Whether an event of this type stands in this stream."""

    def subjects(self) -> Sequence[str]:
        """Everybody of whom there is a block, ascending; reads all blocks there are."""

    def erased(self) -> Sequence[str]:
        """Everybody in whose stream an event `subject-erased/1` stands."""

    def positions_about(self, subjects: Sequence[str]) -> Sequence[int]:
        """The positions of all events with a block of one of these, ascending; reads all blocks there are."""

    def blocks_about(self, subject: str) -> Sequence[tuple[str, int]]:
        """Digest and position of every block of a subject, ascending by digest; reads all blocks there are."""

    def endings(self) -> Sequence[Ending]:
        """Every end of retention of which a list is kept, in the order of the log."""

    def ended(self, under: int) -> Sequence[int]:
        """The positions of the envelopes that the end of retention at `under` names, ascending."""

    def ended_under(self, position: int) -> int | None:
        """The end of retention that names the envelope at a position, None when it is kept."""

    def remove_ended(self, under: int) -> None:
        """
        Take away the bytes of the envelopes that the end of retention at `under` names, and of their blocks.

        Durable when it returns; can be repeated. Rows, entries, leaves and tree stay, and so do digests of blocks.

        Raises:
            Refused: `not-ended`, when `ledger.store.removing` says so; nothing is removed then.
        """

    def forget_removed(self) -> bool:
        """
        Have nothing of removed bytes left in any file of the store; whether that is done, and noted (`forgotten`).

        It waits for no reader of older rows: it is to be asked again then. Writes the whole file once.
        """

    def read_tile(self, level: int, index: int) -> bytes:
        """The hashes of a tile so far, 32 bytes each; empty when there is none."""

    def tiles(self) -> AbstractContextManager[ReadTile]:
        """`read_tile` for several tiles of one moment: a proof costs one transaction instead of one for each."""

    def save_checkpoint(self, size: int, note: bytes) -> None:
        """
        Keep a signed checkpoint; the first one of a size stays.

        It need not be on the disk when this returns: the log key makes the same bytes again from the head store.
        """

    def checkpoint_soon(self, size: int, note: bytes) -> None:
        """The same, without waiting for it: read here at once, and by other processes a moment later."""

    def checkpoints(self, start: int = 0, limit: int | None = None) -> Sequence[tuple[int, bytes]]:
        """The kept checkpoints of size `start` or more, ascending by size, at most `limit` of them."""

    def latest_checkpoint(self) -> bytes | None:
        """The checkpoint of the largest size."""

    def keep_refused(self, refused: RefusedEnvelope) -> None:
        """Keep refused bytes for the alarm, in a transaction of its own."""

    def refused(self) -> Sequence[RefusedEnvelope]:
        """What was kept as refused, oldest first."""

    def close(self) -> None:
        """Let go of files and connections."""
