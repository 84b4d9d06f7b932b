"""
The short codes of records as of a moment: R-1 for a place, C-07 for a couple, RN1 for a member of staff.

A participant has none: a person is told by the number of their record, and in a session as A or B.
"""

from __future__ import annotations

import re

from ledger.errors import Refused
from ledger.events.authority import LocationRegistered
from ledger.events.inventory import StockReceived
from ledger.events.people import CoupleRegistered, StaffRegistered
from ledger.events.stock import OwnMedicationCheckedIn
from projections.compliance.ledger_at import LedgerAt

CODED = (LocationRegistered, CoupleRegistered, StaffRegistered, OwnMedicationCheckedIn, StockReceived)
"""The events that give a record its code."""

_UUID4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_ID = re.compile(rf"\b(?:staff|stock|location|couple)/{_UUID4}\b")


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

    def in_words(self, sentence: str) -> str:
        """A sentence with codes in the place of identifiers."""
        return _ID.sub(lambda found: self.code(found[0]), sentence)

    def record(self, kind: str, text: str, field: str = "") -> str:
        """
        The record that a code or a number names; `field` is the filter that named it, where that is not the kind.

        Raises:
            Refused: `not-found`.
        """
        for name in self._ledger.names(kind):
            if text in (name, name.removeprefix(f"{kind}/"), self.code(name)):
                return name
        raise Refused(
            "not-found",
            f"There is no {field or kind} {text} here as of then.",
            field=field or kind,
            remedy="Check it for a slip, or ask about a later position.",
        )
