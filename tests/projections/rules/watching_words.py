"""Words of the rules' stories about watching, calling and acting; each returns the day."""

from __future__ import annotations

from typing import Any, Self

from tests.ledger.clinic import MD1, PT1, RN1, SESSION, blank, make
from tests.projections.rules.day import Day, instant


class Watch(Day):
    """A day on which it is told who watches whom."""

    def assigns(self, at: str, *covers: str, monitor: str = RN1, near: bool = True, **when: Any) -> Self:
        """Somebody begins to watch these partners."""
        event = make("monitor-assigned/1", covers=list(covers or ("a", "b")), in_person=near, monitor=monitor)
        self.put(event, when.pop("session", SESSION), at, who=[(monitor, "received", "nurse")], **when)
        return self

    def hands_over(
        self, at: str, *covers: str, outgoing: str = RN1, incoming: str = MD1, near: bool = True, **when: Any
    ) -> Self:
        """One gives these partners over to another, and both sign; `signed` says which meanings do."""
        fields = blank("monitor-handover/1") | {
            "covers": list(covers or ("a", "b")),
            "in_person": near,
            "incoming": incoming,
            "outgoing": outgoing,
        }
        sides = {"relinquished": (outgoing, "nurse"), "received": (incoming, "prescriber")}
        signed = when.pop("signed", ("relinquished", "received"))
        who = [(sides[meaning][0], meaning, sides[meaning][1]) for meaning in signed]
        self.put(make("monitor-handover/1", **fields), SESSION, at, who=who, **when)
        return self

    def leaves_alone(self, at: str, *uncovers: str, reason: str = "break", monitor: str = RN1, **when: Any) -> Self:
        """A monitor stops watching these partners, and nobody takes over."""
        slots = uncovers or ("a", "b")
        fields = {f"reason_{slot}": reason if slot in slots else None for slot in ("a", "b")}
        event = make("monitor-break-started/1", monitor=monitor, uncovers=list(slots), **fields)
        self.put(event, SESSION, at, who=[(monitor, "relinquished", "nurse")], **when)
        return self

    def is_back(self, at: str, *covers: str, monitor: str = RN1) -> Self:
        """A monitor watches these partners again."""
        event = make("monitor-break-ended/1", covers=list(covers or ("a", "b")), monitor=monitor)
        self.put(event, SESSION, at, who=[(monitor, "received", "nurse")])
        return self

    def calls(self, slot: str, at: str, answered: str | None = "", **when: Any) -> Self:
        """The prescriber is called about one partner and answers, at once if no time is said, never if it is None."""
        fields: dict[str, Any] = {
            "about": None,
            "answered_at": None if answered is None else instant(answered or at),
            "channel": "phone",
            "prescriber": MD1,
            "situation": [],
        }
        self.put(make("prescriber-notified/1", **fields), f"{SESSION}/{slot}", at, **when)
        return self

    def acts(self, slot: str, at: str, kind: str = "oxygen", **when: Any) -> Self:
        """Something is done for one partner."""
        fields = blank("intervention-performed/1") | {"kind": kind}
        self.put(make("intervention-performed/1", **fields), f"{SESSION}/{slot}", at, **when)
        return self

    def is_taken_away(self, slot: str, at: str, **changes: Any) -> Self:
        """One partner is transferred to a hospital."""
        fields = blank("participant-transferred/1") | {
            "arrived_at": instant(at),
            "called_at": instant(at),
            "condition": "stable",
            "documents": ["transfer-summary"],
            "facility": "St M ED",
        }
        self.put(make("participant-transferred/1", **(fields | changes)), f"{SESSION}/{slot}", at)
        return self


THERAPIST = PT1
"""A second one who may watch."""


def dosed(at: str = "10:00", slot: str = "a", mg: str = "100", **figures: Any) -> Watch:
    """A day that was opened, one monitor for both, and one of them dosed."""
    day = Watch()
    day.opens(**figures)
    day.assigns("09:30")
    day.gives(slot, at, mg)
    return day
