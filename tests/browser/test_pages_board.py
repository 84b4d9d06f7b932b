"""The floor board, and the way from a finding to the signed events it rests on, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.play_story import StoryLedger

from .axe import in_each_theme, look_over
from .floor_day import Floor, play_floor, serve_floor

THEMES = ("dark", "light")
SIZES = ((1280, 800), (820, 1180))
ROWS = "#rows > li"
GONE = re.compile(r"net::ERR_|^\[DOM\]")


@pytest.fixture(scope="module")
def saturday(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoryLedger]:
    """Both couples until 11:20."""
    played = play_floor(tmp_path_factory.mktemp("floor") / "ledger")
    yield played
    played.ledger.store.close()


@pytest.fixture
def floor(saturday: StoryLedger, tmp_path: Path) -> Iterator[Floor]:
    """A served copy of it, at 11:20:30."""
    with serve_floor(saturday, tmp_path / "served") as served:
        yield served


class Screen:
    """One browser profile at the floor; `said` is its console but for what is `expected`, `asked` every request."""

    expected = re.compile(r"^\[DOM\] Password forms should have")  # a hint about the lock of all pages

    def __init__(self, browser: Any, floor: Floor, theme: str = "dark", size: tuple[int, int] = SIZES[0]) -> None:
        self.floor, self.said, self.asked = floor, list[str](), list[str]()
        self.context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=theme)
        self.context.add_init_script(f"localStorage.setItem('session-ledger-theme', '{theme}')")
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.context.on("console", self._hear)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.set_default_timeout(20_000)
        floor.sign_in(self.page)

    def _hear(self, message: Any) -> None:
        if not self.expected.search(message.text):
            self.said.append(message.text)

    def open(self, path: str = "/board", wait: str = ROWS) -> Any:
        self.page.goto(self.floor.url + path)
        self.page.wait_for_selector(wait)
        return self.page

    def state(self, couple: str, slot: str) -> str:
        row = self.page.locator(ROWS, has=self.page.locator("h2", has_text=couple))
        return str(row.locator(f".slot-{slot}").get_attribute("data-state"))

    def until(self, selector: str, text: str | re.Pattern[str]) -> None:
        self.page.locator(selector).filter(has_text=text).wait_for()

    def text(self, selector: str) -> str:
        return " ".join(self.page.locator(selector).first.inner_text().split())


@pytest.fixture
def at_screen(browser: Any, floor: Floor) -> Iterator[Any]:
    """Makes screens; afterwards none of them may have left the origin, or complained."""
    made: list[Screen] = []

    def make(*given: Any, **more: Any) -> Screen:
        made.append(Screen(browser, floor, *given, **more))
        return made[-1]

    yield make
    for screen in made:
        screen.context.close()
        assert [url for url in screen.asked if not url.startswith((f"{floor.url}/", "blob:"))] == []
        assert screen.said == []


def test_the_most_overdue_room_stands_first_with_what_is_due_next(at_screen: Any) -> None:
    screen = at_screen()
    page = screen.open()

    assert page.locator(f"{ROWS} h2").all_inner_texts() == ["C-08", "C-07"]
    row = screen.text(ROWS)
    assert "R-1" in row and "Dialogue" in row and "open for 1 h 50 min" in row
    a = screen.text(f"{ROWS} .slot-a")
    assert "Check due now, left 04:" in a
    assert "due 11:20, at the latest 11:25" in a
    assert "BP 138/86 SpO₂ 98 % Alert 4/5" in a and "11:05, 15 min ago" in a
    assert "RN1 in the room" in a
    assert screen.text("#live") == "Live"


def test_the_countdown_follows_the_clock_of_the_service(floor: Floor, at_screen: Any) -> None:
    screen = at_screen()
    floor.clock.move_to("11:30:00")
    page = screen.open()

    digits = page.locator(ROWS, has_text="C-07").locator(".slot-a .board-digits").inner_text()
    assert re.fullmatch(r"0[45]:[05]\d", digits), digits  # due 11:35
    assert screen.text("#now").startswith("11:30:")


def test_an_overdue_check_appears_at_its_minute_without_any_event(floor: Floor, at_screen: Any) -> None:
    screen = at_screen()
    floor.clock.move_to("11:24:56")
    page = screen.open()
    size = floor.size
    known = page.locator(".board-findings li").count()
    assert screen.state("C-08", "a") == "soon"

    page.wait_for_selector(".slot-a[data-state=bad]")
    page.locator(".board-findings li").nth(known).wait_for()

    assert floor.size == size
    assert "Check overdue +00:0" in screen.text(".slot-a[data-state=bad]")
    newest = screen.text(".board-findings li")
    assert "SUP-05 A" in newest
    assert newest.endswith("at the latest at 11:25, 15 min after the check of 11:05; not made.")
    assert page.locator("[role=alert]#alert").inner_text() == "C-08 A: check overdue since 11:25"


def test_a_finding_about_neither_partner_is_shown_as_one_about_the_session(floor: Floor, at_screen: Any) -> None:
    screen = at_screen()
    floor.prescriber_gone("Sat2", "11:20")
    page = screen.open()
    page.locator(".board-findings a", has_text="SUP-04").wait_for()

    assert "SUP-04 both" in screen.text(".board-findings a:has-text('SUP-04')")
    page.locator(".board-findings a", has_text="SUP-04").click()
    page.wait_for_selector("#known > div")
    assert "C-08, staff and place" in screen.text("#verdict")
    assert "no prescriber" in screen.text("#sentence")


def test_a_clock_that_was_moved_is_noticed_said_and_set_right(floor: Floor, at_screen: Any) -> None:
    screen = at_screen()
    page = screen.open()
    floor.clock.move_to("11:26:00")

    page.wait_for_selector(".slot-a[data-state=bad]")

    screen.until("#live-word", "Live")
    assert "clock was off and has been set right" in screen.text("#live")


def test_a_check_by_another_tablet_ends_what_was_pending(floor: Floor, at_screen: Any) -> None:
    screen = at_screen()
    page = screen.open()
    assert screen.state("C-08", "a") == "soon"

    floor.check("Sat2/Cleo", "11:20")

    page.wait_for_selector(".slot-a:not([data-state=soon])", timeout=3000)
    screen.until("#rows > li:first-child h2", "C-07")
    assert screen.state("C-08", "a") == "calm"


def test_a_finding_leads_to_its_signed_events_which_this_browser_checks(at_screen: Any) -> None:
    screen = at_screen()
    page = screen.open()
    page.locator(".board-findings a").first.click()
    page.wait_for_selector("#known > div")

    assert "made at 11:05, 10 min after the limit" in screen.text("#sentence")
    assert page.locator(".strip .strip-late").count() == 1
    width = page.locator("#strip svg").get_attribute("width")
    assert abs(int(width) - page.locator("#strip").evaluate("place => place.clientWidth")) <= 1
    then, now = page.locator("#known > div").all_inner_texts()
    assert "10:55:01" in then and "not made." in then
    assert "made at 11:05" in now
    assert page.locator("#evidence a").count() == 3

    page.locator("#evidence a").last.click()
    page.wait_for_selector("#answers li")
    assert "BP 138/86" in screen.text("#phrase")
    assert "RN1 as nurse" in screen.text("#signers") and "The signature fits" in screen.text("#signers")
    assert "recorded" not in screen.text("#times").casefold().replace("recorded sat", "")
    assert page.locator("#answers .tone-bad").count() == 0
    assert "This browser checked it" in screen.text("#verdict")
    assert page.locator("#receipt").inner_text().startswith("c2sp.org/tlog-proof@v1\n")
    with page.expect_download() as download:
        page.locator("#download").click()
    assert re.fullmatch(r"event-\d+\.receipt", download.value.suggested_filename)
    assert Path(download.value.path()).read_text().startswith("c2sp.org/tlog-proof@v1\n")
    assert re.search(r"session-ledger check-receipt event-\d+\.receipt --pin ledger.json", screen.text("#commands"))


def test_an_event_whose_envelope_was_altered_is_not_believed(at_screen: Any, floor: Floor) -> None:
    screen = at_screen()

    def alter(route: Any) -> None:
        answer = route.fetch()
        said = answer.json()
        signature = re.search(r'"sig":"(..)', said["envelope"])
        assert signature
        flipped = "AA" if signature[1] != "AA" else "BB"
        said["envelope"] = said["envelope"].replace(f'"sig":"{signature[1]}', f'"sig":"{flipped}', 1)
        route.fulfill(response=answer, json=said)

    screen.page.route(re.compile(r"/v1/entries/\d+$"), alter)
    screen.open("/event/131", "#answers li")

    assert "Something does not hold" in screen.text("#verdict")
    assert screen.page.locator("#answers .tone-bad").count() == 2


def test_a_doubted_signature_is_shown_with_its_reason_and_who_can_stand_in(at_screen: Any) -> None:
    """What the service says of a revoked key, beside a signature that fits all the same."""
    screen = at_screen()

    def doubt(route: Any) -> None:
        answer = route.fetch()
        said = answer.json()
        why = "key suspect from position 120 on (tablet-stolen, revoked at position 140)"
        said["signers"][0] |= {"state": "disputed", "why": why, "curable_by": "somebody else who was there"}
        route.fulfill(response=answer, json=said | {"standing": "disputed"})

    screen.page.route(re.compile(r"/v1/entries/\d+$"), doubt)
    screen.open("/event/131", "#answers li")

    assert screen.page.locator("[data-doubt=disputed]").count() == 1
    assert "disputed: key suspect from position 120 on (tablet-stolen" in screen.text("#signers")
    assert "It can be confirmed by somebody else who was there." in screen.text("#signers")
    assert "The signature fits" in screen.text("#signers")


def test_it_greys_out_with_a_word_when_the_service_is_gone(floor: Floor, at_screen: Any) -> None:
    screen = at_screen()
    page = screen.open()
    screen.expected = GONE
    floor.stop()

    page.wait_for_selector("[data-freshness=stale]")
    screen.until("#live-why", re.compile(r"last update \d+ s ago"))

    assert screen.text("#live-word") == "Not live"
    assert page.locator(ROWS).count() == 2


def test_the_wall_shows_codes_and_times_only(at_screen: Any) -> None:
    screen = at_screen()
    page = screen.open("/board?kiosk=1")

    shown = page.locator("main").inner_text()
    assert "C-08" in shown and "SUP-05 A" in shown
    assert "138/86" not in shown and "after the check of" not in shown
    assert page.locator("main a").count() == 0


def test_a_board_hung_on_the_wall_shows_the_floor_and_leads_nowhere_else(at_screen: Any) -> None:
    screen = at_screen()
    page = screen.open("/board")
    page.click("[data-action=wall]")
    page.wait_for_url("**/board?kiosk=1")
    page.locator("#rows li").first.wait_for()

    shown = page.locator("main").inner_text()
    assert "C-08" in shown and "138/86" not in shown
    assert not page.locator("[data-action=wall]").is_visible()
    answers = {path: page.request.get(screen.floor.url + path).status for path in ("/v1/floor", "/v1/sessions")}
    assert answers == {"/v1/floor": 200, "/v1/sessions": 403}


def test_a_day_without_sessions_says_so(browser: Any, tmp_path: Path) -> None:
    played = play_floor(tmp_path / "ledger", until="2026-05-16")
    with serve_floor(played, tmp_path / "served") as floor:
        screen = Screen(browser, floor)
        screen.open(wait="#notice[data-name=empty]")
        assert "No sessions today" in screen.text("#notice")
        screen.context.close()
        assert screen.said == []
    played.ledger.store.close()


def test_what_is_not_there_says_what_to_do(at_screen: Any) -> None:
    screen = at_screen()
    screen.expected = re.compile(r"status of 404|^\[DOM\]")
    screen.open(f"/finding/{'0' * 32}", "#notice[data-name=not-found]")
    assert "no such finding" in screen.text("#notice")
    screen.open("/event/99999", "#notice[data-name=not-found]")
    assert "Check the address" in screen.text("#notice")


def test_nobody_is_kept_out(floor: Floor, at_screen: Any) -> None:
    screen = at_screen()
    floor.clock.move_to("11:26:00")
    page = screen.open()
    page.wait_for_selector(".slot-a[data-state=bad]")
    board = page.url
    _look_over(page, "the board")
    page.locator(".board-findings a").first.click()
    page.wait_for_selector("#known > div")
    _look_over(page, "a finding")
    page.locator("#evidence a").last.click()
    page.wait_for_selector("#answers li")
    _look_over(page, "an event")
    page.goto(board)
    page.wait_for_selector(ROWS)
    screen.expected = GONE
    floor.stop()
    page.wait_for_selector("[data-freshness=stale]")
    _look_over(page, "the board without its service")


def _look_over(page: Any, where: str) -> None:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for theme in in_each_theme(page):
            look_over(page, f"{where} {theme} {width}")
