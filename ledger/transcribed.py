"""
Entries typed from a paper sheet: what may be typed in so, by whom, and who did it by the sheet.

Such an entry has one signature, that of whoever typed it. It stands in for no other: who did it is named by the
line that stands directly before it, and signs with a countersignature of their own.
What somebody permitted on paper was permitted then; it passes no gate now, and rules judge it like any fact.
"""

from __future__ import annotations

from collections.abc import Sequence

from ledger.errors import Refused
from ledger.events.base import Event
from ledger.events.corrections import CORRECTORS
from ledger.events.erasure import RetentionEnded, SubjectErased
from ledger.events.governance import ClockCorrected
from ledger.events.paper import PaperLineTranscribed, PaperSheetDeclared, Performer
from ledger.payload import Attested, Payload
from ledger.reading import PlacedEvent

MEANING = "transcribed"
"""What the signature of a typist means."""

_NOT_ON_PAPER = (ClockCorrected, SubjectErased, RetentionEnded, PaperSheetDeclared)
"""What governs the ledger itself is never taken from a sheet."""

_NO_RECORDS = ("keys", "device", "access", "any")
"""Records and kinds of event that no sheet is kept for: keys, devices, and what is said of other entries."""


def is_transcribed(payload: Attested) -> bool:
    """Whether this was typed from a sheet; the two types about paper itself are not."""
    return payload.attested[0].meaning == MEANING and not payload.type.startswith(("paper-sheet-", "paper-line-"))


def may_be_transcribed(kind: type[Event]) -> bool:
    """Whether a sheet can hold an entry of this type."""
    return (
        kind.STREAM not in _NO_RECORDS
        and not issubclass(kind, _NOT_ON_PAPER)
        and not kind.type_tag().startswith("sys-")
    )


def check_transcribed(kind: type[Event], payload: Attested) -> None:
    """
    Pass when this may be typed in from a sheet, and one member of staff signs that they typed it.

    Raises:
        Refused: `transcription-type` or `signature-meaning`.
    """
    if not may_be_transcribed(kind):
        raise Refused(
            "transcription-type",
            f"{payload.type} is not taken from paper.",
            field="type",
            remedy="Whoever does it signs it themselves.",
        )
    typist = payload.attested[0]
    if len(payload.attested) > 1 or not typist.by.startswith("staff/") or typist.role not in CORRECTORS:
        raise Refused(
            "signature-meaning",
            "What is typed from a sheet is signed by one member of staff, who typed it.",
            field="attested[0]",
            remedy="Leave out all other signatures: those whom the sheet names countersign it.",
        )


def performers(line: Event, stream: str, dig: str) -> tuple[Performer, ...]:
    """Who did the entry with this digest by this line; nobody if the line is about another entry."""
    if not isinstance(line, PaperLineTranscribed) or line.target.dig != dig:
        return ()
    return tuple(
        Performer.model_construct(by=stream, meaning=each.meaning, role=each.role) if each.by == "subject" else each
        for each in line.performed
    )


def performed_before(payload: Payload, dig: str, placed: Sequence[PlacedEvent]) -> tuple[Performer, ...]:
    """Who did an entry that is recorded directly behind these; nobody for one that was not typed from a sheet."""
    if not placed or not is_transcribed(payload):
        return ()
    return performers(placed[-1].event, payload.stream, dig)
