"""What stands before a session, in a real browser: the day before, gate by gate, and as it is recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright", reason="there is no browser")

from playwright.sync_api import expect  # after the check that it is there

from api.key_file import read_key
from api.web.staff import find_staff
from ledger.encoding import to_instant
from ledger.payload import Occurred
from ledger.signing import SigningKey
from ledger.store.port import EventRow
from tests.browser.axe import look_over
from tests.browser.room_hands import Hands
from tests.browser.room_site import RoomSite, play_until_saturday, serve
from tests.browser.test_pages_room import DESK, PORTRAIT
from tests.ledger.events.examples import EXAMPLES

FRIDAY = datetime(2026, 5, 15, 21, 0, tzinfo=UTC)
"""17:00 at the retreat, the day before."""
SIDEWAYS = (1180, 820)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[RoomSite]:
    """The evening before the weekend: both sessions are planned, and nobody has looked at the emergency equipment."""
    session = play_until_saturday(tmp_path / "ledger", FRIDAY)
    served, stop = serve(tmp_path / "ledger", session, idle=timedelta(hours=36), start=FRIDAY)
    yield served
    stop()


@pytest.fixture
def hands(browser: Any, site: RoomSite) -> Iterator[Hands]:
    """RN1 at a desk; the browser has nothing to complain about."""
    context = browser.new_context(viewport={"width": DESK[0], "height": DESK[1]}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    said: list[str] = []
    context.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    context.on("weberror", lambda error: said.append(str(error.error)))
    person = Hands(context.new_page(), site.url)
    person.sign_in("RN1")
    yield person
    context.close()
    assert said == []


def test_the_day_before_by_keyboard_from_the_list_to_a_closed_gate_what_opens_it_and_as_it_opens(
    hands: Hands, site: RoomSite
) -> None:
    page = hands.page
    page.goto(f"{site.url}/prepare")
    first = page.locator(f"[data-session='{site.session}'] a")
    expect(page.locator("[data-session]")).to_have_count(2)
    expect(first).to_contain_text("things missing")
    for theme in ("light", "dark"):
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        look_over(page, f"list {theme}")
    first.focus()
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(rf"/prepare/{site.session}$"))
    expect(page.locator("h1")).to_contain_text("C-07 · Saturday 16 May")
    equipment = page.locator("[data-act=opening] [data-rule=PRE-07]")
    expect(equipment).to_have_attribute("data-state", "closed")
    expect(equipment).to_contain_text("the emergency equipment had not been checked here")
    door = equipment.locator("[data-record='emergency-readiness-checked/1']")
    assert re.search(r"/record\?type=emergency-readiness-checked%2F1&record=location%2F", door.get_attribute("href"))
    pressure = page.locator("[data-side=a] [data-act=dose] [data-rule=PRE-01]")
    expect(pressure).to_contain_text("On the day")
    assert f"record=session%2F{site.session}%2Fa" in pressure.locator("a.button").get_attribute("href")
    expect(page.locator("[data-side=b] [data-act=release]")).to_contain_text("B was not dosed")
    for theme, (width, height) in (("light", DESK), ("dark", SIDEWAYS), ("light", PORTRAIT)):
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        page.set_viewport_size({"width": width, "height": height})
        look_over(page, f"session {theme} {width}")

    page.locator("[data-side=a] [data-act=dose] summary").click()
    page.locator("[data-side=a] [data-act=dose] summary").focus()
    checked(site)
    expect(page.locator("[data-act=opening] > ul [data-rule=PRE-07]")).to_have_count(0)
    expect(page.locator("#said")).to_contain_text("missing")
    assert page.evaluate("document.activeElement.dataset.key") == "dose a open", "whoever has the keyboard keeps it"
    expect(page.locator("[data-side=a] [data-act=dose] details")).to_have_attribute("open", "")

    site.clock.move_to(datetime.fromisoformat(closes_at(page)) - timedelta(seconds=8))
    page.reload()
    expect(page.locator("[data-act=opening] details [data-rule=PRE-07]")).to_have_count(1)
    expect(page.locator("[data-act=opening] > ul [data-rule=PRE-07]")).to_have_count(1, timeout=20_000)

    page.get_by_role("link", name="Only B").click()
    expect(page.locator("[data-side]")).to_have_count(1)
    expect(page.locator("[data-slot=a], [data-slot='']")).to_have_count(0)
    look_over(page, "one partner alone")
    page.locator("[data-side=b] [data-act=dose] [data-record='pre-dose-assessed/1']").click()
    expect(page.locator("h1")).to_have_text("Pre dose assessed", ignore_case=True)
    page.wait_for_url(re.compile(rf"record=session%2F{site.session}%2Fb"))
    page.goto(f"{site.url}/prepare?couple=C-07")
    expect(page.locator("[data-status]")).to_have_text("Not planned")
    expect(page.locator("[data-side=a] [data-rule=PRE-01]")).to_contain_text("pre dose assessed")
    page.goto(f"{site.url}/prepare/{site.session}?known_at=52")
    expect(page.locator("main > [data-past]")).to_be_visible()
    expect(page.locator("[data-record]")).to_have_count(0)


def closes_at(page: Any) -> str:
    """When the gate of the equipment closes by itself, as the page says."""
    return str(page.locator("[data-rule=PRE-07] [data-change]").get_attribute("data-change"))


def checked(site: RoomSite) -> None:
    """RN1 looks at the equipment, and writes it down on another device."""
    owner = find_staff(site.service.database, "RN1").owner
    file = next(path for path in site.people if path.stem == owner.replace("/", "-"))
    key = SigningKey(read_key(file, lambda: "", site.opened.pin.origin).seed)
    rows = [row for row in site.opened.store.rows(0, 50) if isinstance(row, EventRow)]
    place = next(row.stream for row in rows if row.stream.startswith("location/"))
    composer = site.service.composer()
    event = EXAMPLES["emergency-readiness-checked/1"].event
    now = Occurred(at=to_instant(composer.now), offset=-240, precision="s", zone="America/New_York")
    site.service.recorder.record([composer.signed(event, place, owner, key, "nurse", "performed", now)])
    site.service.look()
