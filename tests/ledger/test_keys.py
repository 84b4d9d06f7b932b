"""Keys over positions: which state a key has where, and what its owner may sign."""

from __future__ import annotations

import pytest

from ledger.events.keys import KeyRevoked, LogKeyAdded, LogKeyRetired
from ledger.keys import KeyHistory, KeyState, may_sign
from tests.ledger.clinic import ANA, MD1, PT1, RN1, SESSION, SLOT_A, SLOT_B, Clinic, make, uuid


def history(*, revoked_at: int | None = None, suspect_from: int | None = None) -> tuple[KeyHistory, str]:
    """Genesis at 0, the nurse's key enrolled at 3."""
    clinic, keys = Clinic(), KeyHistory()
    keys.apply(0, clinic.genesis())  # type: ignore[arg-type]  # make() knows only that it is an event
    keys.apply(3, clinic.enrolment(RN1))  # type: ignore[arg-type]
    kid = clinic.keys[RN1].kid
    if revoked_at is not None:
        event = make("key-revoked/1", key=kid, reason="lost", suspect_from=suspect_from)
        assert isinstance(event, KeyRevoked)
        keys.apply(revoked_at, event)
    return keys, kid


@pytest.mark.parametrize(
    ("revoked_at", "suspect_from", "expected"),
    [
        (None, None, {2: "not-enrolled", 3: "not-enrolled", 4: "valid", 99: "valid"}),
        (10, None, {4: "valid", 9: "valid", 10: "valid", 11: "quarantined"}),
        (10, 6, {4: "valid", 5: "valid", 6: "disputed", 9: "disputed", 10: "disputed", 11: "quarantined"}),
        (10, 0, {3: "not-enrolled", 4: "disputed", 11: "quarantined"}),
    ],
)
def test_a_keys_state_follows_from_positions_alone(
    revoked_at: int | None, suspect_from: int | None, expected: dict[int, KeyState]
) -> None:
    keys, kid = history(revoked_at=revoked_at, suspect_from=suspect_from)

    assert {position: keys.state(kid, position) for position in expected} == expected


def test_a_stranger_is_not_enrolled_anywhere() -> None:
    keys, _ = history()

    assert keys.state("0" * 64, 5) == "not-enrolled"
    assert keys.public_key("0" * 64) is None


def test_a_copy_grows_on_its_own() -> None:
    keys, kid = history()
    twin = keys.copy()
    event = make("key-revoked/1", key=kid, reason="lost", suspect_from=None)
    assert isinstance(event, KeyRevoked)
    twin.apply(10, event)

    assert (keys.state(kid, 11), twin.state(kid, 11)) == ("valid", "quarantined")


def test_log_keys_are_added_and_retired() -> None:
    keys, _ = history()
    first = keys.log_keys()[0].vkey
    second = "clinic.example.test/00c0ffee00c0ffee+c49f16b4+AfObajWzkfgTVO+oqX1aBVpu7ZjXzRxF1aTBrlDNfhbO"
    added, retired = make("log-key-added/1", vkey=second), make("log-key-retired/1", vkey=first)
    assert isinstance(added, LogKeyAdded)
    assert isinstance(retired, LogKeyRetired)
    keys.apply(5, added)
    keys.apply(7, retired)

    assert [(key.added_at, key.retired_at) for key in keys.log_keys()] == [(0, 7), (5, None)]


OTHER = f"session/{uuid(77)}"


@pytest.mark.parametrize(
    ("owner", "stream", "kind", "allowed"),
    [
        (RN1, SLOT_A, "dose-administered/1", True),
        (RN1, ANA, "evaluation-completed/1", True),
        (RN1, SLOT_A, "sys-read/1", False),
        (ANA, ANA, "consent-signed/1", True),
        (ANA, f"person/{uuid(12)}", "consent-signed/1", False),
        (ANA, SLOT_A, "dose-declined/1", False),
        (SLOT_A, SLOT_A, "dose-declined/1", True),
        (SLOT_A, SLOT_B, "dose-declined/1", False),
        (SLOT_A, SESSION, "session-closed/1", True),
        (SLOT_A, OTHER, "session-closed/1", False),
        (SLOT_A, f"stock/{uuid(1)}", "own-medication-checked-in/1", True),
        (SLOT_A, ANA, "consent-signed/1", False),
        (f"service/{uuid(5)}", f"access/{uuid(6)}", "sys-read/1", True),
        (f"service/{uuid(5)}", SLOT_A, "dose-administered/1", False),
    ],
)
def test_who_signs_on_which_record(owner: str, stream: str, kind: str, *, allowed: bool) -> None:
    assert may_sign(owner, stream, kind) is allowed


def test_officers_are_those_the_genesis_names() -> None:
    keys, kid = history()

    assert {key.owner for key in keys.all() if key.officer} == {MD1, PT1}
    assert keys.find(kid) is not None
