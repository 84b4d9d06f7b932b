"""The questions in a real browser: from the list to an answer, its filters, and the signed events behind a row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright", reason="there is no browser")

from playwright.sync_api import expect  # after the check that it is there

from tests.browser.axe import look_over
from tests.browser.room_hands import Hands
from tests.browser.room_site import RoomSite, play_until_saturday, serve
from tests.browser.test_pages_room import DESK, PORTRAIT, at

SIDEWAYS = "(() => { const at = document.querySelector('.scroll'); return at.scrollWidth - at.clientWidth; })()"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[RoomSite]:
    """Saturday 11:20: nobody has looked at either since 10:45."""
    session = play_until_saturday(tmp_path / "ledger", at(10, 44))
    served, stop = serve(tmp_path / "ledger", session)
    served.clock.move_to(at(11, 20))
    yield served
    stop()


@pytest.fixture
def hands(browser: Any, site: RoomSite) -> Iterator[Hands]:
    """RN1 at a desk; the browser has nothing to complain about but what a test asks wrongly."""
    context = browser.new_context(viewport={"width": DESK[0], "height": DESK[1]})
    context.set_default_timeout(10_000)
    said: list[str] = []
    context.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    context.on("weberror", lambda error: said.append(str(error.error)))
    person = Hands(context.new_page(), site.url)
    person.sign_in("RN1")
    yield person
    context.close()
    assert [each for each in said if "404" not in each] == []


def opened(hands: Hands, name: str, asked: str = "") -> None:
    hands.page.goto(f"{hands.url}/questions/{name}{asked}")
    expect(hands.page.locator("#computed")).to_contain_text("computed at")


def test_a_question_is_found_by_its_words_and_answered_with_the_events_behind_each_row(hands: Hands) -> None:
    page = hands.page
    page.goto(f"{hands.url}/questions")
    page.locator("[data-question='3']").wait_for()
    listed = page.locator("[data-question]").count()
    page.fill("#find", "DRIVE whose")
    expect(page.locator("[data-question]")).to_have_count(1)
    expect(page.locator("#count")).to_have_text(f"1 of {listed} questions")

    page.click("[data-question='release-register']")
    expect(page.locator("#rows tbody tr").first).to_be_visible()
    event = page.locator("#rows tbody tr").first.locator(".question-event").first
    position = event.inner_text()
    event.click()

    page.wait_for_url(re.compile(rf"/event/{position}$"))


def test_filters_stand_in_the_address_and_a_wrong_one_is_refused_in_words(hands: Hands) -> None:
    opened(hands, "11")
    hands.page.fill("#from", "2031-01-01")
    hands.page.click("[data-action=ask]")

    hands.page.wait_for_url(re.compile(r"from=2031-01-01"))
    expect(hands.page.locator("#computed")).to_contain_text("0 rows")
    expect(hands.page.locator("#computed")).to_contain_text("asked of from 2031-01-01")

    hands.page.goto(f"{hands.url}/questions/11?location=nowhere")
    expect(hands.page.locator("#notice")).to_contain_text("There is nothing of that name here")


def test_a_question_that_is_none_says_so(hands: Hands) -> None:
    hands.page.goto(f"{hands.url}/questions/99")

    expect(hands.page.locator("#notice")).to_contain_text("no such question")


def test_it_fits_and_can_be_read_and_reached(hands: Hands) -> None:
    page = hands.page
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for name in ("list", "release-register", "3", "48"):
            if name == "list":
                page.goto(f"{hands.url}/questions")
                page.locator("[data-question='3']").wait_for()
            else:
                opened(hands, name)
            for width, height in (DESK, PORTRAIT):
                page.set_viewport_size({"width": width, "height": height})
                look_over(page, f"{name} {theme} {width}")
                if name == "48" and (width, height) == PORTRAIT:
                    assert page.evaluate(SIDEWAYS) == 0, "a wide answer is read in cards, not sideways"
