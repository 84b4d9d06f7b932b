"""The room, the floor and the findings of the retreat weekend, by a clock that is set to the minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.play_story import play_story
from api.story.clock import StoryClock
from api.story.script import read_script
from api.web.app import create_app
from api.web.rooms import urgency
from tests.api.web.practice import PASSWORD, PIN, QUICK, Screen
from tests.conftest import WEEKEND
from tests.ledger.clinic import Entropy

SATURDAY = datetime(2026, 5, 16, 14, 40, tzinfo=UTC)
"""10:40 in the garden room: both partners were dosed, and their second checks are near."""


class Retreat:
    """The weekend up to Saturday 10:40, served to a nurse; `clock` moves on by itself when a test says so."""

    def __init__(self, folder: Path) -> None:
        script = read_script(WEEKEND)
        steps = tuple(step for step in script.steps if step.recorded <= SATURDAY)
        played = play_story(replace(script, steps=steps), folder, Entropy("retreat"))
        self.opened = played.ledger
        self.clock: StoryClock = played.player.clock
        self.ids = played.player.ids
        self.session = self.ids["Sat"]
        app = create_app(played.ledger, played.recorder, self.clock, QUICK)
        self.client = TestClient(app)
        accounts = app.state.service.accounts
        nurse = self.ids["RN1"]
        accounts.accept(accounts.invite(nurse, ["nurse"]), PASSWORD, PIN)
        self.nurse = nurse

    def at(self, hour: int, minute: int, second: int = 0) -> Screen:
        """The nurse signs in at this time (UTC)."""
        self.clock.set(SATURDAY.replace(hour=hour, minute=minute, second=second))
        screen = Screen(self.client)
        assert screen.sign_in(self.nurse).status_code == 200
        return screen


@pytest.fixture(scope="module")
def retreat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retreat]:
    house = Retreat(tmp_path_factory.mktemp("retreat") / "ledger")
    with house.client:
        yield house
    house.opened.store.close()


def room(retreat: Retreat, screen: Screen) -> dict[str, Any]:
    answer = screen.get(f"/v1/sessions/{retreat.session[8:]}/room")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_a_room_shows_two_equal_partners_by_slot_and_never_a_person(retreat: Retreat) -> None:
    answer = retreat.at(14, 40).get(f"/v1/sessions/{retreat.session[8:]}/room")
    found = answer.json()

    assert set(found["partners"]["a"]) == set(found["partners"]["b"])
    assert "person/" not in answer.text
    assert "Ana" not in answer.text
    assert found["now"] == "2026-05-16T14:40:00.000000Z"
    assert found["session"]["status"] == "open"
    assert (found["session"]["couple_code"], found["session"]["location"]["zone"]) == ("C-07", "America/New_York")
    assert found["protocol"].keys() == {"dig", "id"}
    a = found["partners"]["a"]
    assert [dose["mg"] for dose in a["doses"]] == ["100"]
    assert [each["code"] for each in a["monitors"]] == ["RN1"]
    assert a["last_vitals"]["values"]["blood_pressure"]["systolic"] > 90
    assert [(order["min_mg"], order["max_mg"], order["holds_today"]) for order in a["orders"]] == [("50", "150", True)]
    assert [(bottle["code"], bottle["strength_mg"]) for bottle in a["containers"]] == [("own-A", "100")]
    assert a["last"]["dose-administered/1"]["position"] == a["doses"][0]["position"]


def test_the_next_check_is_due_by_the_protocol_and_its_limit_is_the_rule_s(retreat: Retreat) -> None:
    a = room(retreat, retreat.at(14, 40))["partners"]["a"]

    assert a["last_check_at"] < a["due_at"] < a["limit_at"]


def test_an_overdue_check_appears_by_itself_without_any_event(retreat: Retreat) -> None:
    before = retreat.at(14, 40).get("/v1/floor").json()
    limit = before["rooms"][0]["partners"]["a"]["limit_at"]
    change = before["next_change"]
    assert before["rooms"][0]["findings"] == []
    assert change is not None

    moment = datetime.fromisoformat(change)
    after = retreat.at(moment.hour, moment.minute, moment.second).get("/v1/floor").json()

    found = after["rooms"][0]["findings"]
    assert [each["rule"] for each in found] == ["SUP-05"] * len(found)
    assert found
    assert found[0]["verdict"] == "breached"
    assert found[0]["evidence"]
    assert found[0]["limit"] <= max(limit, change)
    assert after["position"] == before["position"]


def test_findings_are_asked_by_session_rule_and_verdict_as_known_at_and_as_of(retreat: Retreat) -> None:
    nurse = retreat.at(15, 40)
    path = f"/v1/findings?session={retreat.session[8:]}"

    now = nurse.get(path).json()
    late = nurse.get(f"{path}&rule=SUP-05&verdict=breached").json()
    then = nurse.get(f"{path}&rule=SUP-05&verdict=breached&up_to=2026-05-16T14:40:00.000000Z").json()
    unknown = nurse.get(f"/v1/findings?known_at=1&session={retreat.session}")
    again = nurse.get(path).json()

    assert {each["rule"] for each in now["findings"]} >= {"SUP-05", "REL-01", "REL-07"}
    assert {each["slot"] for each in late["findings"]} == {"a", "b"}
    assert then["findings"] == []
    assert unknown.status_code == 404
    assert again == now
    everywhere = nurse.get("/v1/findings").json()["findings"]
    assert [each for each in everywhere if each["session"] == retreat.session] == now["findings"]


def test_a_release_too_early_is_objected_to_before_anybody_signs(retreat: Retreat) -> None:
    found = room(retreat, retreat.at(14, 40))["partners"]["a"]["release"]["objections"]

    assert "REL-01" in {each["rule"] for each in found}
    assert all(each["evidence"] and each["message"] for each in found if each["rule"] == "REL-01")


def test_the_floor_lists_open_rooms_with_codes_only(retreat: Retreat) -> None:
    answer = retreat.at(14, 40).get("/v1/floor")
    found = answer.json()["rooms"]

    assert [each["couple_code"] for each in found] == ["C-07"]
    assert set(found[0]["partners"]) == {"a", "b"}
    assert "person/" not in answer.text


def test_a_room_nobody_planned_is_not_there(retreat: Retreat) -> None:
    assert retreat.at(14, 40).get("/v1/sessions/00000000-0000-4000-8000-000000000999/room").status_code == 404


def test_the_room_whose_check_is_overdue_longest_stands_first_and_one_where_nothing_is_due_last() -> None:
    def of(name: str, *limits: str | None) -> dict[str, Any]:
        partners = {str(n): {"limit_at": limit, "due_at": None} for n, limit in enumerate(limits)}
        return {"session": name, "opened_at": "2026-05-16T13:30:00.000000Z", "partners": partners}

    rooms = [
        of("quiet", None, None),
        of("later", "2026-05-16T15:00"),
        of("overdue", "2026-05-16T15:10", "2026-05-16T14:00"),
    ]

    assert [each["session"] for each in sorted(rooms, key=urgency)] == ["overdue", "later", "quiet"]


def test_a_wall_board_never_locks_and_shows_times_and_codes_only(retreat: Retreat) -> None:
    """A screen that everybody walks past: no readings, no sentences, no way to a record; and it stays open."""
    screen = retreat.at(14, 40)
    assert screen.post("/v1/auth/board", {}).json() == {"board": True}
    retreat.clock.set(SATURDAY.replace(hour=14, minute=56))

    floor = screen.get("/v1/floor")

    assert floor.status_code == 200
    (shown,) = floor.json()["rooms"]
    assert shown["zone"] == "America/New_York"
    for partner in shown["partners"].values():
        assert partner["last_vitals"] is None
        assert [each["code"] for each in partner["monitors"]] == ["RN1"]
        assert partner["due_at"] is not None
    assert all("sentence" not in finding for finding in shown["findings"])
    refusal = screen.get(f"/v1/sessions/{retreat.session[8:]}/room")
    assert (refusal.status_code, refusal.json()["code"]) == (403, "board-only")


def test_the_floor_for_staff_has_readings_and_who_is_in_the_room(retreat: Retreat) -> None:
    (shown,) = retreat.at(14, 40).get("/v1/floor").json()["rooms"]

    assert shown["partners"]["a"]["last_vitals"] is not None
    assert shown["partners"]["b"]["monitors"][0]["code"] == "RN1"
