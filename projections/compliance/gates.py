"""
The rules as gates: each is asked before the authorisation it concerns, with the very function that judges facts.

A breach objects, and so does evidence that cannot be read: nothing is permitted because nobody can see it.
An objection names who may override it, and is not raised again once they have (`projections.compliance.overrides`);
one that nobody may override stands. What happens all the same is recorded as the fact it is.

    compliance = Compliance(store, subject_keys)
    Recorder(store, …, gates=gates(compliance))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.errors import Objection
from ledger.events.base import Event
from ledger.gate import Gate
from ledger.payload import Payload
from ledger.reading import PlacedEvent
from projections.compliance.objecting import rules_before
from projections.compliance.reader import Compliance


@dataclass(frozen=True, slots=True)
class RulesGate:
    """The rules before every kind of authorisation; all that are asked before one share one view of the ledger."""

    compliance: Compliance

    def objections(
        self, event: Event, payload: Payload, received_at: str, beside: Sequence[PlacedEvent] = ()
    ) -> Sequence[Objection]:
        """See `Gate.objections`; costs nothing before what no rule is asked about."""
        asked = rules_before(event, self.compliance.rules)
        return self.compliance.objections(event, payload, received_at, beside, asked) if asked else ()


def gates(compliance: Compliance) -> tuple[Gate, ...]:
    """The one gate at which every rule that is asked before an authorisation speaks, in the order of the report."""
    return (RulesGate(compliance),)
