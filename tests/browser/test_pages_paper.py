"""A paper day in a real browser: the scan's hash, lines typed by keyboard, signed as typing, signed by who did it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("playwright", reason="there is no browser")

from playwright.sync_api import expect  # after the check that it is there

from ledger.events.corrections import CountersignatureGiven
from ledger.events.dosing import DoseAdministered
from ledger.events.paper import PaperSheetDeclared
from ledger.events.supervision import SupervisionChecked
from ledger.follow import place
from ledger.store.port import EventRow
from tests.browser.axe import look_over
from tests.browser.room_hands import Hands
from tests.browser.room_site import PIN, RoomSite
from tests.browser.test_pages_room import site  # noqa: F401  # the fixture

SCAN = b"%PDF-1.4 TEST ONLY: a scan of one page"


@pytest.fixture
def people(browser: Any, site: RoomSite) -> Iterator[dict[str, Hands]]:  # noqa: F811  # the fixture
    """MD1, who types, and RN1, whom the sheet names, each at a tablet with their keys."""
    contexts = {
        name: browser.new_context(viewport={"width": 1180, "height": 820}, reduced_motion="reduce")
        for name in ("MD1", "RN1")
    }
    found = {}
    for name, context in contexts.items():
        context.set_default_timeout(10_000)
        found[name] = Hands(context.new_page(), site.url)
        found[name].sign_in(name)
        found[name].load_practice_keys(site.people)
        found[name].page.goto(f"{site.url}/paper")
        found[name].page.locator("main[data-ready]").wait_for()
    yield found
    for context in contexts.values():
        context.close()


def events(site: RoomSite, kind: type[Any]) -> list[Any]:  # noqa: F811  # the fixture
    store = site.opened.store
    rows = store.rows(0, store.head().size)
    placed = [place(store, row, site.opened.subject_keys) for row in rows if isinstance(row, EventRow)]
    return [each for each in placed if isinstance(each.event, kind)]


def head(page: Any) -> None:
    page.set_input_files("#paper-scan", {"name": "sat.pdf", "mimeType": "application/pdf", "buffer": SCAN})
    expect(page.locator("[data-hash]")).to_have_text(f"SHA-256 {hashlib.sha256(SCAN).hexdigest()}")
    page.fill("#paper-title", "Saturday morning")
    page.fill("#paper-zone", "America/New_York")


def type_line(page: Any, number: int, at: str, pressure: str, whose: str = "A") -> None:
    """By keyboard alone: time, what, whose, who, then the fields in their order."""
    page.focus(f"#line-{number}-at")
    page.keyboard.type(at)
    page.keyboard.press("Tab")
    expect(page.locator(f"#line-{number}-event")).to_be_focused()
    page.select_option(f"#line-{number}-event", "supervision-checked")
    page.keyboard.press("Tab")
    expect(page.locator(f"#line-{number}-for")).to_be_focused()
    page.select_option(f"#line-{number}-for", whose)
    page.keyboard.press("Tab")
    expect(page.locator(f"#line-{number}-by")).to_be_focused()
    page.fill(f"#line-{number}-by", "RN1")
    page.keyboard.press("Tab")
    for value in (pressure, "70", "97", "5", "yes"):
        page.keyboard.type(value)
        page.keyboard.press("Tab")


def test_a_sheet_is_typed_by_keyboard_signed_as_typing_and_signed_by_who_did_it(
    people: dict[str, Hands],
    site: RoomSite,  # noqa: F811  # the fixture
) -> None:
    page = people["MD1"].page
    head(page)
    type_line(page, 1, "09:10", "124/78")
    page.click("[data-action=add-line]")
    expect(page.locator("#line-2-at")).to_be_focused()
    expect(page.locator("#line-2-event")).to_have_value("supervision-checked")
    type_line(page, 2, "09:15", "322/80", "B")

    page.click("[data-action=check]")
    expect(page.locator("[data-line='2'] .refusal")).to_contain_text("blood_pressure")
    expect(page.locator("[data-line='1'] .said")).to_contain_text("Right as it stands")
    expect(page.locator("#line-2-at")).to_be_focused()
    assert page.locator("[data-action=sign-sheet]").count() == 0
    page.fill("#line-2-blood_pressure", "122/80")
    page.click("[data-action=check]")
    for theme in ("dark", "light"):
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        look_over(page, f"paper {theme}")
    expect(page.locator("#paper-pin")).to_be_focused()
    page.click("[data-action=sign-sheet]")
    expect(page.locator("[data-confirm] .refusal")).to_contain_text("Confirm with your PIN.")
    assert events(site, PaperSheetDeclared) == []
    page.fill("#paper-pin", PIN)
    page.click("[data-action=sign-sheet]")
    expect(page.locator("[data-recorded='2']")).to_be_visible()

    (declared,) = events(site, PaperSheetDeclared)
    assert declared.event.document == hashlib.sha256(SCAN).hexdigest()
    checks = events(site, SupervisionChecked)
    assert [(each.stream[-1], each.event.blood_pressure.systolic) for each in checks] == [("a", 124), ("b", 122)]
    assert [[each.meaning for each in check.payload.attested] for check in checks] == [["transcribed"]] * 2

    nurse = people["RN1"].page
    nurse.reload()
    waits = nurse.locator("[data-waits]")
    expect(waits).to_have_count(2)
    look_over(nurse, "what the sheet says RN1 did")
    nurse.select_option(f"[data-verdict='{checks[1].position}']", "disputes")
    nurse.fill(f"#mine-{checks[1].position}-reason", "It was 132/80.")
    nurse.fill("#mine-pin", PIN)
    nurse.keyboard.press("Enter")
    expect(waits).to_have_count(1)
    given = events(site, CountersignatureGiven)
    assert sorted((each.event.verdict, each.event.reason) for each in given) == [
        ("confirms", None),
        ("disputes", "It was 132/80."),
    ]


def test_the_same_sheet_again_records_nothing_and_what_is_missing_is_said(
    people: dict[str, Hands],
    site: RoomSite,  # noqa: F811  # the fixture
) -> None:
    page = people["MD1"].page
    page.click("[data-action=check]")
    assert page.evaluate("document.querySelector('#paper-scan').validity.valueMissing")
    for again in (False, True):
        page.reload()
        page.locator("main[data-ready]").wait_for()
        head(page)
        type_line(page, 1, "09:10", "124/78")
        page.click("[data-action=check]")
        if again:
            expect(page.locator("[data-confirm]")).to_contain_text("All of it is recorded already.")
            expect(page.locator("[data-line='1'] .said")).to_contain_text("Recorded already, as event")
            continue
        page.fill("#paper-pin", PIN)
        page.click("[data-action=sign-sheet]")
        expect(page.locator("[data-recorded='1']")).to_be_visible()
    assert len(events(site, SupervisionChecked)) == 1


def test_the_rest_of_a_sheet_is_typed_later_under_its_own_numbers_with_a_container_of_that_day(
    people: dict[str, Hands],
    site: RoomSite,  # noqa: F811  # the fixture
) -> None:
    page = people["MD1"].page
    head(page)
    page.click("summary")
    page.fill("#paper-fresh", "own-X")
    page.fill("#line-1-no", "7")
    page.fill("#line-1-at", "09:05")
    page.select_option("#line-1-event", "dose-administered")
    page.fill("#line-1-by", "RN1")
    dose = {"mass": "100 mg", "route": "sublingual", "container": "own-X", "units": "1", "ordinal": "1"}
    for name, value in (dose | {"identifiers": "name, birth-date", "self_administered": "no"}).items():
        page.fill(f"#line-1-{name}", value)
    page.click("[data-action=check]")
    expect(page.locator("[data-line='1'] legend")).to_have_text("Line 7")
    page.fill("#paper-pin", PIN)
    page.keyboard.press("Enter")
    expect(page.locator("[data-recorded='1']")).to_be_visible()

    (given,) = events(site, DoseAdministered)
    assert (given.event.mass.mg, given.event.identifiers, given.payload.occurred.at[:16]) == (
        100,
        ("name", "birth-date"),
        "2026-05-16T13:05",
    )
    page.click("[data-action=add-line]")
    expect(page.locator("#line-2-no")).to_have_value("8")


def test_somebody_whose_key_is_not_on_the_tablet_is_told_so_and_the_page_fits_a_narrow_screen(
    browser: Any,
    site: RoomSite,  # noqa: F811  # the fixture
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 700})
    hands = Hands(context.new_page(), site.url)
    hands.sign_in("MD1")
    hands.page.goto(f"{site.url}/paper")
    hands.page.locator("main[data-ready]").wait_for()
    head(hands.page)
    hands.page.fill("#line-1-at", "09:10")
    hands.page.select_option("#line-1-event", "supervision-checked")
    hands.page.fill("#line-1-by", "RN1")
    hands.page.click("[data-action=check]")
    expect(hands.page.locator("[data-told] .refusal")).to_contain_text("Your key is not on this tablet")
    look_over(hands.page, "paper, narrow")
    context.close()
