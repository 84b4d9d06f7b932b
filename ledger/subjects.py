"""
Whose sealed block it is: exactly one person's, whose key then seals it.

On a partner's record the block belongs to the person in that slot; the tie from slot to person stands in the
identity block of the session's first event, and here only in the store's own index.
A container of the clinic's own belongs to nobody, so what is sealed on its record has a key of its own.
Source: format v1, section 2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from ledger.block import Block, seal
from ledger.effective import effective
from ledger.erasure import already_erased
from ledger.errors import Refused
from ledger.events.base import Event
from ledger.events.corrections import EntryCorrected
from ledger.events.erasure import SubjectErased
from ledger.events.lifecycle import SessionScheduled
from ledger.events.people import ParticipantRegistered, StaffRegistered
from ledger.follow import place
from ledger.keys import NONE_REVOKED, Revoked
from ledger.store.port import SealedBlock, Store, Writing
from ledger.store.subject_keys import SubjectKeys

Ties: TypeAlias = dict[tuple[str, str], str]
"""The person by (record, slot): `(session/…, a)` to `person/…`."""


class Sealing:
    """Seals the blocks of one event after another."""

    def __init__(
        self,
        store: Store,
        subject_keys: SubjectKeys,
        entropy: Callable[[int], bytes],
        ties: Ties,
        new_ties: Ties,
        opened: dict[str, bytes],
        revoked: Revoked = NONE_REVOKED,
    ) -> None:
        """
        `ties` remembers what the store knows, and is added to; `new_ties` are those not committed yet.

        `revoked` are the keys known to be revoked: what they signed as second people confirms no correction.
        `opened` are the keys of those for whom something was sealed in this group already; it is added to.
        """
        self._store = store
        self._subject_keys = subject_keys
        self._entropy = entropy
        self._ties = ties
        self._new_ties = new_ties
        self._opened = opened
        self._revoked = revoked

    def seal(
        self, event: Event, event_id: str, stream: str, blocks: Mapping[str, Block], writing: Writing
    ) -> tuple[SealedBlock, ...]:
        """
        The blocks of an event as they are kept, each under its subject's key, ascending by digest.

        Raises:
            Refused: `unknown-subject`, when nobody registered the person a block is about; `already-erased`: their
                key may still be there for a moment, and must seal nothing more.
            Conflict: `subject-key-exists`, when another process registered the same person just now.
        """
        sealed = []
        for digest, block in sorted(blocks.items()):
            subject = self._subject(event, stream, block.name, writing)
            key = self._opened.get(subject)
            if key is None:
                if writing.has_event(subject, SubjectErased.type_tag()):
                    raise already_erased()
                key = self._opened[subject] = self._key(event, subject)
            place = {"digest": digest, "ledger": self._store.origin, "event": event_id, "subject": subject}
            stored = seal(block, key, self._entropy(12), **place)
            sealed.append(SealedBlock(digest, block.name, subject, stored))
        return tuple(sealed)

    def person_in(self, stream: str, slot: str, writing: Writing) -> str | None:
        """
        The person in a slot of a session or couple, if its first event was recorded; as corrected, where it was.

        What was sealed before a correction stays under the key it was sealed with.
        """
        if stream.startswith("session/") and writing.has_event(stream, EntryCorrected.type_tag()):
            corrected = self._corrected(stream, slot)
            if corrected is not None:
                return corrected
        tie = (stream, slot)
        known = self._new_ties.get(tie) or self._ties.get(tie)
        if known is None and (known := self._store.subject_of(stream, f"{slot}/identity")) is not None:
            self._ties[tie] = known
        return known

    def _corrected(self, session: str, slot: str) -> str | None:
        """Who is in a slot by the last planning as it counts; None when nobody can tell any more."""
        rows = [row for row in self._store.stream_rows(session) if row.envelope]
        counted = effective([place(self._store, row, self._subject_keys) for row in rows], self._revoked)
        plans = [each.event for each in counted if isinstance(each.event, SessionScheduled)]
        person = getattr(plans[-1], f"person_{slot}") if plans else None
        return person if isinstance(person, str) else None

    def _subject(self, event: Event, stream: str, block_name: str, writing: Writing) -> str:
        slot = block_name.partition("/")[0]
        record = "/".join(stream.split("/")[:2])
        if slot != "subject":
            tied = event.__dict__.get(f"person_{slot}")  # what it lacks, pydantic would look for in many places
        elif record.startswith("stock/"):
            tied = event.__dict__.get("owner")
        else:
            return record
        if isinstance(tied, str):
            self._new_ties[record, slot] = tied
            return tied
        known = self.person_in(record, slot, writing)
        if known is None and record.startswith("stock/"):
            return record  # the clinic's own: no person is in it, and what is sealed there is the container's
        if known is None:
            raise Refused(
                "unknown-subject",
                "Nobody said yet whose record this is.",
                field="stream",
                remedy="Record the session, couple or container first.",
            )
        return known

    def _key(self, event: Event, subject: str) -> bytes:
        key = self._subject_keys.key_of(subject)
        if key is not None:
            return key
        if not isinstance(event, ParticipantRegistered | StaffRegistered) and not subject.startswith("stock/"):
            raise Refused(
                "unknown-subject",
                "The person this is about is not registered, or their key is lost.",
                field="blocks",
                remedy="Register the person first.",
            )
        key = self._entropy(32)
        self._subject_keys.make(subject, key)
        return key
