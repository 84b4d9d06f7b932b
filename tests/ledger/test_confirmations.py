"""A doubted event may be confirmed by somebody whose key counts; the doubt stays, and who answers for it is shown."""

from __future__ import annotations

from ledger.confirmations import with_confirmations
from ledger.follow import key_history, place
from ledger.record import Submission
from ledger.signing import SigningKey
from ledger.standing import Doubt
from ledger.store.port import EventRow
from tests.ledger.chart import countersignature
from tests.ledger.clinic import MD1, PT1, RN1, SLOT_A, Clinic, make
from tests.ledger.test_key_changes import report

COUNTERSIGNED = (MD1, "countersigned", "prescriber")


def disputed() -> tuple[Clinic, int, int]:
    """A check by a key that was suspect from there on, another one beside it, and the revocation."""
    clinic = Clinic().open()
    first, second = clinic.check().position, clinic.check().position
    revoked = make("key-revoked/1", key=clinic.keys[RN1].kid, reason="stolen", suspect_from=first)
    clinic.record(revoked, "keys", (PT1, "revoked", "security-officer"))
    return clinic, first, second


def confirm(clinic: Clinic, position: int, who: tuple[str, str, str] = COUNTERSIGNED, verdict: str = "confirms") -> int:
    row = clinic.store.row(position)
    assert isinstance(row, EventRow)
    event = countersignature(place(clinic.store, row), verdict=verdict)
    return clinic.record(event, SLOT_A, who).position


def confirmed(clinic: Clinic) -> dict[int, tuple[int, ...]]:
    found = with_confirmations(clinic.store, key_history(clinic.store), report(clinic).doubts)
    return {doubt.position: doubt.confirmed_at for doubt in found}


def test_a_colleague_who_was_there_confirms_a_disputed_event_and_no_other() -> None:
    clinic, first, second = disputed()

    at = confirm(clinic, first)

    assert confirmed(clinic) == {first: (at,), second: ()}
    assert report(clinic).disputed == (first, second)


def test_the_same_person_confirms_with_a_key_that_counts() -> None:
    clinic, first, second = disputed()
    clinic.keys[RN1] = SigningKey(bytes([8]) * 32)
    clinic.recorder.record([clinic.enrol(RN1)])

    at = confirm(clinic, second, (RN1, "countersigned", "nurse"))

    assert confirmed(clinic) == {first: (), second: (at,)}


def test_a_doubted_key_confirms_nothing_and_neither_does_who_disputes() -> None:
    """A thief hands in a confirmation by the very key that is doubted."""
    clinic, first, second = disputed()
    row = clinic.store.row(first)
    assert isinstance(row, EventRow)
    event = countersignature(place(clinic.store, row))
    by_thief = clinic.submission(event, SLOT_A, [(RN1, "countersigned", "nurse")])
    taken = clinic.recorder.record([Submission(by_thief.envelope, by_thief.blocks, MD1)])[0]
    confirm(clinic, second, verdict="disputes")

    assert taken.quarantined
    assert confirmed(clinic) == {first: (), second: (), taken.position: ()}


def test_a_position_without_an_event_is_confirmed_by_nobody() -> None:
    clinic, first, _ = disputed()
    doubt = report(clinic).doubts[0]
    nowhere = Doubt(10_000, doubt.state, doubt.kid, doubt.owner, doubt.custody, doubt.revoked_at, first, doubt.reason)

    assert with_confirmations(clinic.store, key_history(clinic.store), [nowhere]) == (nowhere,)
