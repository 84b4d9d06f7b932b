"""
What one partner may know of the other: what that other person last said, and nothing more.

Nobody said anything: only that the other attended.
Said and not readable any more, or nobody can tell whose preference it is: nothing at all.
The word of today counts, whatever moment of the past is asked about: who withdraws, does so for the past too.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.vocabulary import Slot
from projections.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Shared:
    """What a partner lets the other know."""

    attendance: bool = False
    dosed: bool = False
    dose: bool = False
    vitals: bool = False


_CORRECTED_LATER = (
    "SELECT 1 FROM [source] WHERE type IN ('entry-corrected/1', 'entry-voided/1') AND about IN"
    " (SELECT s.dig FROM [source] s JOIN [couple] c ON c.position = s.position WHERE c.couple = ?) AND position >= ?"
)
"""Asked about a time before somebody corrected who the couple are: nobody's word can be told from it."""

UNSAID = Shared(attendance=True)
NOTHING = Shared()


def shared_by(seen: Snapshot, couple: str, slot: Slot) -> Shared:
    """What the person in this slot of a couple shares now."""
    if seen.rows(_CORRECTED_LATER, couple, seen.position):
        return NOTHING
    persons = {str(row[f"person_{slot}"]) for row in seen.facts("couple", "couple = ?", couple)}
    if len(persons) != 1 or not (person := persons.pop()).startswith("person/"):
        return NOTHING
    said = seen.rows("SELECT * FROM [sharing] WHERE person = ? ORDER BY at DESC, position DESC", person)
    for row in said:
        if row["couple"] == couple:
            return Shared(*(row[what] == "yes" for what in ("attendance", "dosed", "dose", "vitals")))
        if not row["couple"].startswith("couple/"):
            return NOTHING
    return UNSAID
