"""
Governance: what is done to the record itself, openly and by a named person.

There is no data subject here, so nothing is sealed and a reason is a word, never free text.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from ledger.events.base import NOTHING, Critical, Event, Signer
from ledger.events.fields import Open
from ledger.events.words import Moment
from ledger.payload import Word
from ledger.vocabulary import StreamKind


class ClockCorrected(Event):
    """The ledger's clock was set from one time to another; until then nothing else is written."""

    STREAM: ClassVar[StreamKind] = "governance"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=("security-officer",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["clock-corrected/1"] = "clock-corrected/1"
    clock_from: Open[Moment]
    clock_to: Open[Moment]
    reason: Open[Word]
