"""The treatment room in a real browser, over the real service: what a tap records, and what goes wrong well."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

pytest.importorskip("playwright", reason="there is no browser")

from playwright.sync_api import expect  # after the check that it is there

from api.web.routes.pages import PAGES
from ledger.store.port import EventRow
from ledger.tlog.note import LogSigner
from tests.browser.axe import in_each_theme, look_over
from tests.browser.room_hands import Hands
from tests.browser.room_site import ARRIVED, PIN, SATURDAY, RoomSite, play_until_saturday, serve

NEW_YORK = ZoneInfo("America/New_York")
PORTRAIT, LANDSCAPE, DESK = (820, 1180), (1180, 820), (1280, 900)
CHECK = "supervision-checked/1"
EXPECTED_STATUS = "Failed to load resource: the server responded with a status of"
"""What a browser says of a refusal that a test asked for."""


def at(hour: int, minute: int) -> datetime:
    return datetime(2026, 5, 16, hour, minute, tzinfo=NEW_YORK)


@pytest.fixture
def site(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[RoomSite]:
    """Saturday 09:30 before anything began; for a test with `arrived` 10:00, by the story."""
    start = ARRIVED if "arrived" in request.fixturenames else SATURDAY
    session = play_until_saturday(tmp_path / "ledger", start)
    served, stop = serve(tmp_path / "ledger", session, start=start)
    yield served
    stop()


@pytest.fixture
def tablet(browser: Any, site: RoomSite) -> Iterator[Any]:
    """A tablet of its own; nothing it asks for leaves the origin, and the browser has nothing to complain about."""
    context = browser.new_context(viewport={"width": LANDSCAPE[0], "height": LANDSCAPE[1]})
    context.set_default_timeout(10_000)
    asked: list[str] = []
    said: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    context.on("weberror", lambda error: said.append(str(error.error)))
    yield context
    context.close()
    assert [url for url in asked if not url.startswith((site.url, "blob:"))] == []
    offline = ("net::ERR_INTERNET_DISCONNECTED", EXPECTED_STATUS)
    assert [text for text in said if not any(word in text for word in offline)] == []


@pytest.fixture
def hands(tablet: Any, site: RoomSite) -> Hands:
    """RN1 at the tablet, with everybody's practice keys on it."""
    person = Hands(tablet.new_page(), site.url)
    person.sign_in("RN1")
    person.load_practice_keys(site.people)
    return person


@pytest.fixture
def arrived(hands: Hands, site: RoomSite) -> Hands:
    """10:00: the session is open, and all that a dose asks for was recorded."""
    hands.enter(site.session)
    return hands


@pytest.fixture
def dosed(arrived: Hands, site: RoomSite) -> Hands:
    """10:07: both have their first dose."""
    for hour, minute, slot in ((10, 5, "a"), (10, 7, "b")):
        site.clock.move_to(at(hour, minute))
        arrived.sees_the_time()
        arrived.dose(slot, "100")
    return arrived


def recorded(site: RoomSite, type_tag: str) -> list[EventRow]:
    rows = site.opened.store.rows(0, 1000)
    return [row for row in rows if isinstance(row, EventRow) and row.type == type_tag]


def test_one_tap_is_signed_recorded_and_its_receipt_checked(dosed: Hands, site: RoomSite) -> None:
    site.clock.move_to(at(10, 20))
    dosed.sees_the_time()
    dosed.as_expected("b")

    (row,) = recorded(site, CHECK)
    assert row.stream == f"session/{site.session}/b"
    expect(dosed.page.locator("[data-told]")).to_contain_text(f"receipt {row.position} checked")
    expect(dosed.page.locator("[data-due=b]")).to_contain_text("Next check 10:35")
    expect(dosed.page.locator("[data-chip=saved]")).to_have_text("Saved · 0 waiting")


def test_a_tap_twice_in_a_hurry_is_one_check(dosed: Hands, site: RoomSite) -> None:
    dosed.page.locator("[data-action=as-expected][data-slot=a]").dblclick()
    dosed.recorded("A as expected")

    assert len(recorded(site, CHECK)) == 1


def test_a_receipt_of_another_log_is_not_believed(dosed: Hands, site: RoomSite) -> None:
    another = LogSigner(site.opened.pin.origin, bytes(32)).vkey
    pin = json.dumps({"origin": site.opened.pin.origin, "vkeys": [str(another)]})
    dosed.page.evaluate("pin => localStorage.setItem('session-ledger-pin', pin)", pin)
    dosed.page.click("[data-action=as-expected][data-slot=a]")

    expect(dosed.page.locator(".alarm")).to_contain_text("does not prove")
    assert len(recorded(site, CHECK)) == 1


