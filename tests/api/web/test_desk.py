"""What the service does not sign for somebody, who could, and that it is recorded all the same when it comes signed."""

from __future__ import annotations

from typing import Any

import httpx2

from ledger.follow import place
from ledger.store.port import EventRow
from tests.api.web.practice import PIN, Practice, Screen, handed, licences, registers
from tests.ledger.clinic import MD1, PT1, RN1, SESSION, SLOT_A, blank, dose, make, uuid
from tests.ledger.events.examples import EXAMPLES

RN2, TH1 = f"staff/{uuid(7)}", f"staff/{uuid(8)}"
VIAL = f"stock/{uuid(72)}"
WHEN = {"at": "2026-05-15T12:00:00.000000Z", "offset": -240, "precision": "min", "zone": "America/New_York"}
CHECKED = blank("supervision-checked/1") | {"moaas": 5, "spo2": 98}


WASTED = EXAMPLES["wastage-recorded/2"].event.model_copy(update={"session": SESSION, "dose": None})
LICENCE = blank("credential-granted/1") | {
    "credential": "licence",
    "effective": "2026-01-01",
    "expires": "2026-12-31",
    "issuer": "New York State",
    "profession": "rn",
    "states": ["NY"],
}


def hand_in(practice: Practice, *submissions: Any) -> list[int]:
    """Signed elsewhere, and brought by MD1; where each stands."""
    screen = practice.at(MD1, "medical-director")
    answers = [screen.post("/v1/events", handed(submission)) for submission in submissions]
    assert [answer.status_code for answer in answers] == [201] * len(answers)
    return [answer.json()["position"] for answer in answers]


def with_key(practice: Practice, owner: str, code: str, *roles: str) -> Screen:
    """Somebody new on the staff whose key the service keeps, approved by an officer."""
    hand_in(practice, registers(practice.clinic, owner, code))
    return in_custody(practice, owner, *roles)


def in_custody(practice: Practice, owner: str, *roles: str) -> Screen:
    screen, officer = practice.at(owner, *roles), practice.at(PT1, "medical-director")
    waiting = screen.post("/v1/custody-keys", {"pin": PIN, "officer": "PT1"}).json()
    assert officer.post(f"/v1/enrolments/{waiting['id']}/approval", practice.approvals(waiting["items"])).is_success
    return screen


def says(screen: Screen, tag: str, stream: str, fields: dict[str, Any], **more: object) -> httpx2.Response:
    statement = {"type": tag, "stream": stream, "fields": fields, "occurred": WHEN, "pin": PIN}
    return screen.post("/v1/statements", statement | more)


def checks(screen: Screen, **more: object) -> httpx2.Response:
    return says(screen, "supervision-checked/1", SLOT_A, CHECKED, **more)


def refused(answer: httpx2.Response) -> tuple[int, str, str]:
    body = answer.json()
    return answer.status_code, body["code"], body["errors"][0]["pointer"]


def test_nobody_signs_here_in_a_role_they_do_not_hold_and_the_answer_says_who_could(practice: Practice) -> None:
    screen = with_key(practice, TH1, "TH1", "therapist")
    hand_in(practice, licences(practice.clinic, RN1, "rn"))
    practice.account(RN1, ["nurse"])
    size = practice.size

    answer = checks(screen)

    assert refused(answer) == (409, "role-not-held", "/role")
    assert answer.json()["detail"] == "As therapist one needs licence, and on 2026-05-15 yours is not on record."
    assert answer.json()["remedy"].startswith("RN1 can sign it.")
    assert practice.size == size


def test_when_nobody_could_it_says_that_too_and_what_is_left_to_do(practice: Practice) -> None:
    answer = checks(with_key(practice, TH1, "TH1", "therapist"))

    assert answer.json()["remedy"] == (
        "Nobody here can sign it in your place. Signed with a key on a device of your own it is recorded, and judged."
    )


def test_once_the_licence_is_on_record_they_sign(practice: Practice) -> None:
    screen = with_key(practice, TH1, "TH1", "therapist")
    assert checks(screen).status_code == 409

    hand_in(practice, licences(practice.clinic, TH1))

    assert checks(screen).status_code == 201


