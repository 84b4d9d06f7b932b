"""The pictures of docs/screens: the room and the pages around it, as a reader of the documentation sees them.

python -m tests.browser.make_room_screens docs/screens
"""

from __future__ import annotations

import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.room_hands import Hands
from tests.browser.room_site import SATURDAY, RoomSite, play_until_saturday, serve

NEW_YORK = ZoneInfo("America/New_York")
SIZES = {"1180x820": (1180, 820), "820x1180": (820, 1180), "1280": (1280, 860)}


def main(folder: Path) -> None:
    """Take them all."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        session = play_until_saturday(Path(place) / "ledger")
        site, stop = serve(Path(place) / "ledger", session)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
                _take(browser, site, folder)
                browser.close()
        finally:
            stop()


def _take(browser: Any, site: RoomSite, folder: Path) -> None:  # noqa: PLR0915  # a list of pictures
    context = browser.new_context(viewport={"width": 1180, "height": 820})
    begins = int(SATURDAY.timestamp() * 1000)
    context.add_init_script(
        f"{{ const real = Date.now.bind(Date); let by = {begins} - real();"
        "window.setClock = n => by = n - real(); Date.now = () => real() + by; }"
    )
    page = context.new_page()
    hands = Hands(page, site.url)

    def go(hour: int, minute: int) -> None:
        site.clock.move_to(datetime(2026, 5, 16, hour, minute, tzinfo=NEW_YORK))
        page.evaluate("n => window.setClock(n)", int(site.clock.wall().timestamp() * 1000))
        hands.sees_the_time()

    def shoot(name: str, sizes: tuple[str, ...], themes: tuple[str, ...] = ("dark", "light")) -> None:
        for theme in themes:
            page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
            for size in sizes:
                width, height = SIZES[size]
                page.set_viewport_size({"width": width, "height": height})
                page.wait_for_timeout(250)
                page.screenshot(path=str(folder / f"{name}_{size}_{theme}.png"))
        page.set_viewport_size({"width": 1180, "height": 820})

    tablet = ("1180x820", "820x1180")
    page.goto(f"{site.url}/set-up")
    page.locator("form[data-ready]").wait_for()
    shoot("set_up", ("1280",), ("light",))
    page.goto(f"{site.url}/sign-in")
    page.locator("form[data-ready]").wait_for()
    shoot("sign_in", ("820x1180",))
    hands.sign_in("MD1")
    hands.load_practice_keys(site.people)
    shoot("tablet_keys", ("1280",))
    page.goto(f"{site.url}/officer")
    page.locator("main[data-ready]").wait_for()
    shoot("officer", ("1280",), ("light",))
    page.click("[data-action=sign-out]")
    page.locator("form[data-ready]").wait_for()
    hands.sign_in("RN1")
    page.locator("[data-sessions][data-ready]").wait_for()
    shoot("sessions", ("1280",))
    hands.enter(site.session)
    go(9, 30)
    shoot("room_before", tablet, ("dark",))
    hands.open_session()
    hands.check_in("a", "07:10", "08:45", pregnancy="not-pregnant")
    hands.check_in("b", "07:15", "08:50")
    hands.promises("a")
    hands.promises("b")
    hands.phase("dosing")
    for hour, minute, slot, bp in ((10, 5, "a", (122, 78)), (10, 7, "b", (131, 84))):
        go(hour, minute)
        hands.vitals(slot, "pre-dose", systolic=bp[0], diastolic=bp[1], heart_rate=70, spo2=98, respiratory_rate=14)
        hands.dose(slot, "100")
    go(10, 20)
    hands.phase("onset")
    hands.vitals("a", systolic=128, diastolic=80, heart_rate=72, spo2=98, moaas=5)
    go(10, 21)
    hands.vitals("b", systolic=136, diastolic=86, heart_rate=76, spo2=97, moaas=5)
    go(10, 33)
    hands.as_expected("a")
    shoot("room", tablet)
    hands.open("vitals", "b")
    hands.readings(systolic=142, diastolic=90, heart_rate=78)
    shoot("room_vitals", tablet, ("dark",))
    page.click("dialog.sheet [data-action=cancel]")
    go(10, 43)
    page.wait_for_timeout(1200)
    shoot("room_overdue", tablet)
    hands.release("a", "home-with-escort")
    page.locator("dialog.sheet .refusal").wait_for()
    shoot("room_release_refused", tablet, ("dark",))
    page.click("dialog.sheet [data-action=cancel]")
    page.click("[data-action=lock]")
    page.locator("[data-overlay=lock]").wait_for()
    page.wait_for_timeout(1100)
    shoot("room_locked", tablet, ("dark",))
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
