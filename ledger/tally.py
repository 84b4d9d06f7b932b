"""
What an audit has met so far: every event and sealed block once, and the positions at which each key signed.

Some 200 bytes an event, so that an audit of a million entries fits into memory.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence

from ledger.payload import Attestation
from ledger.signers import is_for_a_person


class Tally:
    """Ids, digests and signatures of one log, as its rows are taken in order of position."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._ids: set[bytes] = set()
        self._digests: set[bytes] = set()
        self._signed_at: dict[str, array[int]] = {}
        self._for_persons: array[int] = array("q")

    @property
    def signed_at(self) -> Mapping[str, array[int]]:
        """The positions at which each kid signed."""
        return self._signed_at

    @property
    def for_persons(self) -> tuple[int, ...]:
        """The positions at which somebody signed for a participant, or a participant on their own record."""
        return tuple(self._for_persons)

    def repeats_event(self, event_id: bytes) -> bool:
        """Take in an event; whether its id was there before, and so, since content names its id, its content."""
        before = len(self._ids)
        self._ids.add(event_id)
        return len(self._ids) == before

    def repeats_block(self, digest: bytes) -> bool:
        """Take in a sealed block; whether it was there before."""
        before = len(self._digests)
        self._digests.add(digest)
        return len(self._digests) == before

    def take_all(self, ids: Sequence[bytes], digests: Sequence[bytes]) -> bool:
        """Take in all of these, and say True; or nothing of them, if one of them was there before or is there twice."""
        new_ids, new_digests = set(ids), set(digests)
        if len(new_ids) < len(ids) or len(new_digests) < len(digests):
            return False
        if not self._ids.isdisjoint(new_ids) or not self._digests.isdisjoint(new_digests):
            return False
        self._ids |= new_ids
        self._digests |= new_digests
        return True

    def signed(self, attested: Iterable[Attestation], positions: Iterable[int]) -> None:
        """These signed at these positions."""
        for signer in attested:
            self._signed_at.setdefault(signer.key, array("q")).extend(positions)
            if is_for_a_person(signer):
                self._for_persons.extend(positions)
