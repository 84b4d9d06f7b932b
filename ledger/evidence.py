"""What an auditor is given: the rows of the log as bytes, and what was pinned before anything could be changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeAlias

from ledger.events.fields import Gone


@dataclass(frozen=True, slots=True)
class BlockFault:
    """A sealed block that is there but is not what was signed: what was wrong with it."""

    code: str
    message: str


AtHand: TypeAlias = str | Gone | BlockFault
"""A block's text, why it is lawfully not at hand, or its fault."""


class Opened(dict[str, AtHand]):
    """
    Blocks that were opened by whoever reads the log, who compared each text with the digest under which it stands.

    Any copy with a change is a plain dict again, whose texts are compared where they are examined.
    """


class LogRow(NamedTuple):
    """
    One row of the log as bytes: an entry, its envelope (None for a heads entry, or when it is not there), its blocks.

    `blocks` maps digests to the block's text, to `Gone` when it is lawfully not at hand, or to its fault.
    `leaf` is the leaf hash the store keeps; proof of nothing, it helps to name the very entry that was changed.
    """

    position: int
    entry: bytes
    envelope: bytes | None
    blocks: Mapping[str, AtHand]
    leaf: bytes | None = None


class Log(Protocol):
    """
    A log that can be read from any position on, also by another process.

    It travels there as the description of where it is, not as rows.
    """

    def rows(self, start: int, end: int) -> Iterator[LogRow]:
        """
        The rows from position `start` to below `end`, in order; none behind the last.

        Raises:
            TamperDetected: `store-damaged`, at the first position that cannot be read at all.
        """

    def key_rows(self) -> Iterable[LogRow]:
        """Rows said to be on the stream `keys`: where public keys may be found early. Proof of nothing."""


@dataclass(frozen=True, slots=True)
class Pin:
    """What an auditor holds from the start: which ledger, the log's verifier key, and the first leaf."""

    origin: str
    vkey: str
    first_leaf: bytes
