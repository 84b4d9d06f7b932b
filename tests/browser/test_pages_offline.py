"""The tablet without a network: what is signed there comes whole, once, in order, and says how wrong its clock was."""

# ruff: noqa: F811  # a fixture that is asked for is no redefinition

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

import pytest

pytest.importorskip("playwright", reason="there is no browser")

from playwright.sync_api import Error, expect  # after the check that it is there

from api.web.enrolments import Enrolment, Item
from ledger.devices import Devices
from ledger.encoding import from_base64, to_instant
from ledger.envelope import pae
from ledger.events.devices import SysSyncReceived
from ledger.events.keys import KeyEnrolled
from ledger.events.sealing import make_event
from ledger.follow import events_from, place
from ledger.payload import Attestation, Occurred
from ledger.reading import PlacedEvent
from ledger.signing import SigningKey
from tests.browser.room_hands import Hands
from tests.browser.room_site import RoomSite
from tests.browser.test_pages_room import (  # noqa: F401
    CHECK,
    arrived,
    dosed,
    hands,
    recorded,
    site,
    tablet,
)

SAVED = "[data-chip=saved]"


@pytest.fixture
def heard(site: RoomSite) -> RoomSite:
    """The service has a key of its own, approved by an officer."""
    officer = next(key for key in site.service.keys.history.all() if key.officer and key.owner.startswith("staff/"))
    file = next(f for f in site.people if json.loads(f.read_text())["owner"] == officer.owner)
    seed = from_base64(json.loads(file.read_text())["secret"])
    asked = _service_key(site, officer.owner, officer.kid)
    signatures = [SigningKey(seed).sign(pae(item.payload)) for item in asked.items]
    site.service.enrolments.approve(asked.id, signatures)
    site.service.record_approved()
    return site


def _service_key(site: RoomSite, officer: str, kid: str) -> Enrolment:
    own = site.service.own_key.made()
    fields = {"alg": "ed25519", "custody": "service", "officer": False, "owner": own.owner, "pub": own.key.public.hex()}
    attested = [
        Attestation(by=own.owner, key=own.key.kid, meaning="possession", role="service"),
        Attestation(by=officer, key=kid, meaning="enrolled", role="security-officer"),
    ]
    now = Occurred(at=to_instant(site.clock.wall()), offset=0, precision="s", zone="UTC")
    data = site.service.composer().payload(make_event(KeyEnrolled, fields), "keys", attested, now)[0].bytes()
    return site.service.enrolments.hand_in([Item(data, own.key.sign(pae(data)))], officer)


def log_of(site: RoomSite) -> list[PlacedEvent]:
    store = site.opened.store
    return list(events_from(store, site.opened.subject_keys, 0, store.head().size))


def faults(site: RoomSite) -> list[str]:
    devices = Devices()
    for placed in log_of(site):
        devices.take(placed)
    return [fault.fault for chain in devices for fault in chain.faults(site.opened.store.head().size)]


def taps_offline(hands: Hands, tablet: Any, *slots: str) -> None:
    tablet.set_offline(True)
    for slot in slots:
        hands.page.click(f"[data-action=as-expected][data-slot={slot}]")
        expect(hands.page.locator("[data-told]")).to_contain_text(f"kept here · {slot.upper()} as expected")


def test_three_taps_offline_a_reload_offline_and_the_network_again_are_three_entries_in_a_whole_chain(
    dosed: Hands,
    site: RoomSite,
    tablet: Any,
) -> None:
    taps_offline(dosed, tablet, "a", "b", "a")
    expect(dosed.page.locator(SAVED)).to_contain_text("3 waiting")
    with suppress(Error):  # there is no network to load the page from
        dosed.page.reload(timeout=3000)
    assert recorded(site, CHECK) == []
    tablet.set_offline(False)
    dosed.enter(site.session)

    expect(dosed.page.locator(SAVED)).to_have_text("Saved · 0 waiting")
    rows = recorded(site, CHECK)
    assert [row.stream[-1] for row in rows] == ["a", "b", "a"]
    assert faults(site) == []
    links = [place(site.opened.store, row).payload.device for row in rows]
    assert len({link.id for link in links if link}) == 1
    seqs = [link.seq for link in links if link]
    assert seqs == [seqs[0], seqs[0] + 1, seqs[0] + 2]


