"""ELIG-07: what only one partner can sign was signed by that partner, never by the other."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.arrival import NoDrivingAcknowledged, TransportPlanSigned
from ledger.events.dosing import DoseDeclined
from ledger.events.eligibility import ConsentSigned
from ledger.events.fields import Gone
from ledger.events.release import NoDrivingReleaseSigned
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.rule import rule

_IN_SESSION = (TransportPlanSigned, NoDrivingAcknowledged, DoseDeclined, NoDrivingReleaseSigned)


@rule(
    id="ELIG-07",
    version="1",
    title="What only one partner can sign was signed by that partner, never by the other.",
    severity="C",
    mode="X / I",
    source="a signature is unique to one person: 21 CFR 11.100(a); that it is refused otherwise is ours [D]",
    trigger="A consent, decline, acknowledgement or release of one partner. One ruling per person.",
    window="At signing.",
    evidence="The key of that person, their legal representative's on record, or the one made for their slot.",
    parameters=(),
    verdicts={
        "met": "each was signed by that person",
        "not-applicable": "nothing of the kind was signed",
    },
    notes=("Never a finding: a signature by anybody else is refused at the door, since it is no signature of theirs.",),
)
def elig_07(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    for slot in SLOTS:
        signed = [*history.of(slot, *_IN_SESSION), *_consents(history, slot)]
        words = (
            f"{slot.upper()}: {len(signed)} signed by themselves" if signed else f"{slot.upper()} signed nothing yet"
        )
        evidence = tuple(fact.position for fact in signed)
        yield Ruling(slot, "met" if signed else "not-applicable", f"{words}.", evidence)


def _consents(history: History, slot: Slot) -> list[Fact]:
    return [] if isinstance(history.person(slot), Gone) else list(history.personal(slot, ConsentSigned))
