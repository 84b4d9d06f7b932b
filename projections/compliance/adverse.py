"""
What is known of an adverse event: the entry that first told of it, and everything that was said of it since.

What is pending is said as such and counts as not said. A value that is gone may have said anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ledger.events.adverse import (
    AdverseEventRecorded,
    AdverseEventReported,
    AdverseEventResolved,
    AdverseEventUpdated,
    SeriousnessUpgraded,
)
from ledger.events.fields import Gone
from ledger.vocabulary import Slot
from projections.compliance.history import History
from projections.compliance.known import Fact
from projections.compliance.moments import to_second

CLASSES = ("severity", "seriousness", "relatedness", "outcome")
"""What an adverse event is classed by."""


@dataclass(frozen=True, slots=True)
class AdverseEvent:
    """One adverse event: `told` is what was said of it by then, the first entry included, in the order it happened."""

    slot: Slot
    recorded: Fact
    told: tuple[Fact, ...]

    @property
    def classed(self) -> Fact | None:
        """The entry by which all four had been said; None while one is missing."""
        said: set[str] = set()
        for fact in self.told:
            said |= {name for name in CLASSES if _says(fact, name)}
            if said.issuperset(CLASSES):
                return fact
        return None

    @property
    def missing(self) -> list[str]:
        """Which of the four nobody has said."""
        return [name for name in CLASSES if not any(_says(fact, name) for fact in self.told)]

    @property
    def unread(self) -> Fact | None:
        """The first entry of which one of the four cannot be read any more."""
        return next((fact for fact in self.told if any(_is_gone(fact, name) for name in CLASSES)), None)

    def settled(self, at: datetime) -> Fact | None:
        """The first entry up to a moment that says an outcome, or a plan."""
        return next(
            (fact for fact in self.told if fact.at <= at and (_says(fact, "outcome") or _says(fact, "plan"))), None
        )

    def unread_of(self, at: datetime, *names: str) -> Fact | None:
        """The first entry up to a moment of which one of these cannot be read any more."""
        return next((fact for fact in self.told if fact.at <= at and any(_is_gone(fact, name) for name in names)), None)

    @property
    def serious(self) -> tuple[Fact, datetime] | None:
        """The entry that says it is serious, and from when the clinic knew it."""
        for fact in self.told:
            match fact.event:
                case AdverseEventRecorded(seriousness="serious", aware_at=aware) | SeriousnessUpgraded(aware_at=aware):
                    known = to_second(aware) if isinstance(aware, str) else fact.at
                    return fact, known
                case _:
                    continue
        return None

    @property
    def fatal(self) -> bool:
        """Whether it led to death, by its criteria."""
        return any("death" in _criteria(fact) for fact in self.told)

    @property
    def reports(self) -> list[Fact]:
        """Where it was reported outside."""
        return [fact for fact in self.told if isinstance(fact.event, AdverseEventReported)]


def adverse_events(history: History, slot: Slot) -> list[AdverseEvent]:
    """Every adverse event of one partner in this session."""
    later = history.of(slot, AdverseEventUpdated, AdverseEventResolved, SeriousnessUpgraded, AdverseEventReported)
    return [
        AdverseEvent(slot, first, (first, *(fact for fact in later if _about(fact) == first.dig)))
        for first in history.of(slot, AdverseEventRecorded)
    ]


def latest(each: AdverseEvent, name: str) -> object:
    """What was said last of a class, also *pending* or a value that is gone; None where nobody said anything."""
    said = [value for fact in each.told if (value := _value(fact, name)) is not None]
    return said[-1] if said else None


def _about(fact: Fact) -> str:
    match fact.event:
        case (
            AdverseEventUpdated(adverse_event=first)
            | AdverseEventResolved(adverse_event=first)
            | SeriousnessUpgraded(adverse_event=first)
            | AdverseEventReported(adverse_event=first)
        ):
            return first.dig
        case _:
            return ""


def _value(fact: Fact, name: str) -> object:
    if name == "seriousness" and isinstance(fact.event, SeriousnessUpgraded):
        return "serious"
    return getattr(fact.event, name, None)


def _says(fact: Fact, name: str) -> bool:
    value = _value(fact, name)
    return value is not None and value != "pending" and not isinstance(value, Gone)


def _is_gone(fact: Fact, name: str) -> bool:
    return isinstance(_value(fact, name), Gone)


def _criteria(fact: Fact) -> tuple[str, ...]:
    criteria = getattr(fact.event, "criteria", ())
    return criteria if isinstance(criteria, tuple) else ()
