"""What axe says of a page as it stands; only what is wrong is brought back, which is most of the time it takes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = """async options => {
  document.getAnimations().filter(each => each instanceof CSSTransition).forEach(each => each.finish());
  return (await axe.run(options)).violations;
}"""
"""A colour on its way from one theme to the other is nobody's contrast, so what changes is brought to its end."""


@cache
def _script() -> str:
    from axe_playwright_python.sync_playwright import Axe

    return str(Axe().axe_script)


def violations(page: Any) -> list[str]:
    """Each rule that is broken, and where: its id, what it asks for, and the beginning of the element."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(_script())
    options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": TAGS}}
    return [
        f"{each['id']}: {each['help']}: {node['html'][:160]}"
        for each in page.evaluate(RUN, options)
        for node in each["nodes"]
    ]


def in_each_theme(page: Any) -> Iterator[str]:
    """The page in light, then in dark, as its reader chose; it looks when the computer changes over."""
    for theme in ("light", "dark"):
        page.evaluate("theme => localStorage.setItem('session-ledger-theme', theme)", theme)
        is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        page.emulate_media(color_scheme="light" if is_dark else "dark", reduced_motion="reduce")
        page.locator(f"html[data-theme={theme}]").wait_for(state="attached")
        yield theme


def look_over(page: Any, where: str) -> None:
    """Nothing is wrong with this page, and it does not scroll sideways."""
    assert violations(page) == [], where
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{where} scrolls sideways"
