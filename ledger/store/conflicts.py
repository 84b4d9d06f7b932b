"""
Why a row was not appended, in the same words for every store.

A database says only that some key was repeated, and which one it names first is its own affair.
So a store undoes the row, asks what is there already, and answers with the most telling reason:
the content before the id, the id before the place in the stream, and the blocks last.
"""

from __future__ import annotations

from typing import Protocol

from ledger.errors import Conflict
from ledger.store.port import EventRow, NewEvent, StreamEnd


class Recorded(Protocol):
    """What is needed to find the reason; a part of `Writing`."""

    def stream_end(self, tag: str) -> StreamEnd | None:
        """The last entry of a stream."""

    def by_dig(self, dig: str) -> EventRow | None:
        """The event with this content."""

    def by_id(self, event_id: str) -> EventRow | None:
        """The event with this id."""

    def has_block(self, digest: str) -> bool:
        """Whether this block is recorded."""


def conflict_of(event: NewEvent, recorded: Recorded) -> Conflict | None:
    """What the event would repeat, or None; up to four look-ups, and one for each block."""
    if recorded.by_dig(event.dig) is not None:
        return Conflict("content", "This content is recorded already.", remedy="Answer with the first receipt.")
    if recorded.by_id(event.event_id) is not None:
        return Conflict(
            "event-id", "Another content is recorded under this id.", remedy="Make a new event with a new id."
        )
    end = recorded.stream_end(event.tag)
    if event.version != (end.version + 1 if end else 1):
        return Conflict(
            "stream-version",
            f"Version {event.version} is not the next one of this stream.",
            remedy="Load the stream again and retry.",
        )
    digests = [block.digest for block in event.blocks]
    if len(set(digests)) != len(digests) or any(map(recorded.has_block, digests)):
        return Conflict(
            "block-digest",
            "A sealed block with this digest is recorded already.",
            remedy="Seal the block again with a fresh salt and sign the event again.",
        )
    return None
