"""
A gate: what is asked before an authorisation is recorded, and may object.

An authorisation permits something that has not happened yet, so a rule may still stop it.
A fact has happened: it never passes a gate, however embarrassing it is.
The ledger knows only this much of rules; `projections.compliance` says what they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ledger.errors import Objection
from ledger.events.base import Event
from ledger.payload import Payload
from ledger.reading import PlacedEvent

__all__ = ["Gate", "Objection"]


class Gate(Protocol):
    """One reason, or several, for which an authorisation may be refused."""

    def objections(
        self, event: Event, payload: Payload, received_at: str, beside: Sequence[PlacedEvent] = ()
    ) -> Sequence[Objection]:
        """
        What speaks against recording this authorisation now; nothing, when nothing does.

        It is asked under the log's lock, so nothing else is recorded meanwhile.
        `beside` are the events that are being recorded together with it and stand before it: they cannot be
        read from the store yet.
        """