def test_an_overdue_check_says_so_in_words_and_becomes_a_finding(dosed: Hands, site: RoomSite) -> None:
    expect(dosed.page.locator("[data-due=a]")).to_have_attribute("data-state", "running")
    site.clock.move_to(at(10, 26))
    dosed.sees_the_time()

    expect(dosed.page.locator("[data-due=a]")).to_have_attribute("data-state", "overdue")
    expect(dosed.page.locator("[data-alert=a]")).to_contain_text("overdue since 10:20")
    expect(dosed.page.locator(".findings [data-rule='SUP-05']")).to_have_count(1)


def test_a_wrong_pin_permits_no_dose_and_keeps_what_was_entered(arrived: Hands, site: RoomSite) -> None:
    hands = arrived
    hands.open("authorise", "a")
    hands.type(mg="100")
    hands.signer("MD1", "111112")
    hands.confirm("Permit A 100 mg")

    expect(hands.page.locator("dialog.sheet .refusal")).to_contain_text("not the PIN of MD1")
    expect(hands.page.locator("dialog.sheet [data-field=mg]")).to_have_value("100")
    assert recorded(site, "dose-authorised/1") == []
    hands.pin()
    hands.confirm()
    hands.done()
    assert len(recorded(site, "dose-authorised/1")) == 1


def test_an_unusual_value_is_asked_about_and_confirmed_with_a_reason(dosed: Hands, site: RoomSite) -> None:
    dosed.open("vitals", "b")
    dosed.readings(systolic=240, diastolic=92)
    dosed.confirm("B · BP 240/92")
    expect(dosed.page.locator("dialog.sheet .refusal")).to_contain_text("outside 70 to 230")
    dosed.type(reason="Read twice, other arm the same")
    dosed.confirm()
    dosed.done()

    assert len(recorded(site, CHECK)) == 1
    expect(dosed.page.locator("[data-card=b] [data-value=BP]")).to_contain_text("240/92")


def test_a_closed_gate_is_shown_with_its_rules_and_nothing_is_lost(dosed: Hands, site: RoomSite) -> None:
    dosed.release("a", "home-with-escort")

    refusal = dosed.page.locator("dialog.sheet .refusal")
    expect(refusal).to_have_attribute("data-code", "gate-closed")
    expect(refusal.locator("[data-rule='REL-01']")).to_contain_text("12:05")
    expect(refusal.locator("[data-rule='REL-07']")).to_contain_text("prescriber may override")
    expect(dosed.page.locator("dialog.sheet [data-field=disposition][data-value=home-with-escort]")).to_be_checked()
    assert recorded(site, "release-authorised/1") == []


def test_the_dosed_partner_is_refused_as_escort(dosed: Hands, site: RoomSite) -> None:
    site.clock.move_to(at(13, 10))
    dosed.sees_the_time()
    dosed.open("escort", "a")
    dosed.choose(escort="partner", identified="yes", adult="yes", sober="yes", instructed="yes")
    dosed.confirm("Escort of A")
    dosed.done()
    dosed.release("a", "sober-partner")

    expect(dosed.page.locator("dialog.sheet .refusal [data-rule='REL-07']")).to_be_visible()
    assert recorded(site, "release-authorised/1") == []


def test_the_partner_signs_with_their_own_key_and_the_nurse_witnesses(hands: Hands, site: RoomSite) -> None:
    hands.enter(site.session)
    hands.open_session()
    hands.promises("b")

    for type_tag in ("transport-plan-signed/1", "no-driving-acknowledged/1"):
        (row,) = recorded(site, type_tag)
        assert len(json.loads(row.envelope)["signatures"]) == 2


def test_locking_hides_the_record_keeps_the_timers_and_opens_by_pin(dosed: Hands) -> None:
    page = dosed.page
    dosed.open("vitals", "a")
    dosed.readings(systolic=128)
    page.evaluate("document.dispatchEvent(new Event('ledger-locked'))")
    overlay = page.locator("[data-overlay=lock]")
    expect(overlay).to_be_visible()
    expect(overlay).to_contain_text("A · Next check")
    before = overlay.locator(".lock-timers").inner_text()
    expect(overlay.locator(".lock-timers")).not_to_have_text(before)
    page.fill("[data-field=unlock-pin]", "111112")
    page.click("[data-action=unlock]")
    expect(overlay.locator("[role=alert]")).to_contain_text("PIN")
    page.fill("[data-field=unlock-pin]", PIN)
    page.click("[data-action=unlock]")

    expect(overlay).to_be_hidden()
    expect(page.locator("dialog.sheet [data-reading=systolic]")).to_contain_text("128")


