"""A refused authorisation on the room page: which rules, who may override, the form that signs it, and the cure."""

# ruff: noqa: F811  # a fixture that is asked for is no redefinition

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("playwright", reason="there is no browser")

from playwright.sync_api import expect  # after the check that it is there

from ledger.encoding import to_instant
from ledger.events.deviations import AuthorisationOverridden, RuleOverriddenForPartner
from ledger.follow import events_from
from projections.compliance.reader import Compliance
from projections.compliance.rules import RULES
from tests.browser.axe import look_over
from tests.browser.room_hands import Hands
from tests.browser.room_site import PIN, RoomSite
from tests.browser.test_pages_room import (  # noqa: F401
    arrived,
    at,
    dosed,
    hands,
    recorded,
    site,
    tablet,
)

FORM = "[data-override-by={}]"


def overrides(hands: Hands, role: str, *which: str, reason: str = "She is looked after.", pin: str = PIN) -> Any:
    """The form is filled in and signed."""
    form = hands.page.locator(FORM.format(role))
    for each in which:
        form.locator(f"[data-field=override][data-value^='{each}']").check()
    form.locator("[data-field=override-reason]").fill(reason)
    form.locator("[data-field=signer][data-value=MD1]").check()
    form.locator("[data-field=pin]").fill(pin)
    form.locator("[data-action=sign-override]").click()
    return form


def of_types(site: RoomSite, *kinds: type) -> list[Any]:
    everything = events_from(site.opened.store, site.opened.subject_keys, 0, site.opened.store.head().size)
    return [placed for placed in everything if isinstance(placed.event, kinds)]


def test_what_is_refused_is_overridden_in_its_form_then_given_again_and_stays_a_declared_finding(
    dosed: Hands, site: RoomSite
) -> None:
    site.clock.move_to(at(10, 30))
    dosed.sees_the_time()
    dosed.release("a", "onsite-lodging")
    refusal = dosed.page.locator("dialog.sheet .refusal")
    expect(refusal.locator("[data-rule='REL-01']")).to_contain_text("A prescriber may override it beforehand")
    asked = ["REL-01", "REL-02", "REL-03", "REL-04", "REL-06"]

    form = overrides(dosed, "prescriber", *asked)
    expect(form.locator("[data-overridden]")).to_contain_text("Overridden by MD1: REL-01 for A, receipt")
    expect(form.locator("[data-overridden]")).to_contain_text("REL-06 for A, receipt")
    expect(form.locator("[data-field=override]")).to_have_count(0)
    assert recorded(site, "release-authorised/1") == []
    dosed.pin()
    dosed.confirm("Release A")
    dosed.done()

    given = of_types(site, RuleOverriddenForPartner)
    assert [(each.event.rule, each.event.permits, each.stream[-2:]) for each in given] == [
        (rule, "release", "/a") for rule in asked
    ]
    assert {(signer.role, signer.meaning) for each in given for signer in each.payload.attested} == {
        ("prescriber", "authorised")
    }
    assert all(each.event.evidence for each in given if each.event.rule == "REL-01"), "the dose that was weighed"
    (release,) = recorded(site, "release-authorised/1")
    found = Compliance(site.opened.store, site.opened.subject_keys).findings(
        f"session/{site.session}", as_of=to_instant(site.clock.wall())
    )
    declared = {f.rule: f.declared_by for f in found if f.verdict == "breached" and f.slot == "a" and f.declared_by}
    assert declared == {each.event.rule: each.position for each in given}
    assert max(declared.values()) < release.position


def test_a_wrong_pin_or_no_reason_signs_no_override_and_loses_nothing(dosed: Hands, site: RoomSite) -> None:
    dosed.release("a", "onsite-lodging")

    form = overrides(dosed, "prescriber", "REL-01", pin="111112")
    expect(form.locator("[role=alert]")).to_contain_text("PIN")
    form = overrides(dosed, "prescriber", reason="")
    expect(form.locator("[role=alert]")).to_contain_text("Say why")

    expect(form.locator("[data-field=override][data-value^='REL-01']")).to_be_checked()
    assert of_types(site, RuleOverriddenForPartner) == []
    expect(dosed.page.locator("dialog.sheet [data-field=disposition][data-value=onsite-lodging]")).to_be_checked()


