"""
Whether everybody who signed for a participant had been appointed by then, asked of a whole ledger after its audit.

A writer asks it of each entry (`ledger.representation`); here it is asked again of all that stands in the log, with
what stood before each entry and the keys that were known to be revoked by then, so that what another hand wrote into
it shows. What became known only later casts doubt on a key, and no doubt on the log.
Who was in a slot is taken from the store's own index, since the tie is sealed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from ledger.audit_report import AuditReport, Problem
from ledger.envelope import parse_envelope
from ledger.errors import Refused
from ledger.events.corrections import EntryCorrected
from ledger.events.expired import NoLongerKept
from ledger.follow import key_history, place
from ledger.keys import Revoked
from ledger.payload import Attestation
from ledger.reading import PlacedEvent
from ledger.representation import check_representation
from ledger.signers import is_for_a_person
from ledger.store.port import EventRow, Store


def with_representation(store: Store, report: AuditReport) -> AuditReport:
    """
    The report with every signature that nobody had the right to give, and with those of which nobody can tell.

    It takes the store at its word, so it is asked after an audit. Reads the rows in question, and the records of
    those participants once.
    """
    if not report.for_persons:
        return report
    records = _Records(store)
    revoked = key_history(store).revoked
    unplaced: list[int] = []
    for position in sorted(set(report.for_persons)):
        (row,) = store.rows(position, 1)
        if not isinstance(row, EventRow) or not row.envelope:
            continue
        payload = parse_envelope(row.envelope).payload
        asked = [signer for signer in payload.attested if is_for_a_person(signer)]
        if payload.stream == "keys" or not asked:
            continue
        if any(not records.can_tell(signer, position) for signer in asked):
            unplaced.append(position)
            continue
        by_then: Revoked = {kid: each for kid, each in revoked.items() if each.at < position}
        try:
            check_representation(payload, records.person_of, partial(records.below, position), by_then)
        except Refused as refusal:
            if any(records.was_corrected(signer) for signer in asked):
                unplaced.append(position)
                continue
            report = report.with_problem(Problem(position, "keys", refusal.code, refusal.message))
    return replace(report, unplaced=tuple(unplaced))


class _Records:
    """What the store has of participants for whom somebody signed; each record is read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read: dict[str, list[PlacedEvent]] = {}

    def person_of(self, owner: str) -> str | None:
        """Whose key an owner's is."""
        session, _, slot = owner.rpartition("/")
        return owner if session == "person" else self._store.subject_of(session, f"{slot}/identity")

    def was_corrected(self, signer: Attestation) -> bool:
        """Whether who was in a slot may have been corrected: that stands in a sealed part, which is not opened."""
        session, _, _ = signer.by.rpartition("/")
        return self._store.has_event(session, EntryCorrected.type_tag())

    def can_tell(self, signer: Attestation, position: int) -> bool:
        """Whether all that may say who is appointed is still there."""
        person = self.person_of(signer.by)
        return person is not None and not any(
            isinstance(placed.event, NoLongerKept) for placed in self.below(position, person)
        )

    def below(self, position: int, person: str) -> list[PlacedEvent]:
        """What stood on a person's record before a position."""
        return [placed for placed in self._of(person) if placed.position < position]

    def _of(self, person: str) -> Sequence[PlacedEvent]:
        if person not in self._read:
            self._read[person] = [place(self._store, row) for row in self._store.stream_rows(person)]
        return self._read[person]