def test_of_several_roles_the_first_that_is_held_is_signed_in(practice: Practice) -> None:
    screen = with_key(practice, TH1, "TH1", "nurse", "therapist")
    hand_in(practice, licences(practice.clinic, TH1))

    as_nurse, of_itself = checks(screen, role="nurse"), checks(screen)

    assert refused(as_nurse) == (409, "role-not-held", "/role")
    row = practice.opened.store.row(of_itself.json()["position"])
    assert isinstance(row, EventRow)
    assert [signer.role for signer in place(practice.opened.store, row).payload.attested] == ["therapist"]


def test_a_wrong_pin_learns_nothing_of_who_could_sign(practice: Practice) -> None:
    answer = checks(with_key(practice, TH1, "TH1", "therapist"), pin="000001")

    assert answer.json()["code"] == "wrong-pin"


def test_what_was_signed_elsewhere_without_the_licence_is_recorded_and_found(practice: Practice) -> None:
    """A fact is never refused for policy: RN1 gave it, licensed or not."""
    given = practice.clinic.submission(dose(), SLOT_A, [(RN1, "performed", "nurse")])

    (position,) = hand_in(practice, given)

    found = practice.at(MD1, "compliance-officer").get("/v1/findings", params={"session": SESSION}).json()["findings"]
    breaches = [each for each in found if each["rule"] == "SUP-02" and each["verdict"] == "breached"]
    assert {each["credential"] for each in breaches} >= {"licence", "bls", "kap"}
    assert all(position in each["evidence"] for each in breaches if each["staff"] == RN1)


def witnesses(target: dict[str, str]) -> dict[str, Any]:
    return blank("countersignature-given/1") | {"gives": "witnessed", "target": target, "verdict": "confirms"}


def test_who_wasted_it_is_not_its_witness_here_and_a_colleague_is(practice: Practice) -> None:
    screens = {owner: with_key(practice, owner, code, "nurse") for owner, code in ((RN2, "RN2"), (TH1, "RN3"))}
    hand_in(practice, *(licences(practice.clinic, owner, "rn") for owner in screens))
    done = says(screens[RN2], "wastage-recorded/2", VIAL, WASTED.model_dump(mode="json", exclude={"type"}))
    assert done.status_code == 201, done.json()
    target = {"dig": done.json()["dig"], "id": done.json()["event_id"]}

    own = says(screens[RN2], "countersignature-given/1", VIAL, witnesses(target))
    other = says(screens[TH1], "countersignature-given/1", VIAL, witnesses(target))

    assert refused(own) == (409, "own-act", "/fields/target")
    assert own.json()["remedy"].startswith("MD1, PT1 or RN3 can sign it.")
    assert other.status_code == 201, other.json()


def test_a_performer_as_own_witness_who_signed_elsewhere_is_recorded_and_found(practice: Practice) -> None:
    """What cannot be signed at the desk can still arrive signed from elsewhere: on RN1's own device, here."""
    (waste,) = hand_in(practice, practice.clinic.submission(WASTED, VIAL, [(RN1, "performed", "nurse")]))
    row = practice.opened.store.row(waste)
    assert isinstance(row, EventRow)
    done = place(practice.opened.store, row)
    own = make("countersignature-given/1", **witnesses({"dig": done.dig, "id": done.payload.id}))

    (position,) = hand_in(practice, practice.clinic.submission(own, VIAL, [(RN1, "countersigned", "nurse")]))

    found = practice.at(MD1, "compliance-officer").get("/v1/findings").json()["findings"]
    (alone,) = [each for each in found if each["rule"] == "CS-13" and each["verdict"] == "breached"]
    assert {waste, position} <= set(alone["evidence"])


def test_a_clinic_begins_with_the_roles_of_its_office_at_this_very_desk(practice: Practice) -> None:
    """No credential of anybody is on record: people are registered and licences verified, and then a nurse signs."""
    office = with_key(practice, TH1, "OF1", "registrar", "credentialing-officer")
    name = {"agreement": None, "code": "RN2", "name": "Nurse of the first day"}
    registered = says(office, "staff-registered/1", RN2, name)
    nurse = in_custody(practice, RN2, "nurse")
    before = checks(nurse)

    granted = says(office, "credential-granted/1", RN2, LICENCE)

    assert (registered.status_code, granted.status_code) == (201, 201)
    assert refused(before) == (409, "role-not-held", "/role")
    assert checks(nurse).status_code == 201
