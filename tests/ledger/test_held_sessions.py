"""A recorder that runs for years remembers only the sessions it has changed last; the others it reads again."""

from __future__ import annotations

from ledger.held_sessions import HeldSessions
from ledger.session import Session
from tests.ledger.clinic import RN1, SESSION, SLOT_A, Clinic, check, uuid


def test_the_session_that_was_not_changed_for_longest_is_let_go() -> None:
    held = HeldSessions(Clinic().open().store, most=2)
    one, two, three = (Session(f"session/{uuid(number)}", status="open") for number in (91, 92, 93))

    for changed in (one, two, one, three):
        held.take({changed.id: changed})

    assert len(held) == 2
    assert held.get(one.id) is one
    assert held.get(three.id) is three
    assert held.get(two.id) == Session(two.id), "nothing of it is in the store"


def test_one_that_was_let_go_is_put_together_again_as_it_was() -> None:
    clinic = Clinic().open()
    clinic.record(check(), SLOT_A, (RN1, "performed", "nurse"))
    before = clinic.recorder.session(SESSION)
    held = HeldSessions(clinic.store, most=1)
    held.take({SESSION: before})
    held.take({"session/other": Session("session/other")})

    again = held.get(SESSION)

    assert again is not before
    assert again == before
    assert again.history == before.history
