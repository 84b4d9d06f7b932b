"""
Who looks: staff, or one of the two partners.

A partner sees their own facts and the joint ones, and nothing of the other; that is decided here, by slot,
before anything is put into words for them.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.errors import Refused
from ledger.vocabulary import Slot

BOTH: tuple[Slot, Slot] = ("a", "b")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Staff if `partner` is None, else the partner of that slot."""

    partner: Slot | None = None

    @property
    def words(self) -> str:
        """`staff`, `partner A` or `partner B`."""
        return "staff" if self.partner is None else f"partner {self.partner.upper()}"

    @property
    def own(self) -> tuple[Slot, ...]:
        """The slots whose own facts this viewer sees."""
        return BOTH if self.partner is None else (self.partner,)

    def sees(self, slot: str) -> bool:
        """Whether facts of this slot (`a`, `b`, `both`, or `unknown`) are for this viewer."""
        return self.partner is None or slot in (self.partner, "both")


def viewer_of(for_partner: str | None) -> Viewer:
    """
    The viewer of a question.

    Raises:
        Refused: `unknown-viewer`, for anything but None, `a` and `b`.
    """
    if for_partner is None:
        return Viewer()
    for slot in BOTH:
        if for_partner == slot:
            return Viewer(slot)
    raise Refused(
        "unknown-viewer",
        f"There is no partner {for_partner}.",
        field="for_partner",
        remedy="Ask for partner a or b, or leave it out for staff.",
    )
