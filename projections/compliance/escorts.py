"""Where no escort is needed; whether an escort is a participant, and what they were given themselves."""

from __future__ import annotations

from ledger.events.arrival import Escort
from ledger.vocabulary import Slot
from projections.compliance.doses import Ties
from projections.compliance.history import History

STAYING = ("onsite-lodging", "hospital")
"""Where somebody is looked after: no escort is needed."""


def escort_doses(history: History, slot: Slot, escort: Escort) -> tuple[Ties, str]:
    """The doses of the escort, where they are a participant, and who they are in words."""
    if escort.person is not None:
        known_as = next((known.upper() for known in history.slots_of(escort.person)), "another participant")
        return history.doses_of(escort.person), known_as
    if escort.relationship != "partner" or escort.staff is not None:
        return Ties((), ()), ""
    partner: Slot = "b" if slot == "a" else "a"
    elsewhere = history.doses_of(history.person(partner))
    return Ties((*history.doses(partner), *elsewhere.theirs), elsewhere.perhaps), partner.upper()