def test_what_nobody_may_override_offers_only_the_cure(arrived: Hands, site: RoomSite) -> None:
    arrived.vitals("a", "pre-dose", systolic=165, diastolic=95, heart_rate=70, spo2=98, respiratory_rate=14)
    arrived.open("authorise", "a")
    arrived.type(mg="100")
    arrived.signer("MD1", PIN)
    arrived.confirm("Permit A 100 mg")

    refusal = arrived.page.locator("dialog.sheet .refusal")
    expect(refusal.locator("[data-rule='PRE-02']")).to_contain_text("Nobody may override it. Wait for calmer readings")
    expect(arrived.page.locator("dialog.sheet .override-form")).to_have_count(0)
    assert recorded(site, "dose-authorised/1") == []


def test_beside_an_objection_that_may_be_overridden_one_that_may_not_has_no_box(dosed: Hands) -> None:
    dosed.open("escort", "a")
    dosed.choose(escort="partner", identified="yes", adult="yes", sober="yes", instructed="yes")
    dosed.confirm("Escort of A")
    dosed.done()
    dosed.release("a", "sober-partner")

    form = dosed.page.locator(FORM.format("prescriber"))
    expect(form.locator("[data-field=override][data-value^='REL-01']")).to_have_count(1)
    expect(form.locator("[data-field=override][data-value^='REL-07']")).to_have_count(0)
    expect(dosed.page.locator("dialog.sheet .refusal [data-rule='REL-07']")).to_contain_text(
        "Another escort who was not dosed"
    )


@pytest.fixture
def next_day(hands: Hands, site: RoomSite) -> Hands:
    """Sunday 09:30: the emergency equipment was last checked more than a day ago."""
    site.clock.move_to(at(9, 30).replace(day=17))
    hands.sign_in("RN1")
    hands.enter(site.session)
    return hands


def asks_to_open(hands: Hands) -> None:
    hands.open("open")
    hands.choose(presence="on-site", role_a="dosing", role_b="dosing")
    hands.signer("RN1")
    hands.confirm("Open the session")


def test_an_opening_is_overridden_by_the_medical_director_on_the_joint_record(next_day: Hands, site: RoomSite) -> None:
    asks_to_open(next_day)
    expect(next_day.page.locator("dialog.sheet [data-rule='PRE-07']")).to_contain_text("medical director may override")

    overrides(next_day, "medical-director", "PRE-07", reason="Checked just now, and not written down yet.")
    expect(next_day.page.locator("[data-overridden]")).to_contain_text("Overridden by MD1: PRE-07, receipt")
    next_day.confirm("Open the session")
    next_day.done()

    (given,) = of_types(site, AuthorisationOverridden)
    assert (given.event.rule, given.event.staff, given.stream) == ("PRE-07", None, f"session/{site.session}")
    assert [signer.role for signer in given.payload.attested] == ["medical-director"]
    assert len(recorded(site, "session-opened/1")) == 1


def test_what_was_refused_while_nobody_looked_is_overridden_where_it_was_set_aside(
    next_day: Hands, site: RoomSite, tablet: Any
) -> None:
    tablet.set_offline(True)
    asks_to_open(next_day)
    next_day.done()
    tablet.set_offline(False)
    aside = next_day.page.locator("[data-refused='session-opened/1']")
    expect(aside.locator("[data-rule='PRE-07']")).to_contain_text("medical director may override")

    overrides(next_day, "medical-director", "PRE-07", reason="Checked just now, and not written down yet.")
    expect(aside.locator("[data-overridden]")).to_contain_text("Overridden by MD1: PRE-07, receipt")
    aside.locator("[data-action=put-aside]").click()
    expect(aside).to_have_count(0)
    asks_to_open(next_day)
    next_day.done()

    assert len(of_types(site, AuthorisationOverridden)) == 1
    assert len(recorded(site, "session-opened/1")) == 1


def test_the_form_has_no_axe_violation_and_does_not_scroll_sideways(dosed: Hands) -> None:
    page = dosed.page
    dosed.release("a", "home-with-escort")
    expect(page.locator(FORM.format("prescriber"))).to_be_visible()

    for theme in ("dark", "light"):
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        for width, height in ((820, 1180), (1180, 820), (320, 700)):
            page.set_viewport_size({"width": width, "height": height})
            look_over(page, f"override {theme} {width}")


def test_every_rule_that_somebody_may_not_override_has_its_cure_in_words() -> None:
    from importlib.resources import files

    words = (files("api") / "static/pages/cures.js").read_text(encoding="utf-8")
    rules = [
        rule.id
        for rule in RULES
        if rule.gate is not None
        and (rule.gate.never or None in [rule.gate.may_override(kind) for kind in rule.gate.authorisations])
    ]

    assert [rule for rule in rules if f'"{rule}": "' not in words] == []
