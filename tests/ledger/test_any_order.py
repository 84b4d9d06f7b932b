"""Every kind of fact of a session, in any order: folded the same in steps and at once, and none is refused."""

from __future__ import annotations

from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.events import EVENT_TYPES, SessionEvent
from ledger.reading import PlacedEvent, without_sealed
from ledger.session import Session, evolve, replay
from tests.ledger.events.example_making import SATURDAY, sealed
from tests.ledger.events.examples import EXAMPLES

OF_SESSIONS = [tag for tag, kind in EVENT_TYPES.items() if kind in get_args(SessionEvent)]


def happened(tags: list[str]) -> list[PlacedEvent]:
    """The examples of these types as one history, in this order."""
    placed = []
    for position, tag in enumerate(tags):
        made = sealed(EXAMPLES[tag])
        dig, event = made.envelope.dig, EXAMPLES[tag].event
        placed.append(PlacedEvent(position, 1, made.payload.recorded_at, dig, made.payload, event))
    return placed


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(OF_SESSIONS), max_size=40), st.sets(st.integers(0, 39)))
def test_any_facts_in_any_order_fold_to_one_state_and_none_is_refused(tags: list[str], unreadable: set[int]) -> None:
    """Also when the sealed parts of some of them cannot be read."""
    history = [without_sealed(each) if each.position in unreadable else each for each in happened(tags)]

    stepwise = Session(SATURDAY)
    for placed in history:
        stepwise = evolve(stepwise, placed)

    assert stepwise == replay(SATURDAY, history)
    given_mg = [dose.mg for slot in (stepwise.a, stepwise.b) for dose in slot.doses]
    assert len(given_mg) == tags.count("dose-administered/1")
    for slot in (stepwise.a, stepwise.b):
        assert all(dose.taken_mg is None or dose.taken_mg <= dose.mg for dose in slot.doses)


def test_every_type_on_a_session_s_records_is_folded_and_no_other_is() -> None:
    on_sessions = {kind for kind in EVENT_TYPES.values() if kind.STREAM in ("session", "partner")}

    assert set(get_args(SessionEvent)) == on_sessions
