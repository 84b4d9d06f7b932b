"""Statements signed with a key that is kept for somebody, opened by PIN, organisation and browser together."""

from __future__ import annotations

import httpx2

from api.web.custody import DEVICE_COOKIE
from ledger.follow import place
from ledger.store.port import EventRow
from ledger.tlog.receipt import check_receipt, parse_receipt
from tests.api.web.practice import PIN, Practice, Screen, handed, licences, registers
from tests.ledger.clinic import ORIGIN, PT1, RN1, SESSION, SLOT_A, blank, uuid

TH1 = f"staff/{uuid(8)}"
WHEN = {"at": "2026-05-15T12:00:00.000000Z", "offset": -240, "precision": "min", "zone": "America/New_York"}


def therapist(practice: Practice) -> Screen:
    """A therapist without a device of their own, signed in."""
    nurse = practice.at(RN1)
    for submission in (registers(practice.clinic, TH1, "TH1"), licences(practice.clinic, TH1)):
        assert nurse.post("/v1/events", handed(submission)).status_code == 201
    return practice.at(TH1, "therapist")


def with_key(practice: Practice) -> Screen:
    """The same, with a key that an officer approved."""
    screen, officer = therapist(practice), practice.at(PT1, "medical-director")
    waiting = screen.post("/v1/custody-keys", {"pin": PIN, "officer": "PT1"}).json()
    assert officer.post(f"/v1/enrolments/{waiting['id']}/approval", practice.approvals(waiting["items"])).is_success
    return screen


def says(screen: Screen, **changes: object) -> httpx2.Response:
    statement = {
        "type": "session-phase-changed/1",
        "stream": SESSION,
        "fields": {"covers": ["a", "b"], "phase": "dialogue"},
        "occurred": WHEN,
        "pin": PIN,
    }
    return screen.post("/v1/statements", statement | changes)


def test_a_statement_is_signed_with_the_caller_s_own_key_and_recorded_like_any_event(practice: Practice) -> None:
    screen = with_key(practice)

    answer = says(screen)

    row = practice.opened.store.row(answer.json()["position"])
    assert answer.status_code == 201
    assert isinstance(row, EventRow)
    payload = place(practice.opened.store, row).payload
    signer = payload.attested[0]
    key = practice.service.keys.history.find(signer.key)
    assert key is not None
    assert (signer.by, signer.role, signer.meaning, key.custody) == (TH1, "therapist", "performed", "service")
    assert payload.seen.size == answer.json()["position"]
    check_receipt(parse_receipt(answer.json()["receipt"].encode()), practice.vkeys, ORIGIN)
    assert answer.json()["envelope"].encode() == row.envelope


def test_sealed_fields_of_a_statement_are_sealed(practice: Practice) -> None:
    screen = with_key(practice)
    fields = blank("supervision-checked/1") | {"moaas": 5, "spo2": 98}

    answer = says(screen, type="supervision-checked/1", stream=SLOT_A, fields=fields)

    assert answer.status_code == 201
    row = practice.opened.store.row(answer.json()["position"])
    assert isinstance(row, EventRow)
    assert b"spo2" not in row.envelope
    assert len(practice.opened.store.blocks_of(row.position)) == 2


def test_a_wrong_pin_signs_nothing_and_five_sign_the_screen_out(practice: Practice) -> None:
    screen = with_key(practice)
    size = practice.size

    answers = [says(screen, pin="000001") for _ in range(5)]

    assert [answer.status_code for answer in answers] == [403] * 4 + [401]
    assert says(screen).status_code == 401
    assert practice.size == size


def test_the_key_opens_only_in_the_browser_it_was_made_in(practice: Practice) -> None:
    screen = with_key(practice)
    elsewhere = practice.screen()
    assert elsewhere.sign_in(TH1).status_code == 200

    answer = says(elsewhere)
    elsewhere.jar.set(DEVICE_COOKIE, "A" * 43, domain="testserver.local")
    guessed = says(elsewhere)

    assert (answer.status_code, answer.json()["code"]) == (403, "custody-device")
    assert (guessed.status_code, guessed.json()["code"]) == (403, "custody-device")
    assert says(screen).status_code == 201


def test_without_an_approved_key_nothing_is_signed(practice: Practice) -> None:
    screen = therapist(practice)

    before = says(screen)
    screen.post("/v1/custody-keys", {"pin": PIN, "officer": "PT1"})
    waiting = says(screen)

    assert [(each.status_code, each.json()["code"]) for each in (before, waiting)] == [(409, "custody-key")] * 2


def test_officers_keep_their_keys_in_person(practice: Practice) -> None:
    officer = practice.at(PT1, "nurse")

    made = officer.post("/v1/custody-keys", {"pin": PIN, "officer": "MD1"})
    said = says(officer)

    assert [(each.status_code, each.json()["code"]) for each in (made, said)] == [(409, "officer-custody")] * 2


def test_a_custody_key_needs_the_pin_and_a_true_officer(practice: Practice) -> None:
    screen = therapist(practice)

    wrong = screen.post("/v1/custody-keys", {"pin": "000001", "officer": "PT1"})
    nobody = screen.post("/v1/custody-keys", {"pin": PIN, "officer": "RN1"})

    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong-pin")
    assert (nobody.status_code, nobody.json()["code"]) == (409, "officer-missing")


def test_a_statement_is_refused_with_its_field(practice: Practice) -> None:
    screen = with_key(practice)
    cases: list[tuple[dict[str, object], int, str, str]] = [
        ({"type": "dose-imagined/1"}, 422, "unknown-type", "/type"),
        ({"stream": SLOT_A}, 422, "stream-of-type", "/stream"),
        ({"fields": {"covers": ["a"]}}, 422, "missing-field", "/fields/phase"),
        ({"fields": {"covers": ["a"], "phase": "party"}}, 422, "field-value", "/fields/phase"),
        ({"occurred": WHEN | {"zone": "?"}}, 422, "payload-format", "/occurred/zone"),
        ({"occurred": WHEN | {"at": "noon"}}, 422, "payload-format", "/occurred/at"),
        ({"role": "nurse"}, 409, "signature-meaning", "/role"),
        ({"type": "order-signed/1", "stream": f"person/{uuid(11)}", "fields": {}}, 422, "missing-field", ""),
        ({"stream": f"session/{uuid(99)}"}, 409, "unknown-subject", "/stream"),
    ]

    for changes, status, code, field in cases:
        answer = says(screen, **changes)
        assert (answer.status_code, answer.json()["code"]) == (status, code), changes
        assert not field or answer.json()["errors"][0]["pointer"] == field
