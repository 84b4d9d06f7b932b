"""The page of forms in a real browser: a couple is registered, evaluated, consents, is ordered for and planned."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("playwright", reason="there is no browser")

from playwright.sync_api import expect  # after the check that it is there

from ledger.follow import place
from ledger.reading import PlacedEvent
from ledger.store.port import EventRow
from tests.browser.axe import look_over
from tests.browser.form_hands import Desk
from tests.browser.room_site import PASSWORD, PIN, RoomSite
from tests.browser.test_pages_room import LANDSCAPE, PORTRAIT, site, tablet  # noqa: F401  # the fixtures

SCOPE = {"joint": True, "off_label_ketamine": True, "solo": True, "data_sharing": False} | {
    "observers": False,
    "recording": False,
}


@pytest.fixture
def desk(tablet: Any, site: RoomSite) -> Desk:  # noqa: F811  # the fixtures
    """PT1 at the desk: registrar, scheduler, therapist and officer."""
    person = Desk(tablet.new_page(), site.url)
    person.page.emulate_media(reduced_motion="reduce")
    person.sign_in("PT1")
    person.load_practice_keys(site.people)
    return person


def entries(room: RoomSite, kind: str) -> list[PlacedEvent]:
    store = room.opened.store
    rows = [row for row in store.rows(0, room.service.size) if isinstance(row, EventRow) and row.type == kind]
    return [place(store, row) for row in rows]


def registers(desk: Desk, name: str, sex: str, *, pregnancy: bool) -> str:
    desk.form("participant-registered")
    pseudonym = str(desk.page.locator('[data-path="pseudonym"]').input_value())
    desk.fill_in(
        pregnancy_applicable=pregnancy, address="5 Prospect Avenue, Hudson, NY 12534", birth_date="1990-01-23",
        id_check="passport", language="en", name=name, phone="+1 518 555 0191", sex=sex, time_zone="America/New_York",
    )  # fmt: skip
    summary = desk.look()
    expect(summary).to_contain_text(name)
    assert "a new participant" in desk.sign()
    return pseudonym


def what_is_missing_is_said_in_its_place(desk: Desk, room: RoomSite) -> None:
    page = desk.page
    page.goto(f"{room.url}/record")
    page.locator("main[data-ready]").wait_for()
    page.goto(f"{room.url}/record?type=countersignature-given/1&slot=a")
    expect(page.locator(".empty")).to_contain_text("on the page of the entry it is about")
    page.goto(f"{room.url}/record")
    page.locator("main[data-ready]").wait_for()
    page.fill("[data-search]", "couple reformed")
    expect(page.locator("[data-found]")).to_have_text("1 found")
    page.fill("[data-search]", "participant may take part")
    for theme in ("dark", "light"):
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        look_over(page, f"list {theme}")
    page.locator("[data-type=participant-registered]").click()
    page.locator("form[data-form=participant-registered]").wait_for()
    before = room.service.size
    page.click("[data-action=look]")
    expect(page.locator("[data-trouble]").first).to_contain_text("Not yet: pregnancy applicable, address, birth date")
    expect(page.locator('[data-entry="phone"] .wrong')).to_have_text("This is needed.")
    expect(page.locator('[data-path="pregnancy_applicable"]').first).to_be_focused()
    for width, height in (PORTRAIT, LANDSCAPE, (320, 700)):
        page.set_viewport_size({"width": width, "height": height})
        look_over(page, f"form with what is missing {width}")
    page.set_viewport_size({"width": LANDSCAPE[0], "height": LANDSCAPE[1]})
    assert room.service.size == before


def a_couple_comes(desk: Desk, room: RoomSite) -> PlacedEvent:
    ida = registers(desk, "Ida Test", "female", pregnancy=True)
    jon = registers(desk, "Jon Test", "male", pregnancy=False)
    desk.form("couple-registered")
    desk.fill_in(code="C-77", sharing_policy="v1", started="2026-05-16")
    desk.choose_by_word("location", "R-1")
    desk.choose_by_word("person_a", ida)
    desk.choose_by_word("person_b", jon)
    assert desk.records().endswith("checked")
    (couple,) = [each for each in entries(room, "couple-registered/1") if each.payload.body["code"] == "C-77"]
    return couple


def one_consents_with_a_key_of_their_own(desk: Desk, room: RoomSite) -> PlacedEvent:
    page = desk.page
    desk.form("consent-signed", couple="C-77", slot="a")
    assert page.locator('[data-path="record"] option:checked').inner_text() == "C-77, A"
    desk.choose_by_word("published-form", "consent-kap v3")
    desk.fill_in(capacity=True, valid_until="2027-05-01", scope__routes=["sublingual", "intramuscular"])
    desk.fill_in(**{f"scope__{name}": said for name, said in SCOPE.items()})
    page.click("[data-action=look]")
    page.locator("[data-action=make-key]").wait_for()
    page.select_option("#own-key-officer", label="PT1")
    page.click("[data-action=make-key]")
    expect(page.locator("[data-trouble]").first).to_contain_text("made here and handed in")
    page.once("dialog", lambda asked: asked.accept())
    page.goto(f"{room.url}/officer")
    page.click("[data-action=approve]")
    page.locator("[data-enrolment][data-state=recorded]").wait_for()
    desk.form("consent-signed", couple="C-77", slot="a")
    desk.choose_by_word("published-form", "consent-kap v3")
    desk.fill_in(capacity=True, valid_until="2027-05-01", scope__routes=["sublingual", "intramuscular"])
    desk.fill_in(**{f"scope__{name}": said for name, said in SCOPE.items()})
    summary = desk.look()
    expect(summary).to_contain_text("Hand the tablet to C-77, A")
    for theme in ("dark", "light"):
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        look_over(page, f"summary {theme}")
    assert "C-77, A" in desk.sign()
    consent = entries(room, "consent-signed/1")[-1]
    assert [(each.meaning, each.role) for each in consent.payload.attested] == [
        ("consented", "participant"),
        ("witnessed", "therapist"),
    ]
    return consent


def the_prescriber_evaluates_and_orders(desk: Desk, room: RoomSite, consent: PlacedEvent) -> None:
    page = desk.page
    desk.form("evaluation-completed", record=consent.stream, weight="12")
    expect(page.locator('[data-path="weight"]')).to_have_value("")  # what is measured comes from nobody's link
    desk.fill_in(modality="in-person", outcome="eligible", pdmp_checked=True, private=True, urinary_screened=False)
    desk.fill_in(weight="320")
    desk.fill_in(**{"contraindications?": True})
    page.locator(".signer [data-value=MD1]").check()
    page.fill(".signer [data-field=pin]", PIN)
    page.click("[data-action=look]")
    expect(page.locator('[data-entry="weight"] .wrong')).to_contain_text("Outside 35 to 220 [D]")
    desk.fill_in(weight="62.5")
    assert desk.records()
    desk.form("order-signed", record=consent.stream)
    desk.fill_in(
        route="sublingual", drug="ketamine", form="lozenge", dose_min__value="100", dose_max__value="100.0000",
        max_redoses="0", valid_from="2026-05-16", valid_to="2026-06-16",
    )  # fmt: skip
    page.locator(".signer [data-value=MD1]").check()
    page.fill(".signer [data-field=pin]", PIN)
    page.click("[data-action=look]")
    expect(page.locator('[data-entry="dose_max.value"] .wrong')).to_have_text("At most 3 decimals.")
    desk.fill_in(dose_max__value="5000")
    desk.look()
    page.click("[data-action=sign]")  # the ledger knows what the page does not: what a dose by this route can be
    expect(page.locator('[data-entry="dose_max.value"] .wrong')).to_have_text(
        "impossible: more than 2000 mg sublingual."
    )
    expect(page.locator('[data-path="dose_max.value"]')).to_be_focused()
    desk.fill_in(dose_max__value="100.5")
    page.fill(".signer [data-field=pin]", PIN)
    assert desk.records()
    (order,) = [each for each in entries(room, "order-signed/1") if each.stream == consent.stream]
    assert order.payload.body["dose_max"] == {"unit": "mg", "value": "100.5"}


def their_session_is_planned(desk: Desk, room: RoomSite, couple: PlacedEvent) -> PlacedEvent:
    page = desk.page
    desk.form("session-scheduled", couple="C-77", location="R-1", mode="simultaneous")
    desk.fill_in(ordinal="1", planned_start="2026-05-20T09:00")
    assert page.locator('[data-path="person_a"] option:checked').inner_text() == "C-77, A"
    page.click('[data-add="staff"]')
    desk.fill_in(staff__0__role="nurse")
    desk.choose_by_word("staff.0.staff", "RN1")
    assert "a new session" in desk.records()
    planned = entries(room, "session-scheduled/1")[-1]
    assert planned.payload.body["couple"] == couple.stream
    assert planned.payload.body["planned_start"] == "2026-05-20T13:00:00.000000Z"
    page.goto(f"{room.url}/")
    expect(page.locator(f"[data-session='{planned.stream[8:]}']")).to_contain_text("C-77 · session 1")
    return planned


def a_closed_gate_names_rule_evidence_and_override(desk: Desk, planned: PlacedEvent) -> None:
    page = desk.page
    desk.form("session-opened", session=planned.stream[8:])
    desk.choose_by_word("location", "R-1")
    desk.fill_in(mode="simultaneous", presence="on-site")
    page.locator('[data-path="protocol"]').select_option(index=1)
    expect(desk.look()).to_contain_text("KAP-COUPLE-SL")
    page.click("[data-action=sign]")
    expect(page.locator("[data-summary] [data-code=gate-closed]")).to_be_visible()
    expect(page.locator("[data-summary] .override-form").first).to_be_visible()
    expect(page.locator("[data-summary] .objections")).to_contain_text("ELIG-")
    look_over(page, "gate closed")
    page.click("[data-action=back]")
    expect(page.locator('[data-path="mode"][data-value="simultaneous"]')).to_be_checked()


def a_container_is_received_and_a_second_person_witnesses(desk: Desk, room: RoomSite) -> None:
    page = desk.page
    desk.form("stock-received")
    desk.fill_in(
        amount__value="500", code="V-90", expires="2027-01-31", form="vial", invoice="INV-1", lot="LOT-9", units="1",
        product="ketamine-50", supplier="Example Wholesale", drug="ketamine", concentration="50", volume="10",
        invoice_date="2026-05-15", supplier_address="1 Dock Road", supplier_dea="FX0000009",
    )  # fmt: skip
    desk.choose_by_word("location", "R-1")
    page.locator("[data-meaning=received] [data-value=RN1]").check()
    page.fill("[data-meaning=received] [data-field=pin]", PIN)
    page.locator('[data-path="signs.witnessed"]').check()
    page.locator("[data-meaning=witnessed] [data-value=RN1]").check()
    page.fill("[data-meaning=witnessed] [data-field=pin]", PIN)
    page.click("[data-action=look]")
    expect(page.locator("[data-trouble]").first).to_contain_text("RN1 cannot sign twice")
    page.fill("[data-meaning=received] [data-field=pin]", PIN)
    page.locator("[data-meaning=witnessed] [data-value=MD1]").check()
    page.fill("[data-meaning=witnessed] [data-field=pin]", PIN)
    expect(desk.look()).to_contain_text("RN1 takes it over, as custodian; MD1 witnesses it")
    desk.sign()
    expect(page.locator("[data-entry-link]")).to_be_visible()  # who reads entries is led to it
    received = entries(room, "stock-received/1")[-1]
    assert [each.meaning for each in received.payload.attested] == ["received", "witnessed"]
    desk.form("container-opened", container="V-90")
    assert page.locator('[data-path="record"] option:checked').inner_text() == "V-90"


def without_the_network_it_waits(desk: Desk, room: RoomSite) -> None:
    page = desk.page
    desk.form("credential-granted")
    desk.choose_by_word("record", "RN1")
    desk.fill_in(credential="bls", issuer="American Heart Association", effective="2026-05-01", expires="2028-05-01")
    page.locator(".signer [data-value=PT1]").check()
    desk.look()
    granted = len(entries(room, "credential-granted/1"))
    page.context.set_offline(True)
    page.click("[data-action=sign]")
    expect(page.locator("[data-outcome=kept]")).to_contain_text("sent when the network is back")
    page.context.set_offline(False)
    expect(page.locator("[data-waiting]")).to_be_hidden(timeout=15_000)
    assert len(entries(room, "credential-granted/1")) == granted + 1


def test_a_couple_is_registered_evaluated_consents_is_ordered_for_and_planned(
    desk: Desk,
    site: RoomSite,  # noqa: F811  # the fixture
) -> None:
    what_is_missing_is_said_in_its_place(desk, site)
    couple = a_couple_comes(desk, site)
    consent = one_consents_with_a_key_of_their_own(desk, site)
    the_prescriber_evaluates_and_orders(desk, site, consent)
    planned = their_session_is_planned(desk, site, couple)
    a_closed_gate_names_rule_evidence_and_override(desk, planned)
    a_container_is_received_and_a_second_person_witnesses(desk, site)
    without_the_network_it_waits(desk, site)


def test_whose_key_the_service_keeps_signs_by_pin_and_the_receipt_is_checked(tablet: Any, site: RoomSite) -> None:  # noqa: F811
    nurse = Desk(tablet.new_page(), site.url)
    nurse.sign_in("RN1")
    page = nurse.page
    page.goto(f"{site.url}/tablet-keys")
    page.locator("main[data-ready]").wait_for()
    page.select_option("#kept-officer", label="PT1")
    page.fill("#kept-pin", PIN)
    page.click("[data-action=make-kept]")
    expect(page.locator("[data-told]")).to_contain_text("PT1 approves it")
    page.click("[data-action=sign-out]")
    page.wait_for_url(f"{site.url}/sign-in*")

    nurse.sign_in("PT1")
    officers = [file for file in site.people if file.stem == _key_of(site, "PT1")]
    nurse.load_practice_keys(officers)
    page.goto(f"{site.url}/officer")
    page.click("[data-action=approve]")
    page.locator("[data-enrolment][data-state=recorded]").wait_for()
    page.click("[data-action=sign-out]")
    page.wait_for_url(f"{site.url}/sign-in*")

    page.goto(f"{site.url}/record?type=emergency-readiness-checked&location=R-1")  # who follows a link comes back to it
    page.locator("form[data-ready]").wait_for()
    page.fill("#staff", "RN1")
    page.fill("#password", PASSWORD)
    page.click("[data-action=sign-in]")
    page.locator("form[data-form=emergency-readiness-checked]").wait_for()
    assert page.locator('[data-path="record"] option:checked').inner_text() == "R-1"
    nurse.fill_in(
        aed_self_test=True, bag_valve_mask=True, ed_route=True, oxygen=True, phone_test=True, suction=True,
    )  # fmt: skip
    page.fill("[data-path=kept-pin]", PIN)
    assert nurse.records().endswith("checked")
    assert entries(site, "emergency-readiness-checked/1")[-1].payload.attested[0].role == "nurse"


def _key_of(room: RoomSite, code: str) -> str:
    from api.web.staff import find_staff

    return find_staff(room.service.database, code).owner.replace("/", "-")
