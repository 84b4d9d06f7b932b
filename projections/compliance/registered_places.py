"""Whether a place is registered with the DEA on a day. Source: the exact rules, CS-07."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.events.authority import LocationRegistered
from projections.compliance.ledger_at import LedgerAt


@dataclass(frozen=True, slots=True)
class Registered:
    """
    How a place is registered on a day: a word a program can read, the same in a sentence, and where it stands.

    `state` is valid, unknown-place, no-number, no-dates, not-yet or expired.
    """

    state: str
    told: str
    evidence: tuple[int, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Whether it is registered."""
        return self.state == "valid"


def registered_on(ledger: LedgerAt, location: str, day: str) -> Registered:
    """How a place is registered with the DEA on a local day, by all that is known of it now."""
    found = ledger.registration(location, day)
    code = code_of(ledger, location)
    if found is None:
        return Registered("unknown-place", f"{code} was registered nowhere on {day}")
    evidence = tuple(fact.position for fact in ledger.registered(location) if fact.event is found)
    if found.dea_number is None:
        return Registered("no-number", f"{code} had no DEA number on {day}", evidence)
    if found.dea_from is None or found.dea_to is None:
        return Registered(
            "no-dates", f"{code} had a DEA number on {day}, but from when to when is not recorded", evidence
        )
    words = f"{code} was registered with the DEA from {found.dea_from} to {found.dea_to} in {found.state}"
    if day < found.dea_from:
        return Registered("not-yet", f"{words}, not yet on {day}", evidence)
    if day > found.dea_to:
        return Registered("expired", f"{words}, no longer on {day}", evidence)
    return Registered("valid", f"{words}, on {day} too", evidence)


def code_of(ledger: LedgerAt, location: str) -> str:
    """What a place is called in a sentence."""
    codes = [fact.event.code for fact in ledger.registered(location) if isinstance(fact.event, LocationRegistered)]
    return codes[-1] if codes else "The place"
