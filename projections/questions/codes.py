"""
The short codes of records as of a moment: R-1 for a place, C-07 for a couple, RN1 for a member of staff.

A participant has none: a person is told by the number of their record, and in a session as A or B.
"""

from __future__ import annotations

from ledger.errors import Refused
from ledger.events.authority import LocationRegistered
from ledger.events.people import CoupleRegistered, StaffRegistered
from projections.compliance.ledger_at import LedgerAt

CODED = (LocationRegistered, CoupleRegistered, StaffRegistered)
"""The events that give a record its code."""


class Codes:
    """The codes of one ledger as it stood; each record is looked up once."""

    def __init__(self, ledger: LedgerAt) -> None:
        self._ledger = ledger
        self._known: dict[str, str] = {}

    def code(self, record: str) -> str:
        """The code of a record; its number where it has none."""
        found = self._known.get(record)
        if found is None:
            codes = [fact.event.code for fact in self._ledger.recorded(record) if isinstance(fact.event, CODED)]
            found = self._known[record] = codes[-1] if codes else record
        return found

    def record(self, kind: str, text: str) -> str:
        """
        The record that a code or a number names.

        Raises:
            Refused: `not-found`.
        """
        for name in self._ledger.names(kind):
            if text in (name, name.removeprefix(f"{kind}/"), self.code(name)):
                return name
        raise Refused(
            "not-found",
            f"There is no {kind} {text} here as of then.",
            field=kind,
            remedy="Check it for a slip, or ask about a later position.",
        )
