"""Looking at the past in a real browser: a plain control, a banner, and nothing that can be recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.play_story import StoryLedger
from tests.browser.axe import look_over
from tests.browser.floor_day import PASSWORD, Floor, play_floor, serve_floor
from tests.browser.test_pages_board import ROWS, THEMES, Screen


@pytest.fixture(scope="module")
def saturday(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoryLedger]:
    played = play_floor(tmp_path_factory.mktemp("past") / "ledger")
    yield played
    played.ledger.store.close()


@pytest.fixture
def floor(saturday: StoryLedger, tmp_path: Path) -> Iterator[Floor]:
    with serve_floor(saturday, tmp_path / "served") as served:
        yield served


def open_session(floor: Floor) -> str:
    floor.call("/v1/auth/sign-in", {"staff": "RN1", "password": PASSWORD})
    rooms = floor.call("/v1/floor")
    return str(rooms["rooms"][0]["session"]).removeprefix("session/")


@pytest.mark.parametrize("theme", THEMES)
def test_the_floor_as_it_was_is_reached_by_keyboard_and_says_that_it_is_the_past(
    browser: object, floor: Floor, theme: str
) -> None:
    screen = Screen(browser, floor, theme)
    page = screen.open()
    page.locator(".past-control summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("What was known at", exact=True).fill("2026-05-16T10:12")
    page.get_by_label("What had happened up to").fill("2026-05-16T10:12")
    page.keyboard.press("Enter")
    page.wait_for_selector(".past")
    page.wait_for_selector(ROWS)

    look_over(page, "the floor of the past")
    banner = page.locator(".past")
    assert banner.get_attribute("role") == "status"
    assert "You are looking at the past, as known at 2026-05-16 10:12 EDT, as happened up to" in banner.inner_text()
    assert page.locator("#live-word").inner_text() == "The past"
    before = page.locator(".board-digits").all_inner_texts()
    asked = len(screen.asked)
    page.wait_for_timeout(1500)
    assert page.locator(".board-digits").all_inner_texts() == before, "time stands still"
    assert [each for each in screen.asked[asked:] if "/v1/floor" in each or "/v1/stream" in each] == []
    assert page.locator(".past-control summary").inner_text() == "As it was…"
    page.locator("[data-action=to-now]").press("Enter")
    page.wait_for_selector(".past", state="detached")
    page.locator("#live-word", has_text="Live").wait_for()
    assert screen.said == []
    screen.context.close()


def test_a_room_of_the_past_shows_what_was_known_and_records_nothing(browser: object, floor: Floor) -> None:
    session = open_session(floor)
    screen = Screen(browser, floor)
    page = screen.page
    page.goto(f"{floor.url}/room/{session}?known_at=2026-05-16T14:12:00Z&up_to=2026-05-16T14:12:00Z")
    page.wait_for_selector("[data-ready]")

    assert page.locator(".past").count() == 1
    shown = page.locator("main").inner_text()
    assert "10:05" in shown, "the dose"
    assert not {"10:21", "10:35", "11:05"} & set(re.findall(r"\d\d:\d\d", shown)), "nothing of what came after"
    assert page.locator("[data-chip=live], [data-chip=drift]").count() == 0
    look_over(page, "a room of the past")
    buttons = page.locator("main button:not(.past-control button)")
    assert buttons.count() > 5
    assert page.locator("main button:not([disabled]):not(.past-control button)").count() == 0
    page.keyboard.press("1")
    assert page.locator("dialog[open]").count() == 0
    assert page.locator(".past-control").count() == 1
    assert not [each for each in screen.asked if "/v1/stream" in each]
    screen.context.close()


def test_what_is_neither_both_nor_a_time_is_refused_beside_the_fields(browser: object, floor: Floor) -> None:
    screen = Screen(browser, floor)
    page = screen.open()
    page.locator(".past-control summary").click()
    page.get_by_label("What was known at", exact=True).fill("2026-05-16T10:12")
    page.get_by_label("or when the log had so many entries").fill("12")
    page.locator("[data-action=show-past]").click()

    assert "not both" in page.locator(".past-form [role=alert]").inner_text()
    page.goto(f"{floor.url}/board?known_at=999999")
    page.wait_for_selector("#notice h2")
    assert "entries, not 999999" in page.locator("#notice").inner_text()
    screen.context.close()


def test_a_finding_keeps_the_times_on_its_way_to_the_event(browser: object, floor: Floor) -> None:
    screen = Screen(browser, floor)
    page = screen.page
    floor.clock.move_to("11:31:00")
    page.goto(f"{floor.url}/board?up_to=2026-05-16T15:31:00Z")
    page.wait_for_selector(ROWS)
    page.locator(".board-findings a").first.click()
    page.wait_for_selector("#finding .past")
    page.locator("a[href^='/event/']").last.click()
    page.wait_for_selector("#event .past")
    assert "up_to=" in page.url
    assert page.locator("#acts button").count() == 0
    screen.context.close()


def test_the_board_says_what_lacks_a_signature_and_what_was_kept_for_the_alarm(browser: object, floor: Floor) -> None:
    screen = Screen(browser, floor)
    said = {"refused": 2}

    def told(route: object) -> None:
        answer = route.fetch()  # type: ignore[attr-defined]
        floor_ = answer.json() | said
        floor_["rooms"][0]["partners"]["a"]["pending"] = 1
        floor_["rooms"][0]["pending"] = 3
        route.fulfill(response=answer, json=floor_)  # type: ignore[attr-defined]

    screen.page.route("**/v1/floor*", told)
    page = screen.open()

    lacks = page.locator(".board-lacks").all_inner_texts()
    assert lacks[:2] == ["3 entries lack a signature", "1 entry lacks a signature"]
    assert "2 refusals are kept for the alarm" in page.locator("#refused").inner_text()
    assert page.locator("#refused").get_attribute("role") == "status"
    page.unroute_all(behavior="wait")  # a board asks again and again: none of it may outlive the page
    screen.context.close()
