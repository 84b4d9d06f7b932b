"""The findings in a real browser: the list, and what people sign about one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright", reason="there is no browser")

from playwright.sync_api import expect  # after the check that it is there

from api.play_story import play_story
from api.story.script import read_script
from tests.browser.axe import look_over
from tests.browser.room_hands import Hands
from tests.browser.room_site import PIN, RoomSite, play_until_saturday, serve
from tests.browser.test_pages_room import DESK, PORTRAIT, at
from tests.conftest import WEEKEND
from tests.ledger.clinic import Entropy


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
    """RN1 at the tablet, with everybody's practice keys on it; the browser has nothing to complain about."""
    context = browser.new_context(viewport={"width": DESK[0], "height": DESK[1]})
    context.set_default_timeout(10_000)
    said: list[str] = []
    context.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    context.on("weberror", lambda error: said.append(str(error.error)))
    person = Hands(context.new_page(), site.url)
    person.sign_in("RN1")
    person.load_practice_keys(site.people)
    yield person
    context.close()
    assert said == []


def overdue(hands: Hands) -> Any:
    """The finding that nobody looked at A, in the list."""
    hands.page.goto(f"{hands.url}/findings?rule=SUP-05&state=unclosed")
    card = hands.page.locator("#findings a").first
    card.wait_for()
    return card


def says(hands: Hands, action: str, by: str, **fields: str) -> None:
    hands.page.click(f"#acts [data-action={action}]")
    hands.page.locator(f"dialog[data-sheet={action}]").wait_for()
    hands.choose(**fields)
    hands.signer(by, PIN)
    with hands.page.expect_navigation(url=re.compile("at_least=")):
        hands.confirm()
    hands.page.locator("#acts button").first.wait_for()


def test_a_finding_goes_from_the_list_to_its_end_signed_by_those_who_may(hands: Hands) -> None:
    card = overdue(hands)
    expect(card).to_contain_text("Open")
    card.click()
    hands.page.locator("#acts button").first.wait_for()
    expect(hands.page.locator("#state")).to_contain_text("Open")

    says(hands, "acknowledge", "MD1")
    says(hands, "explain", "RN1", reason="partner-emergency")
    says(hands, "disposition", "MD1", outcome="accepted-deviation")
    expect(hands.page.locator("#state")).to_contain_text("Dispositioned as accepted deviation")
    says(hands, "close", "MD1")

    expect(hands.page.locator("[data-state]")).to_have_attribute("data-state", "closed")
    steps = hands.page.locator("#steps li")
    expect(steps).to_have_count(4)
    expect(steps.nth(1)).to_contain_text("RN1 (nurse) explains it: partner emergency")
    says(hands, "reopen", "MD1", reason="closed-too-early")
    expect(hands.page.locator("#state")).to_contain_text("Reopened")
    hands.page.locator("#steps a").last.click()
    expect(hands.page.locator("#about")).to_contain_text("finding-reopened/1")


def test_who_did_it_is_not_offered_to_decide_about_it(hands: Hands) -> None:
    overdue(hands).click()
    hands.page.click("#acts [data-action=disposition]")
    sheet = hands.page.locator("dialog[data-sheet=disposition]")

    expect(sheet).to_contain_text("Who had a part in it does not decide about it: RN1.")
    expect(sheet.locator("[data-field=signer][data-value=RN1]")).to_have_count(0)
    expect(sheet.locator("[data-field=signer][data-value=MD1]")).to_have_count(1)


def test_the_list_is_filtered_and_says_at_which_position_it_was_computed(hands: Hands) -> None:
    overdue(hands)
    page = hands.page

    page.select_option("#state", "closed")
    page.click("[data-action=filter]")
    page.wait_for_url(re.compile("state=closed"))

    expect(page.locator("#count")).to_contain_text(re.compile(r"^0 found, computed at \d+ entries"))
    expect(page.locator("#findings")).to_have_text("None.")


@pytest.mark.parametrize("size", [DESK, PORTRAIT], ids=["desk", "portrait"])
def test_the_list_and_its_forms_keep_nobody_out(hands: Hands, size: tuple[int, int]) -> None:
    hands.page.set_viewport_size({"width": size[0], "height": size[1]})
    card = overdue(hands)
    look_over(hands.page, "the list")
    card.click()
    hands.page.locator("#acts button").first.wait_for()
    look_over(hands.page, "the finding")
    hands.page.click("#acts [data-action=disposition]")
    hands.page.locator("dialog[data-sheet=disposition]").wait_for()
    look_over(hands.page, "the form")


def test_trends_are_a_page_that_leads_back_to_the_findings(browser: Any, tmp_path: Path) -> None:
    script = read_script(WEEKEND.with_name("six-sessions.yaml"))
    played = play_story(script, tmp_path / "ledger", Entropy("trends"))
    played.ledger.store.close()
    served, stop = serve(
        tmp_path / "ledger", "", start=datetime(2026, 12, 1, tzinfo=UTC), people={"CO": ["compliance-officer"]}
    )
    context = browser.new_context(viewport={"width": DESK[0], "height": DESK[1]})
    hands = Hands(context.new_page(), served.url)
    hands.sign_in("CO")
    page = hands.page

    page.goto(f"{served.url}/trends?by=site&per=all")
    row = page.locator("#rows tbody tr").first
    expect(row).to_contain_text("L-1")
    expect(page.locator("#notes")).to_contain_text("fewer than 5")
    look_over(page, "the trends")
    row.locator("a", has_text="L-1").click()
    page.wait_for_url(re.compile(r"/findings\?state=any&place=L-1"))

    expect(page.locator("#findings li")).to_have_count(1)
    context.close()
    stop()
