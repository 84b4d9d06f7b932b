"""Hands on the pages: what a person taps and types, in words a test can read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.browser.room_site import PASSWORD, PIN

STAGE = {
    **dict.fromkeys(("check-in", "pre-dose", "way-home", "no-driving"), "before"),
    **dict.fromkeys(("authorise", "give", "offer", "decline"), "dose"),
    **dict.fromkeys(("assess", "no-driving-again", "escort", "release", "departed"), "leave"),
}
"""Under which heading of a card an action stands."""


class Hands:
    """One person at one tablet."""

    def __init__(self, page: Any, url: str) -> None:
        self.page, self.url = page, url

    # -- getting in ---------------------------------------------------------------------------------

    def sign_in(self, staff: str, back: str = "/") -> None:
        self.page.goto(f"{self.url}/sign-in#{back}")
        self.page.locator("form[data-ready]").wait_for()
        self.page.fill("#staff", staff)
        self.page.fill("#password", PASSWORD)
        self.page.click("[data-action=sign-in]")
        self.page.wait_for_url(f"{self.url}{back}")

    def load_practice_keys(self, files: Iterable[Path]) -> None:
        self.page.goto(f"{self.url}/tablet-keys")
        self.page.locator("main[data-ready]").wait_for()
        self.page.set_input_files("#files", [str(file) for file in files])
        expect(self.page.locator("[data-told]")).to_contain_text("practice keys loaded")

    def enter(self, session: str) -> None:
        self.page.goto(f"{self.url}/room/{session}")
        self.page.locator("main[data-ready]").wait_for()

    def sees_the_time(self) -> None:
        """The clock was moved: come back to the page, as after sleep."""
        room, now = f"{self.url}/v1/sessions/", self.page.request.get(f"{self.url}/v1/status").json()["now"]
        for _ in range(20):  # an answer that was on its way before the clock was moved does not count
            with self.page.expect_response(lambda answer: answer.url.startswith(room) and "/room" in answer.url) as got:
                self.page.evaluate("dispatchEvent(new Event('focus'))")
            if got.value.ok and got.value.json()["now"] >= now:
                break
        self.page.evaluate("new Promise(done => setTimeout(done, 80))")

    # -- the room -----------------------------------------------------------------------------------

    def recorded(self, words: str) -> None:
        """The receipt for this has been checked."""
        expect(self.page.locator("[data-told]")).to_contain_text(words)
        expect(self.page.locator("[data-told]")).to_contain_text("checked")

    def as_expected(self, slot: str) -> None:
        self.page.click(f"[data-action=as-expected][data-slot={slot}]")
        self.recorded(f"{slot.upper()} as expected")

    def open(self, action: str, slot: str | None = None) -> Any:
        """Open the sheet of an action."""
        if slot and action in STAGE:
            self.page.click(f"[data-action=stage-{STAGE[action]}][data-slot={slot}]")
        where = f"[data-slot={slot}]" if slot else ""
        self.page.click(f"main [data-action={action}]{where}")
        sheet = self.page.locator(f"dialog[data-sheet={action}]")
        sheet.wait_for()
        return sheet

    def choose(self, **fields: str | list[str]) -> None:
        for name, values in fields.items():
            for value in [values] if isinstance(values, str) else values:
                for selector in (name, name.replace("_", "-")):
                    found = self.page.locator(f"dialog.sheet [data-field={selector}][data-value='{value}']")
                    if found.count():
                        found.check()
                        break
                else:
                    raise AssertionError(f"no field {name} with {value}")

    def type(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.fill(f"dialog.sheet [data-field={name}]", value)

    def reading(self, name: str, number: int) -> None:
        """Turn to a reading and type it on the pad."""
        self.page.click(f"dialog.sheet [data-reading={name}]")
        for digit in str(number):
            self.page.click(f"dialog.sheet [data-digit='{digit}']")

    def readings(self, **values: int) -> None:
        for name, number in values.items():
            self.reading(name, number)

    def signer(self, code: str, pin: str | None = None, group: str = "fieldset.signer") -> None:
        self.page.locator(f"dialog.sheet {group} [data-field=signer][data-value={code}]").check()
        if pin is not None:
            self.page.locator(f"dialog.sheet {group} [data-field=pin]").fill(pin)

    def pin(self, pin: str = PIN) -> None:
        self.page.locator("dialog.sheet [data-field=pin]:visible").fill(pin)

    def confirm(self, label: str = "") -> None:
        button = self.page.locator("dialog.sheet [data-action=confirm]")
        if label:
            expect(button).to_contain_text(label)
        button.click()

    def done(self) -> None:
        """The sheet closed: it was recorded."""
        expect(self.page.locator("dialog.sheet")).to_have_count(0)

    # -- longer acts --------------------------------------------------------------------------------

    def vitals(self, slot: str, action: str = "vitals", by: str | None = None, **values: int) -> None:
        self.open(action, slot)
        self.readings(**values)
        self.choose(room_air="yes")
        if by:
            self.signer(by, PIN)
        self.confirm(slot.upper())
        self.done()

    def check_in(self, slot: str, food: str, fluid: str, *, pregnancy: str | None = None) -> None:
        self.open("check-in", slot)
        self.choose(arrived="own-vehicle", identifiers=["name", "birth-date"], suicidality="none")
        self.type(last_food=food, last_fluid=fluid)
        for taken in ("sedatives", "stimulants", "maoi", "opioids", "alcohol", "cannabis"):
            self.choose(**{f"taken-{taken}": "no"})
        if pregnancy:
            self.choose(pregnancy=pregnancy)
        self.confirm(f"Check {slot.upper()} in")
        self.done()

    def promises(self, slot: str) -> None:
        """Way home and no driving before the dose, each signed by the partner."""
        self.open("way-home", slot)
        self.choose(mode="onsite-lodging", destination="onsite-lodging", understands_until="yes", escort="none")
        self.confirm("read and sign")
        self.confirm(f"I am {slot.upper()}")
        self.done()
        self.open("no-driving", slot)
        self.choose(understood="yes")
        self.confirm("read and sign")
        self.confirm(f"I am {slot.upper()}")
        self.done()

    def dose(self, slot: str, mg: str, prescriber: str = "MD1") -> None:
        self.permit(slot, mg, prescriber)
        self.give(slot, mg)

    def permit(self, slot: str, mg: str, prescriber: str = "MD1") -> None:
        self.open("authorise", slot)
        self.type(mg=mg)
        self.signer(prescriber, PIN)
        self.confirm(f"Permit {slot.upper()} {mg} mg")
        self.done()

    def offer(self, slot: str) -> None:
        self.open("offer", slot)
        self.choose(private="yes")
        self.confirm(f"Offered to {slot.upper()}")
        self.done()

    def decline(self, slot: str) -> None:
        self.open("decline", slot)
        self.choose(private="yes", reason_class="withheld", pressure_concern="no", role_after="dosing")
        self.confirm(f"Let {slot.upper()} sign")
        self.confirm(f"I am {slot.upper()}")
        self.done()

    def give(self, slot: str, mg: str) -> None:
        self.open("give", slot)
        self.choose(count_checked="yes", identifiers=["name", "birth-date"], self_administered="no", swallowed="yes")
        self.type(hold_min="12")
        self.confirm(f"Give {slot.upper()} {mg} mg")
        self.done()

    def open_session(self, staff: str = "RN1") -> None:
        self.open("open")
        self.choose(presence="on-site", role_a="dosing", role_b="dosing")
        self.signer(staff)
        self.confirm("Open the session")
        self.done()
        self.open("watch")
        self.choose(in_person="yes")
        self.confirm("Begin to watch")
        self.done()

    def phase(self, name: str) -> None:
        self.open("phase")
        self.choose(phase=name)
        self.confirm()
        self.done()

    def assess(self, slot: str, **values: int) -> None:
        self.open("assess", slot)
        self.readings(**values)
        self.choose(room_air="yes", gait_steady="yes", orientation="4")
        for item in ("activity", "respiration", "circulation", "consciousness", "oxygenation"):
            self.choose(**{f"aldrete-{item}": "2"})
        self.confirm(f"Record {slot.upper()}")
        self.done()

    def promise_again(self, slot: str) -> None:
        self.open("no-driving-again", slot)
        self.choose(teach_back="yes", keys_secured="yes", vehicle_on_site="yes", escort="none")
        self.confirm("read and sign")
        self.confirm(f"I am {slot.upper()}")
        self.done()

    def release(self, slot: str, disposition: str = "onsite-lodging", by: str = "MD1") -> None:
        self.open("release", slot)
        self.choose(disposition=disposition)
        self.type(contact="+1 518 555 0190")
        self.signer(by, PIN)
        self.confirm(f"Release {slot.upper()}")

    def departed(self, slot: str) -> None:
        self.open("departed", slot)
        self.choose(mode="onsite-lodging", destination="onsite-lodging", escort="none")
        self.confirm(f"{slot.upper()} has left")
        self.done()

    def hand_over(self, incoming: str, outgoing: str | None = None) -> None:
        """Both sign; `outgoing` when they are not signed in at this tablet."""
        self.open("hand-over")
        if outgoing:
            self.signer(outgoing, PIN, "[data-side=outgoing]")
        self.signer(incoming, PIN, "[data-side=incoming]")
        self.confirm("Hand over")
        self.done()

    def close_session(self) -> None:
        self.open("close-session")
        self.choose(stock_balanced="yes", ended_a="departed", ended_b="departed")
        self.choose(follow_up_booked_a="yes", follow_up_booked_b="yes")
        self.confirm("Close the session")
        self.done()
