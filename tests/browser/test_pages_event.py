"""The event page as the place where an entry is corrected and a second person signs, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright", reason="there is no browser")

from playwright.sync_api import expect  # after the check that it is there

from ledger.store.port import EventRow
from tests.browser.axe import look_over
from tests.browser.room_hands import Hands
from tests.browser.room_site import PIN, RoomSite, play_until_saturday, serve
from tests.browser.test_pages_room import DESK, PORTRAIT, at


@pytest.fixture
def site(tmp_path: Path) -> Iterator[RoomSite]:
    """Saturday 10:45: both have been dosed and checked."""
    session = play_until_saturday(tmp_path / "ledger", at(10, 44))
    served, stop = serve(tmp_path / "ledger", session)
    served.clock.move_to(at(10, 45))
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


def first_dose(site: RoomSite) -> int:
    rows = site.opened.store.stream_rows(f"session/{site.session}/a")
    return next(row.position for row in rows if row.type == "dose-administered/1")


def open_event(hands: Hands, position: int, query: str = "") -> None:
    hands.page.goto(f"{hands.url}/event/{position}{query}")
    hands.page.locator("#acts button").first.wait_for()
    expect(hands.page.locator("#verdict")).not_to_contain_text("Checking")


def sheet_of(hands: Hands, action: str) -> Any:
    hands.page.click(f"[data-action={action}]")
    sheet = hands.page.locator(f"dialog[data-sheet={action}]")
    sheet.wait_for()
    return sheet


def confirm(hands: Hands) -> None:
    with hands.page.expect_navigation(url=re.compile("at_least=")):
        hands.page.click("dialog.sheet [data-action=confirm]")
    hands.page.locator("#acts button").first.wait_for()


def waits(hands: Hands) -> int:
    """The position of what waits for a second person, as the page links to it."""
    return int(hands.page.locator("[data-mark=pending] a").first.inner_text().removeprefix("event "))


def corrects_the_mass(hands: Hands, dose: int) -> None:
    sheet = sheet_of(hands, "correct-entry")
    sheet.locator("[data-field=field]").select_option("mass")
    expect(sheet.locator("[data-field=was]")).to_have_value("100 mg")
    hands.type(now="50 mg", note="Half a lozenge")
    hands.choose(reason="transcription")
    hands.signer("RN1", PIN)
    confirm(hands)


def test_a_mass_is_corrected_and_counts_once_a_second_person_has_confirmed_it(hands: Hands, site: RoomSite) -> None:
    dose = first_dose(site)
    open_event(hands, dose)
    corrects_the_mass(hands, dose)

    said = hands.page.locator("#said")
    expect(said).to_contain_text("to be corrected by RN1")
    expect(said).to_contain_text("does not count before a second person has signed it")
    expect(hands.page.locator("#phrase")).to_contain_text("100 mg")
    correction = waits(hands)

    open_event(hands, correction)
    expect(hands.page.locator("[data-mark=unsigned]")).to_contain_text("reviewed")
    sheet = sheet_of(hands, "confirm-entry")
    expect(sheet.locator("[data-field=signer][data-value=RN1]")).to_have_count(0)
    hands.signer("MD1", PIN)
    confirm(hands)

    open_event(hands, dose, f"?at_least={correction + 2}")
    expect(said).to_contain_text("mass is 50 mg, was 100 mg; confirmed by MD1")
    expect(said).to_contain_text("As it was signed: 100 mg")
    expect(hands.page.locator("#phrase")).to_contain_text("50 mg")
    expect(hands.page.locator("#verdict")).to_contain_text("the event is in the log as it was signed")
    row = site.opened.store.rows(correction, 1)[0]
    assert isinstance(row, EventRow)
    assert b"Half a lozenge" not in row.envelope
    assert site.service.recorder.session(f"session/{site.session}").a.doses[0].mg == 50


def test_an_entry_is_voided_and_disputed_and_stays_to_be_seen(hands: Hands, site: RoomSite) -> None:
    dose = first_dose(site)
    open_event(hands, dose)
    sheet_of(hands, "void-entry")
    hands.choose(reason="duplicate")
    hands.signer("RN1", PIN)
    confirm(hands)
    void = waits(hands)

    open_event(hands, void)
    sheet_of(hands, "dispute-entry")
    hands.type(reason="It was given, I saw it")
    hands.signer("MD1", PIN)
    confirm(hands)

    open_event(hands, dose, f"?at_least={void + 2}")
    expect(hands.page.locator("#said")).to_contain_text("it is disputed")
    expect(hands.page.locator("#phrase")).not_to_have_class(re.compile("struck"))

    open_event(hands, void, f"?at_least={void + 2}")
    sheet_of(hands, "confirm-entry")
    hands.signer("MD1", PIN)
    confirm(hands)
    open_event(hands, dose, f"?at_least={void + 3}")
    expect(hands.page.locator("#said")).to_contain_text("This entry does not count")
    expect(hands.page.locator("#phrase")).to_have_class(re.compile("struck"))
    expect(hands.page.locator("#phrase")).to_contain_text("100 mg")


def test_an_entry_of_the_other_partner_is_voided_here_and_joined_with_theirs(hands: Hands, site: RoomSite) -> None:
    dose = first_dose(site)
    theirs = next(
        row.position
        for row in site.opened.store.stream_rows(f"session/{site.session}/b")
        if row.type == "dose-administered/1"
    )
    open_event(hands, dose)
    sheet = sheet_of(hands, "move-entry")
    expect(sheet).to_contain_text("joined with the entry that says it on partner B's record")
    sheet.locator("[data-action=confirm]").click()
    expect(sheet).to_contain_text("Say which entry says it on the other record.")
    hands.choose(created=str(theirs))
    hands.signer("RN1", PIN)
    confirm(hands)

    void = int(hands.page.url.partition("/event/")[2].partition("?")[0])
    link = site.opened.store.rows(void + 1, 1)[0]
    assert isinstance(link, EventRow)
    assert (link.type, link.stream) == ("entry-reattributed/1", f"governance/{site.session}")
    session = site.service.recorder.session(f"session/{site.session}")
    assert (len(session.a.doses), len(session.b.doses)) == (1, 0), "until a second person has signed, the first counts"
    sheet_of(hands, "confirm-entry")
    hands.signer("MD1", PIN)
    confirm(hands)
    session = site.service.recorder.session(f"session/{site.session}")
    assert (len(session.a.doses), len(session.b.doses)) == (0, 1)
    open_event(hands, dose, f"?at_least={void + 3}")
    expect(hands.page.locator("#said")).to_contain_text("this entry is the other partner's")
    assert hands.page.locator("[data-action=move-entry]").count() == 0


def test_without_an_entry_on_the_other_record_the_form_says_where_to_make_one(hands: Hands, site: RoomSite) -> None:
    rows = site.opened.store.stream_rows(f"session/{site.session}/a")
    arrived = next(row for row in rows if row.type == "no-driving-acknowledged/1")
    hands.page.route(
        "**/timeline",
        lambda route: (answer := route.fetch()) and route.fulfill(response=answer, json=answer.json() | {"rows": []}),
    )
    hands.page.goto(f"{hands.url}/event/{arrived.position}?at_least=1")
    hands.page.locator("#acts button").first.wait_for()
    sheet = sheet_of(hands, "move-entry")

    expect(sheet).to_contain_text("There is none yet: record it first on partner B's card in the room")


def test_the_room_says_that_an_entry_waits_for_a_second_person(hands: Hands, site: RoomSite) -> None:
    open_event(hands, first_dose(site))
    sheet_of(hands, "void-entry")
    hands.choose(reason="other")
    hands.signer("RN1", PIN)
    confirm(hands)

    hands.enter(site.session)

    expect(hands.page.locator("[data-lacks=a]")).to_contain_text("lack")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PORTRAIT, DESK], ids=["820", "1280"])
def test_the_page_and_its_forms_have_no_axe_violation(
    hands: Hands, site: RoomSite, theme: str, size: tuple[int, int]
) -> None:
    page = hands.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate("theme => localStorage.setItem('session-ledger-theme', theme)", theme)
    open_event(hands, first_dose(site))
    look_over(page, "event")
    for action in ("dispute-entry", "correct-entry", "void-entry", "move-entry"):
        sheet_of(hands, action)
        look_over(page, action)
        page.click("dialog.sheet [data-action=cancel]")
