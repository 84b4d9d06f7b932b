"""
Between which two instants an event was written, whatever its device's clock showed.

It names a checkpoint its device knew (`seen`): it cannot be older than the last entry under that one.
And it cannot be newer than its own receipt.
Both ends are the ledger's own times, so a wrong tablet clock moves neither.
A checkpoint that is not one of this log's gives no lower end; it contradicts the log, which is a finding.
Source: format v1, sections 3 and 9.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ledger.payload import Seen
from ledger.tlog.tiles import ReadTile, edge_root, load_edge

Contradiction: TypeAlias = Literal["ahead-of-log", "other-root"]
"""`ahead-of-log`: more entries than the log had at receipt; `other-root`: other entries than this log's."""

RootAt: TypeAlias = Callable[[int], bytes]
"""The root of this log's first so many entries."""


@dataclass(frozen=True, slots=True)
class Bracket:
    """The instants, in UTC, between which an event was written; `lower` is None when nothing bounds it."""

    lower: str | None
    upper: str


def bracket(seen: Seen, received_at: str, last_received_below: Callable[[int], str | None]) -> Bracket:
    """
    The bracket of an event that was received at this instant and knew this checkpoint.

    `last_received_below` gives the received_at of the last event below a size.
    Ask `contradiction` first: a checkpoint of another log bounds nothing.
    """
    return Bracket(last_received_below(seen.size) if seen.size else None, received_at)


def contradiction(seen: Seen, position: int, root_at: RootAt) -> Contradiction | None:
    """What is wrong with the checkpoint named by the event at this position; None when it is one of this log's."""
    if seen.size > position:
        return "ahead-of-log"
    if seen.size and root_at(seen.size).hex() != seen.root:
        return "other-root"
    return None


def root_of_first(size: int, read_tile: ReadTile) -> bytes:
    """
    The root over the first `size` entries, from stored tiles of that size or newer; reads one tile a level.

    Raises:
        Invalid: `tile-content`, when there are fewer.
    """
    return edge_root(load_edge(size, read_tile))