def test_everything_from_the_first_tap_on_stands_in_one_chain_of_an_enrolled_device(
    dosed: Hands,
    site: RoomSite,
) -> None:
    links = [placed.payload.device for placed in log_of(site) if placed.payload.device is not None]

    assert [link.seq for link in links] == list(range(1, len(links) + 1))
    assert faults(site) == []
    (device,) = dosed.page.request.get(f"{site.url}/v1/devices").json()["devices"]
    assert (device["id"], device["enrolled"]) == (links[0].id, True)


def test_what_was_refused_leaves_no_hole_in_the_chain(dosed: Hands, site: RoomSite) -> None:
    dosed.release("a")
    expect(dosed.page.locator("dialog.sheet .refusal")).to_be_visible()
    dosed.page.click("dialog.sheet [data-action=cancel]")
    dosed.as_expected("a")

    assert faults(site) == []


def test_a_clock_that_was_moved_while_offline_is_a_finding_and_its_times_are_adjusted(
    dosed: Hands,
    heard: RoomSite,
    tablet: Any,
) -> None:
    tablet.set_offline(True)
    dosed.page.evaluate(  # an answer that is still on its way would teach the page how wrong the moved clock is
        """async () => {
          for (let frame = 0; frame < 30; frame++) await new Promise(requestAnimationFrame);
          const now = Date.now.bind(Date);
          Date.now = () => now() + 7 * 60_000;
        }"""
    )
    before = heard.clock.wall()
    taps_offline(dosed, tablet, "a", "b")
    tablet.set_offline(False)
    expect(dosed.page.locator(SAVED)).to_have_text("Saved · 0 waiting")

    (sync,) = [each.event for each in log_of(heard) if isinstance(each.event, SysSyncReceived)]
    assert sync.offset_ms is not None
    assert abs(sync.offset_ms - 420_000) < 15_000
    found = dosed.page.request.get(f"{heard.url}/v1/sessions/{heard.session}/room").json()["findings"]
    clocks = [each for each in found if each["rule"] == "REC-06" and each["verdict"] == "breached"]
    assert [(each["slot"], each["severity"]) for each in clocks] == [("a", "m"), ("b", "m")]
    assert re.search(r"clock that was (6 min \d+ s|7 min) ahead", clocks[0]["sentence"])
    checks = [each for each in log_of(heard) if each.event.type == CHECK]
    assert all(each.payload.occurred.at > f"{before:%Y-%m-%dT%H:%M}" for each in checks)
    assert faults(heard) == []


def test_a_refused_one_is_kept_aside_with_its_reason_and_the_others_are_recorded(
    dosed: Hands,
    site: RoomSite,
    tablet: Any,
) -> None:
    """The signature of the second one is spoilt while it waits."""
    taps_offline(dosed, tablet, "a", "b", "a")
    dosed.page.evaluate(
        """() => new Promise(done => {
          const opening = indexedDB.open('session-ledger-outbox');
          opening.onsuccess = () => {
            const change = opening.result.transaction('signed', 'readwrite');
            const store = change.objectStore('signed');
            store.getAll().onsuccess = ({ target }) => {
              const item = target.result[1];
              const envelope = JSON.parse(item.envelope);
              envelope.signatures[0].sig = envelope.signatures[0].sig.replace(/^./, c => c === 'A' ? 'B' : 'A');
              store.put({ ...item, envelope: JSON.stringify(envelope) });
            };
            change.oncomplete = () => (opening.result.close(), done());
          };
        })"""
    )
    tablet.set_offline(False)

    expect(dosed.page.locator(SAVED)).to_contain_text("0 waiting")
    expect(dosed.page.locator("[data-refused]")).to_contain_text("B as expected")
    assert [row.stream[-1] for row in recorded(site, CHECK)] == ["a", "a"]
    assert faults(site) == ["hole"]


def test_a_tablet_whose_memory_lost_the_last_taps_goes_on_behind_what_the_log_holds(
    dosed: Hands, site: RoomSite
) -> None:
    dosed.as_expected("a")
    dosed.page.evaluate(
        """() => new Promise(done => {
          const opening = indexedDB.open('session-ledger-outbox');
          opening.onsuccess = () => {
            const change = opening.result.transaction('chains', 'readwrite');
            const store = change.objectStore('chains');
            store.getAll().onsuccess = ({ target }) => store.put({ ...target.result[0], seq: 1, prev: null });
            change.oncomplete = () => (opening.result.close(), done());
          };
        })"""
    )
    dosed.enter(site.session)
    dosed.as_expected("b")

    assert faults(site) == []
