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
from projections.compliance.reader import Compliance
from projections.compliance.rule import AnyRule


@dataclass(frozen=True, slots=True)
class RuleGate:
    """One rule before one kind of authorisation."""

    rule: AnyRule
    compliance: Compliance

    def objections(
        self, event: Event, payload: Payload, received_at: str, beside: Sequence[PlacedEvent] = ()
    ) -> Sequence[Objection]:
        """See `Gate.objections`."""
        if self.rule.gate is None or not isinstance(event, self.rule.gate.authorisation):
            return ()
        return self.compliance.objections(event, payload, received_at, beside, (self.rule,))


def gates(compliance: Compliance) -> tuple[Gate, ...]:
    """A gate for each rule that is asked before an authorisation, in the order of the report."""
    return tuple(RuleGate(rule, compliance) for rule in compliance.rules if rule.gate is not None)
