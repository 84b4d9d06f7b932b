"""
The Saturday of the retreat weekend, recorded through the page by the people of the story, and verified from its bytes.

Minute by minute as the story has it, with two things gone wrong on purpose: Ana's check of 10:45 is let lapse, and
Ben, who was dosed, is offered as her escort and refused.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

pytest.importorskip("playwright", reason="there is no browser")

from playwright.sync_api import expect  # after the check that it is there

from ledger.encoding import to_instant
from ledger.follow import events_from
from ledger.session import replay
from projections.compliance.finding import Finding
from projections.compliance.reader import Compliance
from tests.browser.room_hands import Hands
from tests.browser.room_site import RoomSite, play_until_saturday, serve

NEW_YORK = ZoneInfo("America/New_York")


def at(clock: str) -> datetime:
    """A time of that Saturday in New York."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 5, 16, hour, minute, tzinfo=NEW_YORK)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[RoomSite]:
    session = play_until_saturday(tmp_path / "ledger")
    served, stop = serve(tmp_path / "ledger", session)
    yield served
    stop()


@pytest.fixture
def hands(browser: Any, site: RoomSite) -> Iterator[Hands]:
    context = browser.new_context(viewport={"width": 1180, "height": 820})
    context.set_default_timeout(10_000)
    person = Hands(context.new_page(), site.url)
    person.sign_in("RN1")
    person.load_practice_keys(site.people)
    yield person
    context.close()


def test_the_saturday_is_recorded_through_the_page_and_verifies(  # noqa: PLR0915  # a day is long
    hands: Hands, site: RoomSite
) -> None:
    session = f"session/{site.session}"

    def minute(clock: str, *acts: Callable[[], None]) -> None:
        site.clock.move_to(at(clock))
        hands.sees_the_time()
        for act in acts:
            act()

    def check(clock: str, slot: str, systolic: int, diastolic: int, **more: int) -> None:
        values: dict[str, Any] = {
            "systolic": systolic,
            "diastolic": diastolic,
            "heart_rate": 70,
            "spo2": 98,
            "moaas": 5,
        }
        minute(clock, lambda: hands.vitals(slot, "vitals", **values | more))

    def comes(staff: str) -> None:
        hands.sign_in(staff, f"/room/{site.session}")
        hands.page.locator("main[data-ready]").wait_for()

    hands.enter(site.session)
    minute("09:30", hands.open_session)
    minute("09:40", lambda: hands.check_in("a", "07:10", "08:45", pregnancy="not-pregnant"))
    minute("09:42", lambda: hands.check_in("b", "07:15", "08:50"))
    for clock, slot, systolic, diastolic, rate in (("09:50", "a", 122, 78, 70), ("09:53", "b", 131, 84, 76)):
        values = {"systolic": systolic, "diastolic": diastolic, "heart_rate": rate, "spo2": 98, "respiratory_rate": 14}
        minute(clock, lambda s=slot, v=values: hands.vitals(s, "pre-dose", **v))  # type: ignore[misc]  # a loop's values
    minute("09:56", lambda: hands.promises("a"))
    minute("09:57", lambda: hands.promises("b"))
    minute("10:03", lambda: hands.permit("a", "100"))
    minute("10:04", lambda: hands.permit("b", "100"))
    minute("10:05", lambda: hands.give("a", "100"))
    minute("10:07", lambda: hands.give("b", "100"))
    check("10:20", "a", 128, 80)
    check("10:21", "b", 136, 86, spo2=97)
    check("10:35", "a", 132, 84)
    check("10:36", "b", 142, 90)
    check("10:47", "b", 146, 92)
    minute("10:50", lambda: hands.permit("a", "50"), lambda: hands.give("a", "50"))
    minute("10:52", lambda: decline(hands, "b"))
    minute("10:56", lambda: expect(hands.page.locator("[data-due=a]")).to_contain_text("since 10:50"))
    check("11:05", "a", 138, 86, moaas=4)
    check("11:06", "b", 144, 90)
    check("11:20", "a", 136, 84)
    check("11:35", "a", 132, 82)
    check("11:36", "b", 138, 88)
    check("11:50", "a", 130, 82)
    minute("12:00", lambda: hands.hand_over("MD1"))
    comes("MD1")
    check("12:06", "b", 134, 86)
    check("12:20", "a", 126, 80)
    minute("12:25", lambda: hands.hand_over("RN1"))
    comes("RN1")
    check("12:36", "b", 132, 84)
    check("12:50", "a", 124, 80)
    for clock, slot, systolic, diastolic in (("13:06", "a", 122, 78), ("13:08", "b", 130, 82)):
        values = {"systolic": systolic, "diastolic": diastolic, "heart_rate": 70, "spo2": 98, "moaas": 5, "cadss6": 0}
        minute(clock, lambda s=slot, v=values: hands.assess(s, **v))  # type: ignore[misc]  # a loop's values
    minute("13:10", lambda: hands.promise_again("a"))
    minute("13:11", lambda: hands.promise_again("b"))
    minute("13:11", lambda: refused_escort(hands))
    minute("13:12", lambda: hands.release("a"), hands.done)
    minute("13:14", lambda: hands.release("b"), hands.done)
    minute("13:15", lambda: hands.departed("a"), lambda: hands.departed("b"))
    minute("13:30", hands.close_session)

    the_day_is_as_it_was_done(site, session)
    the_lapsed_check_is_the_only_finding(site, session)
    the_bytes_verify(site)


