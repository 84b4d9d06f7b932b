"""Emergency access on the pages: a nurse nobody named says why and is in; compliance sees it and takes copies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("playwright", reason="there is no browser")

from playwright.sync_api import expect  # after the check that it is there

from api.web.staff import find_staff
from ledger.store.port import EventRow
from tests.browser.axe import look_over
from tests.browser.room_hands import Hands
from tests.browser.room_site import PASSWORD, PIN, RoomSite
from tests.browser.test_pages_offline import heard  # noqa: F401  # the fixture
from tests.browser.test_pages_room import site  # noqa: F401  # and the fixture

NIGHT = "D1"
"""Drives people home; tonight they stand in as a nurse, and no record of these two names them."""


@pytest.fixture
def people(browser: Any, heard: RoomSite) -> Iterator[dict[str, Hands]]:  # noqa: F811  # the fixture
    """A nurse whom no record names, and MD1 as an office, each in a browser of their own."""
    owner = find_staff(heard.service.database, NIGHT).owner
    heard.service.accounts.accept(heard.service.accounts.invite(owner, ["nurse"]), PASSWORD, PIN)
    contexts = {
        name: browser.new_context(viewport={"width": 1180, "height": 820}, reduced_motion="reduce")
        for name in (NIGHT, "MD1")
    }
    yield {name: Hands(context.new_page(), heard.url) for name, context in contexts.items()}
    for context in contexts.values():
        context.close()


def entry_of(room: RoomSite) -> int:
    """Where the first entry on the record of this session stands."""
    rows = room.service.opened.store.rows(0, room.service.size)
    return next(row.position for row in rows if isinstance(row, EventRow) and room.session in row.stream)


def test_who_is_not_in_their_care_says_why_by_keyboard_and_is_in_and_compliance_sees_it(
    people: dict[str, Hands],
    heard: RoomSite,  # noqa: F811  # the fixture
) -> None:
    night, office = people[NIGHT], people["MD1"]
    night.sign_in(NIGHT)
    page = night.page
    page.goto(f"{heard.url}/event/{entry_of(heard)}")
    expect(page.locator(f"[data-glass='{heard.session}']")).to_be_visible()
    look_over(page, "an event that is not theirs to read")
    page.goto(f"{heard.url}/room/{heard.session}")
    form = page.locator("[data-glass]")
    expect(form).to_be_visible()
    for theme in ("dark", "light"):
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        look_over(page, f"glass {theme}")
    page.click("[data-action=break-glass]")
    expect(form.locator("[role=alert]")).to_have_text("Say why.")
    expect(page.locator("[data-field=reason]").first).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.locator("[data-action=break-glass]")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("main[data-ready]").wait_for()
    expect(page.locator("[data-card=a]")).to_be_visible()

    office.sign_in("MD1")
    listed = office.page.locator("[data-glass-list] li")
    expect(listed).to_have_count(1)
    expect(listed).to_contain_text("“I cover for a colleague”")
    expect(listed).to_contain_text("Not reviewed yet.")
    for theme in ("dark", "light"):
        office.page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        look_over(office.page, f"office {theme}")


def test_an_office_takes_a_copy_of_a_session_and_is_told_where_there_is_nothing_to_copy(
    people: dict[str, Hands],
    heard: RoomSite,  # noqa: F811  # the fixture
) -> None:
    office = people["MD1"]
    office.sign_in("MD1")
    page = office.page
    page.select_option("#copy-session", heard.session)
    page.select_option("#copy-partner", "a")
    page.select_option("#copy-purpose", "own-record")
    page.click("[data-action=copy]")
    expect(page.locator("[data-copied] [data-code=not-found]")).to_be_visible()
    page.select_option("#copy-partner", "")
    page.click("[data-action=copy]")
    expect(page.locator("[data-copied] [data-code=gate-closed]")).to_contain_text("REC-11")
    page.select_option("#copy-purpose", "legal")
    with page.expect_download() as begun:
        page.click("[data-action=copy]")

    lines = begun.value.path().read_text().splitlines()
    first, entries = json.loads(lines[0]), [json.loads(line) for line in lines[1:]]
    assert (first["purpose"], first["entries"]) == ("legal", len(entries))
    assert begun.value.suggested_filename == f"session-{heard.session[:8]}.jsonl"
    assert {each["stream"] for each in entries} == {f"session/{heard.session}"}
    expect(page.locator("[data-copied]")).to_have_text("The copy is taken, and recorded.")
