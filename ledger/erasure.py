"""
Who may be erased, what that takes away, and the list of it.

The list of what was erased is not kept a second time: sealed blocks stay where they are, and the store knows
whose each is. So the list of an erasure are that person's blocks below it, and it proves itself against the
root that was signed.
"""

from __future__ import annotations

from collections.abc import Sequence

from ledger.absences import Listed
from ledger.events.erasure import SubjectErased
from ledger.payload import Payload
from ledger.store.port import Store


def erased_digests(store: Store, subject: str, below: int) -> list[str]:
    """The digests of all blocks of a person below a position, ascending; reads all blocks there are."""
    return [digest for digest, position in store.blocks_about(subject) if position < below]


def kept_lists(store: Store) -> Listed:
    """The lists of a store, for an audit of it."""

    def listed(position: int, payload: Payload) -> Sequence[str] | None:
        if payload.type != SubjectErased.type_tag():
            return None
        return erased_digests(store, payload.stream, position)

    return listed
