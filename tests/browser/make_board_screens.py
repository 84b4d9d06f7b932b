"""The pictures of docs/screens: the floor board, and the way from a finding to the signed event, on two couples' day.

python -m tests.browser.make_board_screens docs/screens
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.floor_day import Floor, play_floor, serve_floor

SIZES = {"1280": (1280, 800), "820": (820, 1180)}
ROWS = "#rows > li"


def main(folder: Path) -> None:
    """Take them all."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        played = play_floor(Path(place) / "ledger")
        with serve_floor(played, Path(place) / "served") as floor:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            for theme in ("dark", "light"):
                _take(browser, floor, folder, theme, in_time=True)
            floor.clock.move_to("11:31:00")
            for theme in ("dark", "light"):
                _take(browser, floor, folder, theme, in_time=False)
            browser.close()
        played.ledger.store.close()


def _take(browser: Any, floor: Floor, folder: Path, theme: str, *, in_time: bool) -> None:
    context = browser.new_context(color_scheme=theme)
    context.add_init_script(f"localStorage.setItem('session-ledger-theme', '{theme}')")
    page = context.new_page()
    floor.sign_in(page)

    def shoot(name: str, sizes: tuple[str, ...] = ("1280", "820")) -> None:
        for size in sizes:
            width, height = SIZES[size]
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(300)
            page.screenshot(path=str(folder / f"{name}_{size}_{theme}.png"))

    def board(path: str = "/board") -> None:
        page.goto(floor.url + path)
        page.wait_for_selector(ROWS)

    board()
    if in_time:
        shoot("board")
        context.close()
        return
    shoot("board_overdue")
    board("/board?kiosk=1")
    shoot("board_kiosk", ("1280",))
    for name, number in (("finding_late", 1), ("finding", 0)):
        board()
        page.locator(".board-findings a").nth(number).click()
        page.locator("a[href^='/event/']").first.wait_for()
        page.wait_for_timeout(600)
        shoot(name)
    page.locator("a[href^='/event/']").last.click()
    page.wait_for_url("**/event/*")
    page.wait_for_timeout(900)
    shoot("event")
    if theme == "light":
        board()
        context.set_offline(True)
        page.wait_for_timeout(16_000)
        shoot("board_stale", ("820",))
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
