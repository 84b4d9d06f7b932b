"""Words of the rules' stories about what comes after: contacts, talks, adverse events; each returns the day."""

from __future__ import annotations

from typing import Any, Self

from tests.ledger.clinic import RN1, SESSION, blank, make, uuid
from tests.projections.rules.day import instant
from tests.projections.rules.watching_words import Watch

INCIDENT = f"governance/{uuid(91)}"


class After(Watch):
    """A day and those that follow it."""

    def asks(self, slot: str, at: str, *, session: str = SESSION, recorded: str = "", **changes: Any) -> Self:
        """A contact that reached the person, who slept and did not drive."""
        fields = blank("follow-up-contact-made/1") | {
            "attempt": 1,
            "channel": "phone",
            "reached": True,
            "slept": True,
            "drove_before_window": False,
            "urinary_screened": False,
            "next_step": "none",
        }
        event = make("follow-up-contact-made/1", **(fields | changes))
        return self.put(event, f"{session}/{slot}", at, recorded=recorded)

    def misses(self, slot: str, at: str, step: str = "further-contact") -> Self:
        """A try that reached nobody."""
        return self.asks(slot, at, reached=False, slept=None, drove_before_window=None, next_step=step)

    def talks(self, slot: str, at: str, *, attended: bool = True, session: str = SESSION) -> Self:
        """A talk after the session."""
        event = make("integration-session-held/1", began=instant(at), ended=instant(at), attended=attended)
        return self.put(event, f"{session}/{slot}", at)

    def offers(self, slot: str, at: str) -> Self:
        """A talk is offered."""
        event = make("integration-offered/1", channel="phone", offered_for=None, answer="declined")
        return self.put(event, f"{SESSION}/{slot}", at)

    def goes_badly(self, slot: str, at: str, *, recorded: str = "", **changes: Any) -> Self:
        """An adverse event of which nothing is known yet but how severe it was."""
        fields = blank("adverse-event-recorded/1") | {
            "action": "none",
            "outcome": "pending",
            "relatedness": "pending",
            "seriousness": "pending",
            "severity": 3,
            "term": "hypertension",
        }
        event = make("adverse-event-recorded/1", **(fields | changes))
        return self.put(event, f"{SESSION}/{slot}", at, recorded=recorded)

    def learns(self, slot: str, at: str, *, of: int = -1, recorded: str = "", **changes: Any) -> Self:
        """More is known of an adverse event: the last entry, or another one by its place in the day."""
        fields = blank("adverse-event-updated/1") | {"adverse_event": self._named(of)}
        event = make("adverse-event-updated/1", **(fields | changes))
        return self.put(event, f"{SESSION}/{slot}", at, recorded=recorded)

    def turns_serious(
        self, slot: str, at: str, *, of: int = -1, aware: str = "", role: str = "nurse", **changes: Any
    ) -> Self:
        """An adverse event turns out to be serious."""
        fields = blank("seriousness-upgraded/1") | {
            "adverse_event": self._named(of),
            "aware_at": instant(aware) if aware else None,
            "criteria": ["hospitalisation"],
        }
        event = make("seriousness-upgraded/1", **(fields | changes))
        return self.put(event, f"{SESSION}/{slot}", at, who=[(RN1, "reviewed", role)])

    def reports(self, slot: str, at: str, *, of: int = -1, receiver: str = "fda") -> Self:
        """It is reported outside."""
        fields = {"adverse_event": self._named(of), "channel": None, "receiver": receiver, "reference": None}
        return self.put(make("adverse-event-reported/1", **fields), f"{SESSION}/{slot}", at)

    def _named(self, of: int) -> dict[str, str]:
        placed = self.placed[of]
        return {"dig": placed.dig, "id": placed.payload.id}


def gone(leaves: str = "13:00", **figures: Any) -> After:
    """A was dosed at 10:00 and left."""
    return begun(**figures).leaves("a", leaves)


def begun(**figures: Any) -> After:
    """A was dosed at 10:00."""
    return After().opens(**figures).assigns("09:30").gives("a", "10:00")
