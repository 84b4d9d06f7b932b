"""What stands on the own records of participants, as the filters leave it; days are those of the writer's clock."""

from __future__ import annotations

from datetime import datetime

from ledger.events.base import Event
from projections.compliance.apart import zone_of
from projections.compliance.known import Fact
from projections.compliance.moments import local
from projections.questions.asked import Asked


def on_people(asked: Asked, *kinds: type[Event], within: bool = True) -> list[Fact]:
    """Events of these types on the records of all participants, or of the one who was asked for."""
    found = asked.ledger.everywhere("person", *kinds)
    return [
        fact
        for fact in found
        if asked.person in (None, fact.stream) and (not within or is_within(asked, fact))
    ]  # fmt: skip


def people(asked: Asked) -> list[str]:
    """All participants of whom something is known, or the one who was asked for."""
    known = (*asked.ledger.names("person"), *asked.ledger.known.slots_of)
    return [asked.person] if asked.person else list(dict.fromkeys(known))


def is_within(asked: Asked, fact: Fact) -> bool:
    """Whether it happened between `from` and `to`."""
    zone = zone_of(asked.ledger, fact)

    def day(at: datetime) -> str:
        return f"{local(at, zone):%Y-%m-%d}"

    return asked.filters.within(fact.at, day)


def day_of(asked: Asked, fact: Fact) -> str:
    """The local day on which it happened, or that it names as the day of receipt."""
    received = getattr(fact.event, "received_on", None)
    return received if isinstance(received, str) else f"{local(fact.at, zone_of(asked.ledger, fact)):%Y-%m-%d}"