def decline(hands: Hands, slot: str) -> None:
    """A second dose is offered and declined, signed by the partner."""
    hands.open("offer", slot)
    hands.choose(private="yes")
    hands.confirm(f"Offered to {slot.upper()}")
    hands.done()
    hands.open("decline", slot)
    hands.choose(private="yes", reason_class="withheld", pressure_concern="no", role_after="dosing")
    hands.confirm(f"Let {slot.upper()} sign")
    hands.confirm(f"I am {slot.upper()}, and I say no")
    hands.done()


def refused_escort(hands: Hands) -> None:
    """Ben is seen as Ana's escort; a release into his care is refused with the rule, and nothing is recorded."""
    hands.open("escort", "a")
    hands.choose(escort="partner", identified="yes", adult="yes", sober="yes", instructed="yes")
    hands.confirm("Escort of A")
    hands.done()
    hands.release("a", "sober-partner")
    expect(hands.page.locator("dialog.sheet .refusal [data-rule='REL-07']")).to_be_visible()
    hands.page.keyboard.press("Escape")
    hands.done()


def the_day_is_as_it_was_done(site: RoomSite, session: str) -> None:
    events = [
        e for e in events_from(site.opened.store, site.opened.subject_keys, 0, 10_000) if e.stream.startswith(session)
    ]
    state = replay(session, events)

    assert state.status == "closed"
    assert (str(state.a.total_mg), str(state.b.total_mg)) == ("150", "100")
    for partner, until in ((state.a, "2026-05-17 10:5"), (state.b, "2026-05-17 10:0")):
        assert partner.released_until is not None
        assert partner.released_until.local.startswith(until)
        assert partner.departed_at is not None


def the_lapsed_check_is_the_only_finding(site: RoomSite, session: str) -> None:
    compliance = Compliance(site.opened.store, site.opened.subject_keys)
    found = compliance.findings(session, as_of=to_instant(at("14:00")))
    breached: list[Finding] = [finding for finding in found if finding.verdict == "breached"]

    assert [(finding.rule, finding.slot) for finding in breached] == [("SUP-05", "a")]
    assert breached[0].due is not None
    assert breached[0].due.startswith("2026-05-16T14:50")


def the_bytes_verify(site: RoomSite) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from api.commands import main; main()",
            "verify",
            str(site.opened.folder.root),
            "--json",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)

    assert done.returncode == 0, done.stderr
    assert report["holds"] is True
    assert report["held_checkpoints"] == 1
    assert report["withheld_blocks"] == 0
