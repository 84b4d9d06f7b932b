"""What a room, the floor, keys, devices and one entry were: as known then, and as had happened by then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ledger.encoding import to_instant
from ledger.envelope import parse_envelope
from ledger.events.base import Event
from tests.api.web.practice import NURSE, Practice, Screen, handed
from tests.api.web.test_keys_over_time import revoke
from tests.ledger.clinic import MD1, PLACE, PT1, RN1, SESSION, SLOT_A, Who, check, dose, make, uuid
from tests.ledger.tablets import Tablet
from tests.projections.house import occurred

ROOM = f"/v1/sessions/{SESSION[8:]}/room"
READS = (ROOM, f"/v1/sessions/{SESSION[8:]}/terms", "/v1/floor", "/v1/keys", "/v1/devices", f"/v1/devices/{uuid(81)}")
TABLET = f"device/{uuid(81)}"


class Past:
    """A served session in which something happens, and a screen that asks."""

    def __init__(self, practice: Practice) -> None:
        self.practice = practice
        self.clinic = practice.clinic
        self.tablet = Tablet(self.clinic, TABLET)
        opened = make(
            "session-opened/1",
            location=PLACE,
            mode="simultaneous",
            prescriber=MD1,
            presence="on-site",
            room="Garden",
            protocol={"dig": "0" * 64, "id": self.clinic.event_id()},
            staff=[{"role": "nurse", "staff": RN1}],
            role_a="dosing",
            role_b="dosing",
        )
        who = [(RN1, "authorised", "nurse")]
        self.clinic.recorder.record([self.clinic.submission(opened, SESSION, who)])  # the rules are asked elsewhere
        practice.service.look()

    def does(self, event: Event, stream: str = SLOT_A, who: Who = NURSE, **members: Any) -> int:
        """Something happens and is recorded; a minute passes."""
        done = self.practice.service.recorder.record([self.clinic.submission(event, stream, [who], **members)])[0]
        self.clinic.clock.forward(minutes=1)
        self.practice.service.look()
        return done.position

    def writes(self, event: Event) -> int:
        """The tablet writes something and hands it in at once."""
        done = self.practice.service.recorder.record([self.tablet.writes(event)])[0]
        self.clinic.clock.forward(minutes=1)
        self.practice.service.look()
        return done.position


@pytest.fixture
def past(practice: Practice) -> Past:
    found = Past(practice)
    found.does(dose())
    found.writes(check(121, 80))
    return found


def asks(screen: Screen, path: str, size: int, **when: object) -> Any:
    given = "&".join(f"{name}={value}" for name, value in ({"at_least": size} | when).items())
    answer = screen.get(f"{path}{'&' if '?' in path else '?'}{given}")
    assert answer.status_code == 200, answer.text
    return {name: value for name, value in answer.json().items() if name not in ("as_of", "position")}


@pytest.mark.parametrize("path", READS)
def test_what_was_known_and_had_happened_then_is_answered_as_it_was_answered_then(path: str, past: Past) -> None:
    nurse, size, now = past.practice.at(), past.practice.size, to_instant(past.clinic.clock.now)
    then = asks(nurse, path, size)
    past.does(dose("50", ordinal=2))
    past.writes(check(150, 95))
    past.does(make("device-enrolled/1", code="T-1", kind="tablet"), TABLET, (PT1, "enrolled", "security-officer"))
    kid = past.clinic.keys[RN1].kid
    revoked = make("key-revoked/1", key=kid, reason="tablet-stolen", suspect_from=size - 1)
    past.does(revoked, "keys", (PT1, "revoked", "security-officer"))
    later = past.practice.size
    nurse = past.practice.at(MD1, "prescriber")

    assert asks(nurse, path, later) != then
    assert asks(nurse, path, later, known_at=size, up_to=now) == then
    assert asks(nurse, path, later, known_at=size) != asks(nurse, path, later)
    assert asks(nurse, path, later, up_to=now) != asks(nurse, path, later)


def test_a_late_entry_is_in_what_had_happened_and_not_in_what_was_known(past: Past) -> None:
    size, then = past.practice.size, past.clinic.clock.now
    past.clinic.clock.forward(minutes=40)
    past.does(dose("50", ordinal=2), occurred=occurred(then))
    nurse, later = past.practice.at(), past.practice.size

    def doses(**when: object) -> list[str]:
        return [each["mg"] for each in asks(nurse, ROOM, later, **when)["partners"]["a"]["doses"]]

    assert doses(known_at=size) == ["100"]
    assert doses(up_to=to_instant(then)) == ["100", "50"]
    assert doses(up_to=to_instant(then - timedelta(seconds=1))) == ["100"]
    told = asks(nurse, ROOM, later)["partners"]["a"]["doses"]
    assert [each["late"] for each in told] == [[], ["written 40 min after it happened"]]
    (floor,) = asks(nurse, "/v1/floor", later)["rooms"]
    assert floor["partners"]["a"]["last_vitals"]["late"] == []


def test_findings_say_which_of_what_they_rest_on_came_late(past: Past) -> None:
    then = past.clinic.clock.now
    past.clinic.clock.forward(minutes=40)
    at = past.does(dose("100"), occurred=occurred(then))
    found = asks(past.practice.at(), f"/v1/findings?session={SESSION}", past.practice.size)["findings"]

    with_it = [each for each in found if at in each["evidence"]]
    assert with_it
    words = ["written 40 min after it happened"]
    assert all({"position": at, "words": words} in each["late"] for each in with_it)


def test_a_session_nobody_knew_of_then_is_not_there_and_the_future_is_refused(past: Past) -> None:
    nurse, size = past.practice.at(), past.practice.size

    assert nurse.get(f"{ROOM}?known_at=2").json()["code"] == "not-found"
    for path in (ROOM, "/v1/floor", "/v1/keys", "/v1/devices", f"/v1/devices/{uuid(81)}"):
        problem = nurse.get(f"{path}?known_at={size + 5}").json()
        assert (problem["code"], problem["errors"][0]["pointer"]) == ("not-known-yet", "/known_at"), path
    assert nurse.get("/v1/floor?up_to=2026-05-01T00:00Z").json()["rooms"] == []


def test_an_entry_says_what_its_signatures_counted_for_then(past: Past) -> None:
    physician, size = past.practice.at(MD1, "prescriber"), past.practice.size
    assert physician.post("/v1/events", revoke(past.practice, RN1, suspect_from=size - 1)).status_code == 201

    def standing(**when: object) -> str:
        return str(asks(physician, f"/v1/entries/{size - 1}", size, **when)["standing"])

    assert standing() == "disputed"
    assert standing(known_at=size) == "valid"
    assert physician.get(f"/v1/entries/{size - 1}?known_at={size - 1}").json()["code"] == "not-found"
    assert physician.get(f"/v1/entries/{size - 1}?up_to=2026-05-01T00:00Z").json()["code"] == "not-found"


def test_what_was_kept_for_the_alarm_is_as_it_was_known_then(past: Past) -> None:
    nurse, officer = past.practice.at(), past.practice.at(PT1, "therapist")
    first = past.clinic.submission(check(), SLOT_A, [NURSE])
    assert nurse.post("/v1/events", handed(first)).status_code == 201
    size, then = past.practice.size, to_instant(past.clinic.clock.now)
    other = past.clinic.submission(check(150, 95), SLOT_A, [NURSE], id=parse_envelope(first.envelope).payload.id)
    assert nurse.post("/v1/events", handed(other)).json()["code"] == "id-used"
    past.clinic.clock.forward(seconds=30)
    past.does(check())

    def kept(**when: object) -> int:
        return len(asks(officer, "/v1/refused", size, **when)["refused"])

    assert (kept(), kept(known_at=size - 1), kept(known_at=size), kept(known_at=past.practice.size)) == (1, 0, 1, 1)
    assert (kept(up_to="2026-05-15T00:00Z"), kept(up_to=then)) == (0, 1)
