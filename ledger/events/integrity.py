"""
Integrity: the record was checked against itself, and its state was written down elsewhere.

The software records it; an auditor needs none of it and checks for themselves.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ledger.events.base import NOTHING, Critical, Event, Signer
from ledger.events.fields import Open
from ledger.events.keys import Position
from ledger.events.words import Code, PlainLine, Several
from ledger.payload import HexHash
from ledger.vocabulary import StreamKind

_SOFTWARE: tuple[Signer, ...] = (Signer("verified", by="service", roles=("service",)),)


class SysIntegrityVerified(Event):
    """All entries from position `first` to below `size` were checked, and the tree over them has this root."""

    STREAM: ClassVar[StreamKind] = "governance"
    SIGNERS: ClassVar[tuple[Signer, ...]] = _SOFTWARE
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["sys-integrity-verified/1"] = "sys-integrity-verified/1"
    first: Open[Position]
    root: Open[HexHash]
    size: Open[Position]


class SysIntegrityFailed(Event):
    """
    A check found something that cannot be believed, first at `position`; `codes` say what, as `docs/errors.md` has it.

    It is itself the finding: what it says of the past does not depend on what is written afterwards.
    """

    STREAM: ClassVar[StreamKind] = "governance"
    SIGNERS: ClassVar[tuple[Signer, ...]] = _SOFTWARE
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["sys-integrity-failed/1"] = "sys-integrity-failed/1"
    codes: Open[Several[Code]]
    first: Open[Position]
    position: Open[Position | None]
    size: Open[Position]


class SysCheckpointAnchored(Event):
    """A checkpoint of this size and root was written down at a place that this ledger cannot change."""

    STREAM: ClassVar[StreamKind] = "governance"
    SIGNERS: ClassVar[tuple[Signer, ...]] = _SOFTWARE
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["sys-checkpoint-anchored/1"] = "sys-checkpoint-anchored/1"
    place: Open[PlainLine]
    proof: Open[HexHash | None]
    root: Open[HexHash]
    size: Open[Position]


IntegrityEvent: TypeAlias = SysIntegrityVerified | SysIntegrityFailed | SysCheckpointAnchored
"""What the ledger found out about itself."""