def test_what_is_tapped_without_a_network_is_sent_once_and_in_order(dosed: Hands, site: RoomSite, tablet: Any) -> None:
    tablet.set_offline(True)
    for slot in ("a", "b", "a"):
        dosed.page.click(f"[data-action=as-expected][data-slot={slot}]")
        expect(dosed.page.locator("[data-told]")).to_contain_text(f"kept here · {slot.upper()} as expected")
    expect(dosed.page.locator("[data-chip=saved]")).to_contain_text("3 waiting, oldest")
    assert recorded(site, CHECK) == []
    tablet.set_offline(False)

    expect(dosed.page.locator("[data-chip=saved]")).to_have_text("Saved · 0 waiting")
    assert [row.stream[-1] for row in recorded(site, CHECK)] == ["a", "b", "a"]
    dosed.page.reload()
    dosed.page.locator("main[data-ready]").wait_for()
    assert len(recorded(site, CHECK)) == 3


def test_a_reload_keeps_the_timers(dosed: Hands) -> None:
    dosed.page.reload()
    dosed.page.locator("main[data-ready]").wait_for()

    expect(dosed.page.locator("[data-due=a]")).to_contain_text("Next check 10:20")
    assert dosed.page.inner_text("[data-digits=a]").startswith(("12:", "13:"))


def test_a_second_tablet_sees_what_the_first_records(dosed: Hands, site: RoomSite, browser: Any) -> None:
    context = browser.new_context()
    other = Hands(context.new_page(), site.url)
    other.sign_in("MD1")
    other.enter(site.session)
    expect(other.page.locator("[data-action=as-expected][data-slot=a]")).to_contain_text("not on this tablet")
    dosed.vitals("a", systolic=128, diastolic=80)

    expect(other.page.locator("[data-card=a] [data-value=BP]")).to_contain_text("128/80")
    context.close()


def test_a_key_is_made_here_approved_by_an_officer_and_then_signs(browser: Any, site: RoomSite) -> None:
    context = browser.new_context()
    nurse = Hands(context.new_page(), site.url)
    nurse.sign_in("RN1", "/tablet-keys")
    nurse.page.locator("main[data-ready]").wait_for()
    nurse.page.locator("[data-own] select").select_option(label="MD1")
    nurse.page.click("[data-action=make-own]")
    expect(nurse.page.locator("[data-told]")).to_contain_text("MD1 approves")
    officer_key = next(file for file in site.people if json.loads(file.read_text())["owner"] == _owner(site, "MD1"))
    other = browser.new_context()
    officer = Hands(other.new_page(), site.url)
    officer.sign_in("MD1")
    officer.load_practice_keys([officer_key])
    officer.page.goto(f"{site.url}/officer")
    officer.page.click("[data-action=approve]")
    expect(officer.page.locator("[data-enrolment]")).to_have_attribute("data-state", "recorded")
    nurse.enter(site.session)
    nurse.open("phase")
    nurse.choose(phase="arrival")
    nurse.confirm()
    nurse.done()

    assert len(recorded(site, "session-phase-changed/1")) == 1
    context.close()
    other.close()


def test_every_page_has_no_axe_violation_and_does_not_scroll_sideways(dosed: Hands, site: RoomSite) -> None:
    page = dosed.page

    def in_every_size(what: str) -> None:
        for width, height in (PORTRAIT, LANDSCAPE, (320, 700)):
            page.set_viewport_size({"width": width, "height": height})
            for theme in in_each_theme(page):
                look_over(page, f"{what} {theme} {width}")

    for path in [*PAGES, "/sign-in", f"/room/{site.session}"]:
        page.goto(f"{site.url}{path}")
        page.locator("[data-ready]").first.wait_for()
        in_every_size(path)
    for action, slot in (("vitals", "b"), ("release", "a"), ("check-in", "a")):
        dosed.open(action, slot)
        in_every_size(action)
        page.click("dialog.sheet [data-action=cancel]")
    dosed.open("hand-over")
    in_every_size("hand-over")
    page.click("dialog.sheet [data-action=cancel]")


def test_what_a_locked_screen_asked_in_the_background_is_no_error(hands: Hands) -> None:
    hands.page.click("[data-action=lock]")
    hands.page.locator("dialog.lock").wait_for()

    with hands.page.expect_response("**/v1/sessions") as answered:
        hands.page.evaluate("void import('/static/pages/http.js').then(({ get }) => void get('/v1/sessions'))")

    assert answered.value.status == 423


def test_targets_in_the_room_are_large(dosed: Hands) -> None:
    small = dosed.page.evaluate(
        "() => [...document.querySelectorAll('main button')].filter(b => b.getBoundingClientRect().height < 56)"
        ".map(b => b.dataset.action)"
    )

    assert small == []


def _owner(site: RoomSite, code: str) -> str:
    from api.web.staff import find_staff

    return find_staff(site.service.database, code).owner
