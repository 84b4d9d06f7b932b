"""Pages of a practice ledger wear a band that says so: on a screen dark or light, in forced colours, and in print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.room_site import RoomSite, play_until_saturday, serve

WORDS = "Practice · nothing here is about a real person"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RoomSite]:
    folder = tmp_path_factory.mktemp("practice") / "ledger"
    served, stop = serve(folder, play_until_saturday(folder))
    yield served
    stop()


@pytest.mark.parametrize(
    "look",
    [{"color_scheme": "dark"}, {"color_scheme": "light"}, {"forced_colors": "active"}, {"media": "print"}],
    ids=str,
)
def test_the_band_is_seen_however_the_page_is_shown(browser: Any, site: RoomSite, look: dict[str, str]) -> None:
    page = browser.new_page()
    page.emulate_media(**look)
    page.goto(f"{site.url}/sign-in")
    band = page.locator(".practice-band")
    band.wait_for()

    assert band.is_visible()
    assert band.inner_text().lower() == WORDS.lower()
    box = band.bounding_box()
    assert box["width"] >= page.viewport_size["width"] * 0.9
    assert box["height"] >= 24
    style = band.evaluate(
        "each => { const s = getComputedStyle(each); return [s.borderTopWidth, s.color, s.backgroundImage] }"
    )
    assert float(style[0].removesuffix("px")) >= 2
    if "forced_colors" not in look:
        assert "gradient" in style[2]
    page.close()
