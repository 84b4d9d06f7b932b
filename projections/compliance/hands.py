"""Whose hands an entry has in one meaning: with it or by a countersignature, also where that does not count."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.events.corrections import CountersignatureGiven
from projections.compliance.known import Fact, record_of
from projections.compliance.ledger_at import LedgerAt


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who signed an entry in one meaning, at once or by a countersignature, and where that stands."""

    by: str
    role: str
    position: int


def all_who_signed(ledger: LedgerAt, entry: Fact, meaning: str) -> list[Hand]:
    """
    Everybody who signed an entry in this meaning by then: with it, or by confirming it later.

    Also a signature that does not count, of somebody who had signed the entry already: the log has it.
    """
    own = [Hand(each.by, each.role, entry.position) for each in entry.signed if each.meaning == meaning]
    later = []
    for placed in ledger.known.said_on(record_of(entry.stream)):
        event = placed.event
        if (
            isinstance(event, CountersignatureGiven)
            and placed.position < ledger.size
            and event.target.dig == entry.dig
            and event.gives == meaning
            and event.verdict == "confirms"
            and ledger.has_happened(ledger.known.fact(placed))
        ):
            later += [Hand(each.by, each.role, placed.position) for each in placed.signers]
    return [*own, *later]
