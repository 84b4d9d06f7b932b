"""Hands on the page of forms: choosing, typing and signing by what stands on the page."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.room_hands import Hands


class Desk(Hands):
    """One person at a desk, recording by form."""

    def form(self, kind: str, **known: str) -> None:
        """Open the form of a type, with what another page already knows."""
        query = "&".join([f"type={kind}", *(f"{name}={value}" for name, value in known.items())])
        self.page.goto(f"{self.url}/record?{query}")
        self.page.locator("main[data-ready] form[data-form]").wait_for()

    def fill_in(self, **fields: Any) -> None:
        """Enter values by path, `scope__joint=True` for a member; lists of words are ticked one by one."""
        for name, value in fields.items():
            path = name.replace("__", ".")
            for each in value if isinstance(value, list) else [value]:
                self._enter(path, each)

    def choose_by_word(self, path: str, word: str) -> None:
        """Choose from a list by what stands there."""
        self._unfold(path)
        self.page.locator(f'select[data-path="{path}"]').select_option(label=word)

    def look(self) -> Any:
        """Go on to what will be signed."""
        self.page.click("[data-action=look]")
        summary = self.page.locator("[data-summary]")
        expect(summary).to_be_visible()
        return summary

    def sign(self) -> str:
        """Sign; what is said once the receipt was checked."""
        self.page.click("[data-action=sign]")
        expect(self.page.locator("[data-outcome=recorded] [data-told]")).to_contain_text("checked")
        return str(self.page.locator("[data-told]").inner_text())

    def records(self) -> str:
        """Look, and sign."""
        self.look()
        return self.sign()

    def _unfold(self, path: str) -> None:
        for folded in self.page.locator(
            f'details:has([data-path="{path}"]):not([open]):not(.by-number) > summary'
        ).all():
            folded.click()

    def _enter(self, path: str, value: Any) -> None:
        self._unfold(path)
        control = self.page.locator(f'[data-path="{path}"]').first
        kind = control.evaluate("each => each.type ?? each.tagName")
        if kind == "checkbox" and control.get_attribute("data-value") is None:
            control.set_checked(value)
        elif kind in ("radio", "checkbox"):
            word = str(value).lower() if isinstance(value, bool) else value
            self.page.locator(f'[data-path="{path}"][data-value="{word}"]').check()
        elif kind == "select-one":
            control.select_option(value)
        else:
            control.fill(str(value))
