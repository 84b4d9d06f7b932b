"""Question 48, a session to read; tasks, keys and devices."""

from __future__ import annotations

from ledger.signing import SigningKey
from tests.ledger.clinic import MD1, RN1, SESSION, make
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day


def opened_ledger(suspect: int | None = None) -> Day:
    """A ledger with one officer, whose key is revoked when something is suspect."""
    key = SigningKey(b"1" * 32)
    officer = {"alg": "ed25519", "custody": "hardware", "officer": True, "owner": MD1, "pub": key.public.hex()}
    event = make("ledger-opened/1", continues=None, keys=[officer], log_keys=[], organisation="Clinic")
    day = Day().put(event, "keys", "1 08:00")
    if suspect is not None:
        event = make("key-revoked/1", key=key.kid, reason="stolen", suspect_from=suspect)
        day.put(event, "keys", "16 09:00", who=((MD1, "revoked", "security-officer"),))
    return day


def test_every_entry_is_told_with_its_signatures_and_a_mark_on_what_changed() -> None:
    day = Day().opens().gives("a", "10:00").looks_at("a", "10:15", heart_rate=44)
    look = len(day.placed) - 1
    day.corrects("10:40", of=look, clinical=[("heart_rate", 44, 74)])

    found = asked(day, "48", session=SESSION)
    by = {each.evidence[0]: each.values for each in found.rows}

    assert by[look]["partner"] == "A" and by[look]["type"] == "supervision-checked/1"
    assert "heart_rate: 44" in str(by[look]["says"])
    assert by[look]["signed"] == f"{RN1} performed (nurse)"
    assert by[look]["mark"] == f"corrected: heart_rate 44 → 74, by {look + 1}"
    assert counted(found, "changed") == 1
    before = asked(day, "48", session=SESSION, known_at=look + 1)
    assert not any(each.values["mark"] for each in before.rows)


def test_a_void_and_what_cannot_be_read_are_said() -> None:
    day = Day().opens().looks_at("a", "10:15").voids("10:20").signs("10:25")
    lost = Day().opens().looks_at("a", "10:15").loses("supervision-checked/1", "clinical", "sensitive")

    assert "voided, by" in str([each.values["mark"] for each in asked(day, "48").rows])
    assert "withheld" in str([each.values["says"] for each in asked(lost, "48").rows])
    assert asked(Day(), "48").rows == ()


def test_what_waits_is_a_task_for_whom_it_waits() -> None:
    day = Day().opens().gives("a", "10:00").looks_at("a", "10:15")
    found = asked(day, "my-tasks", as_of="10:20")

    checks = [each for each in found.rows if each.values["what"] == "SUP-05"]
    assert told(found, "what") and checks
    gone = asked(day.leaves("a", "10:25"), "my-tasks", as_of="10:30")
    assert not [each for each in gone.rows if each.values["what"] == "SUP-05"]


def test_keys_and_devices_say_when_they_were_last_used_and_which_were_revoked() -> None:
    day = Day().enrols("07:00").opens().brings("a", "10:15", 1).brings("a", "10:30", 2)

    assert told(asked(day, "keys-and-devices"), "kind", "name", "state", "used", "last") == [
        ("device", "T-1", "in use", 2, "10:30")
    ]
    assert told(asked(day.loses_the_tablet("11:00"), "keys-and-devices"), "state") == [("revoked",)]
    assert told(asked(Day().enrols("07:00"), "keys-and-devices"), "state", "used", "last") == [("in use", 0, None)]
    assert told(asked(day, "keys-and-devices", known_at=len(day.placed) - 2), "used") == [(1,)]
    assert asked(Day(), "keys-and-devices").rows == ()


def test_a_key_that_was_stolen_says_from_where_on_it_is_suspect() -> None:
    (enrolled,) = [*asked(opened_ledger(), "keys-and-devices").rows][:1]
    assert enrolled.values["state"] == "valid"

    found = asked(opened_ledger(suspect=1), "keys-and-devices")

    assert found.rows[0].values["state"] == "revoked, suspect from position 1 on"
    assert counted(found, "revoked") == 1
