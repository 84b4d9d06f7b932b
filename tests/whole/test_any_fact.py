"""Every kind of fact once, before a session, in it and after it, with every rule at the door: none is refused."""

from __future__ import annotations

import pytest

from ledger.events import EVENT_TYPES
from ledger.vocabulary import Slot
from projections.compliance.rules import RULES
from tests.whole.days import ANY_FACT, SESSIONS, Days

FACTS = [tag for tag in ANY_FACT if not EVENT_TYPES[tag].AUTHORISES]
SLOTS: tuple[Slot, Slot] = ("a", "b")


def days(state: str) -> Days:
    """The first session in this state, and then the rules come to the door."""
    days = Days()
    if state != "planned":
        days.opens(SESSIONS[0])
    if state == "closed":
        assert days.happens("session-closed/1", SESSIONS[0], "a", 0) is not None
    days.asks()
    return days


@pytest.mark.parametrize("state", ["planned", "open", "closed"])
def test_no_fact_is_refused_whatever_the_session_and_the_rules_say_of_it(state: str) -> None:
    here = days(state)

    for tag in FACTS:
        for slot in SLOTS:
            here.happens(tag, SESSIONS[0], slot, ago=0)

    assert here.refused == []
    assert len(here.steps) >= 2 * len(FACTS)


def test_the_rules_are_at_the_door_of_this_very_ledger() -> None:
    """An authorisation to which they object is refused: so the facts above passed them, and not an open door."""
    here = days("planned")

    here.happens("session-opened/1", SESSIONS[0], "a", 0)

    assert here.refused == [("session-opened/1", "gate-closed")]


def test_no_gate_stands_before_a_fact() -> None:
    asked = {kind for rule in RULES if rule.gate is not None for kind in rule.gate.authorisations}

    assert [kind.type_tag() for kind in asked if not kind.AUTHORISES] == []


def test_most_kinds_of_event_are_facts() -> None:
    """So that the list above is not short by a slip."""
    assert len(FACTS) > 60
