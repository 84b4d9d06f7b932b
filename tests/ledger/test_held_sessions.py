"""A recorder that runs for years remembers only the sessions it has changed last; the others it reads again."""

from __future__ import annotations

from ledger.held_sessions import MOST_SINCE, HeldSession, HeldSessions
from ledger.reading import without_sealed
from ledger.session import Session
from tests.ledger.clinic import RN1, SESSION, SLOT_A, Clinic, check, uuid


def test_the_session_that_was_not_changed_for_longest_is_let_go() -> None:
    held = HeldSessions(Clinic().open().store, most=2)
    one, two, three = (Session(f"session/{uuid(number)}", status="open") for number in (91, 92, 93))

    for changed in (one, two, one, three):
        held.take({changed.id: HeldSession(changed)})

    assert len(held) == 2
    assert held.get(one.id) is one
    assert held.get(three.id) is three
    assert held.get(two.id) == Session(two.id), "nothing of it is in the store"


def test_one_that_was_let_go_is_put_together_again_as_it_was() -> None:
    clinic = Clinic().open()
    clinic.record(check(), SLOT_A, (RN1, "performed", "nurse"))
    before = clinic.recorder.session(SESSION)
    held = HeldSessions(clinic.store, most=1)
    held.take({SESSION: HeldSession(before)})
    held.take({"session/other": HeldSession(Session("session/other"))})

    again = held.get(SESSION)

    assert again is not before
    assert again == before
    assert again.history == before.history


def test_what_was_not_folded_in_yet_counts_all_the_same_and_never_becomes_much() -> None:
    clinic = Clinic().open()
    for number in range(MOST_SINCE + 7):
        clinic.record(check(110 + number % 40), SLOT_A, (RN1, "performed", "nurse"))
        clinic.clock.forward(seconds=1)
    held = HeldSessions(clinic.store)
    read = held.held(SESSION)
    kept = HeldSession(Session(SESSION))

    for placed in read.session.history:
        kept = kept.after(placed, clinic.recorder.keys.revoked)
        assert kept.count < MOST_SINCE

    assert clinic.recorder.session(SESSION) == kept.now() == read.now()
    assert clinic.recorder.session(SESSION).history == [without_sealed(placed) for placed in read.session.history]
