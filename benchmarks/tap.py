"""
From the tap on the treatment room's page to the words that its receipt was checked, and to the floor board's screen.

And how long the pages take until something is painted. Needs Chromium, which shares the cores with the service.

    python benchmarks/tap.py [--keep]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import sync_playwright

from benchmarks.figure import Figure, at_most
from benchmarks.run import keep
from tests.browser.room_hands import Hands
from tests.browser.room_site import ARRIVED, play_until_saturday, serve

AIM_MS = 30.0
BOARD_AIM_MS = 100.0
PAINT_AIM_MS = 500.0
CHROMIUM = "/usr/bin/chromium"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def tap_milliseconds(page: Any) -> float:
    """From the tap to the words that its receipt was checked."""
    return float(
        page.evaluate(
            """() => new Promise(done => {
              const told = document.querySelector('[data-told]');
              const tap = document.querySelector('[data-action=as-expected]');
              const seen = new MutationObserver(() => { seen.disconnect(); done(performance.now() - began); });
              told.textContent = '';
              setTimeout(() => { seen.observe(told, {childList: true, characterData: true, subtree: true});
                began = performance.now(); tap.click(); }, 120);
              let began; })"""
        )
    )


WATCH_BOARD = """() => {
  const due = () => document.querySelector('.board-row .slot-a .board-detail')?.textContent;
  window.shown = [];
  let last = due();
  new MutationObserver(() => {
    const now = due();
    if (now && now !== last) window.shown.push(performance.timeOrigin + performance.now());
    if (now) last = now;
  }).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


def board_milliseconds(hands: Hands, board: Any, site: Any, number: int) -> float:
    """From a tap two minutes later to the new time of the next check on another page's board."""
    site.clock.forward(minutes=2)
    hands.sees_the_time()  # else the tap says the time before, which the board shows already
    tapped = hands.page.evaluate(
        """() => { const now = performance.timeOrigin + performance.now();
                   document.querySelector('[data-action=as-expected]').click(); return now; }"""
    )
    shown = board.evaluate(
        """async count => {
          for (let waited = 0; window.shown.length <= count && waited < 500; waited++)
            await new Promise(done => setTimeout(done, 10));
          return window.shown[count] ?? null; }""",
        number,
    )
    if shown is None:
        raise RuntimeError("The board did not show the tap within five seconds.")
    return float(shown) - float(tapped)


def paint_milliseconds(page: Any, address: str) -> float:
    """From asking for a page to its first paint, as the browser notes it."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return float(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))


def main(times: int = 60) -> None:
    """Two partners dosed at 10:07, then one tap after another, and each page opened again and again."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        session = play_until_saturday(Path(folder) / "ledger", ARRIVED)
        site, stop = serve(Path(folder) / "ledger", session, start=ARRIVED)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        hands = Hands(browser.new_page(), site.url)
        hands.sign_in("RN1")
        hands.load_practice_keys(site.people)
        hands.enter(site.session)
        site.clock.move_to(datetime(2026, 5, 16, 14, 7, tzinfo=UTC))
        hands.sees_the_time()
        hands.dose("a", "100")
        taps = sorted(tap_milliseconds(hands.page) for _ in range(times))
        board = Hands(browser.new_page(), site.url)
        board.sign_in("MD1")
        board.page.goto(f"{site.url}/board")
        board.page.wait_for_selector(".board-row .slot-a .board-detail")
        board.page.evaluate(WATCH_BOARD)
        shown = sorted(board_milliseconds(hands, board.page, site, number) for number in range(times // 3))
        paints = {
            where: sorted(paint_milliseconds(hands.page, f"{site.url}{where}") for _ in range(9))
            for where in (f"/room/{site.session}", "/board")
        }
        figures = [*_tapped(taps), *_shown(shown), *_painted(paints)]
        for each in figures:
            print(f"{each.title}: {each.value:.1f} {each.unit} {each.aim}".rstrip())
        if "--keep" in sys.argv:
            keep(figures)
        browser.close()
        stop()


def _tapped(taps: list[float]) -> list[Figure]:
    median, slow = statistics.median(taps), taps[int(len(taps) * 0.95)]
    title = "a tap on the page to its checked receipt, browser on the same cores"
    return [
        Figure("tap", title, median, "ms", aim=f"at most {AIM_MS:g} ms", reached=at_most(AIM_MS, median)),
        Figure("tap.p95", "the same, 95 of 100", slow, "ms", None, "its median", slow / median),
    ]


def _shown(shown: list[float]) -> list[Figure]:
    median, slow = statistics.median(shown), shown[int(len(shown) * 0.95)]
    title = "a tap on the page to the floor board's screen in another page"
    aim = f"at most {BOARD_AIM_MS:g} ms"
    return [
        Figure("tap.board", title, median, "ms", aim=aim, reached=at_most(BOARD_AIM_MS, median)),
        Figure("tap.board.p95", "the same, 95 of 100", slow, "ms", None, "its median", slow / median),
    ]


def _painted(paints: dict[str, list[float]]) -> list[Figure]:
    aim = f"at most {PAINT_AIM_MS:g} ms"
    found = {"board" if where == "/board" else "room": statistics.median(each) for where, each in paints.items()}
    return [
        Figure(
            f"tap.paint.{name}",
            f"first paint of the {name}",
            value,
            "ms",
            aim=aim,
            reached=at_most(PAINT_AIM_MS, value),
        )
        for name, value in found.items()
    ]


if __name__ == "__main__":
    main()
