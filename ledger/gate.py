"""
A gate: what is asked before an authorisation is recorded, and may object.

An authorisation permits something that has not happened yet, so a rule may still stop it.
A fact has happened: it never passes a gate, however embarrassing it is.
The ledger knows only this much of rules; `projections.compliance` says what they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ledger.errors import Asked, Objection, Refused
from ledger.events.base import Event
from ledger.events.erasure import RetentionEnded, SubjectErased
from ledger.payload import Payload
from ledger.reading import PlacedEvent

__all__ = ["Gate", "Objection", "closed"]


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


def closed(objections: Sequence[Objection], event: Event, payload: Payload, dig: str) -> Refused:
    """The refusal of an authorisation to which these object: `gate-closed`, with who asked and what to do next."""
    return Refused(
        "gate-closed",
        " ".join(dict.fromkeys(f"{each.rule}: {each.message}" for each in objections)),
        remedy=_remedy(event),
        objections=objections,
        asked=Asked(dig, payload.type, payload.stream, _asked_by(event, payload)),
    )


def _remedy(event: Event) -> str:
    match event:
        case SubjectErased():
            return "Wait until the day has come, or have the hold lifted; record the refusal: erasure-refused."
        case RetentionEnded():
            return "Wait until the day has come: session-ledger retention says which."
        case _:
            return "Put right what the rules name; if it happened all the same, record the fact."


def _asked_by(event: Event, payload: Payload) -> str:
    """Who signed it first; of what the software signs for somebody, they."""
    first = payload.attested[0].by
    named = getattr(event, "staff", None)
    return named if first.startswith("service/") and isinstance(named, str) else first
