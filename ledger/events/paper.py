"""
Paper days: what was kept on paper while no device could be used, and is typed in afterwards.

    paper-sheet-declared      this scan, of so many pages, is what is typed in
    paper-line-transcribed    the entry behind this is line 12 of it; by the sheet RN1 performed it
    dose-administered         the entry itself, signed by who typed it with the meaning *transcribed*

Whoever typed it signs for the typing and for nothing else. Who did it stands in the line, as the sheet names them;
they sign it themselves later, with a countersignature. The scan stays outside the log; its hash is what binds it.
A line names a participant by their slot alone, or as `subject` on that person's own record.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field, StringConstraints

from ledger.events.base import NOTHING, Critical, Event, Reference, Signer
from ledger.events.corrections import CORRECTORS
from ledger.events.fields import Open
from ledger.events.measures import Part
from ledger.events.words import LocalDate, Named, Several
from ledger.payload import HexHash
from ledger.vocabulary import Meaning, Role, StreamKind

_UUID4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"

TYPISTS: tuple[Signer, ...] = (Signer("transcribed", roles=CORRECTORS),)
"""Everybody on the staff may type in a sheet; what they sign is that they typed it as it stands there."""

PerformerId = Annotated[
    str,
    StringConstraints(pattern=rf"^(?:staff/{_UUID4}|session/{_UUID4}/[ab]|subject)$"),
    Named("staff/…, session/…/a or b, or subject"),
]
SheetPages = Annotated[int, Field(ge=1, le=200), Named("pages")]
SheetLine = Annotated[int, Field(ge=1, le=9999), Named("a line of the sheet")]


class Performer(Part):
    """Who did it by the sheet, with what their signature there means and in which role they gave it."""

    by: PerformerId
    meaning: Meaning
    role: Role


class PaperSheetDeclared(Event):
    """
    A sheet that was kept on paper is being typed in: the hash of its scan, its pages, its day, and why there was paper.

    It stands on a governance record whose number follows from the scan, in no participant's copy.
    """

    STREAM: ClassVar[StreamKind] = "governance"
    SIGNERS: ClassVar[tuple[Signer, ...]] = TYPISTS
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["paper-sheet-declared/1"] = "paper-sheet-declared/1"
    day: Open[LocalDate]
    document: Open[HexHash]
    pages: Open[SheetPages]
    reason: Open[Literal["tablets-down", "network-down", "power-cut", "away-from-clinic", "other"]]
    source: Open[Literal["paper-sheet"]]


class PaperLineTranscribed(Event):
    """
    The entry that follows on this record was typed from a line of a sheet: which, of which scan, and who did it.

    Both are recorded together, this one directly before the other.
    """

    STREAM: ClassVar[StreamKind] = "any"
    SIGNERS: ClassVar[tuple[Signer, ...]] = TYPISTS
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["paper-line-transcribed/1"] = "paper-line-transcribed/1"
    document: Open[HexHash]
    line: Open[SheetLine]
    performed: Open[Several[Performer]]
    sheet: Open[Reference]
    target: Open[Reference]


PaperEvent: TypeAlias = PaperSheetDeclared | PaperLineTranscribed
"""All that is said of paper itself."""
