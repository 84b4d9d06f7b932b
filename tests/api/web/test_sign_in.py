"""The first officer's code, invitations, signing in and out, locked screens and wrong PINs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from api.web.accounts import STAFF_ROLES
from api.web.settings import Settings
from api.web.stretching import Cost, fits, protect
from tests.api.web.practice import HEADERS, PASSWORD, PIN, Practice, Screen, handed
from tests.ledger.clinic import MD1, PT1, RN1, Entropy, make


def wants(code: str, staff: str = "PT1", **changes: object) -> dict[str, object]:
    return {"code": code, "staff": staff, "password": PASSWORD, "pin": PIN} | changes


def test_the_printed_code_makes_the_first_officer_s_account_and_works_once(practice: Practice) -> None:
    code = practice.service.accounts.new_code()
    screen = practice.screen()
    assert screen.get("/v1/status").json()["set_up"] is False

    first = screen.post("/v1/setup", wants(code, roles=["prescriber"]))
    again = screen.post("/v1/setup", wants(code, staff="MD1"))

    assert (first.status_code, first.json()) == (
        201,
        {"owner": PT1, "code": "PT1", "roles": ["prescriber"], "officer": True},
    )
    assert (again.status_code, again.json()["code"]) == (409, "set-up-done")
    assert screen.get("/v1/status").json()["set_up"] is True
    assert screen.sign_in("PT1").json()["roles"] == ["prescriber", "security-officer"]


@pytest.mark.parametrize("page", ["/officer", "/set-up"])
def test_the_pages_offer_every_role_that_somebody_may_be_invited_with(quiet: Practice, page: str) -> None:
    offered = re.findall(r'name="roles" id="role-([a-z-]+)" value="([a-z-]+)"', quiet.screen().get(page).text)

    assert sorted(offered) == sorted((role, role) for role in STAFF_ROLES)


def test_a_newer_code_makes_the_older_one_void(practice: Practice) -> None:
    old = practice.service.accounts.new_code()
    new = practice.service.accounts.new_code()

    assert practice.screen().post("/v1/setup", wants(old)).json()["code"] == "wrong-code"
    assert practice.screen().post("/v1/setup", wants(new.lower())).status_code == 201


def test_set_up_is_for_officers_with_the_right_code_a_good_password_and_a_good_pin(practice: Practice) -> None:
    code = practice.service.accounts.new_code()
    screen = practice.screen()

    for changes, status, found in (
        ({"staff": "RN1"}, 409, "officer-missing"),
        ({"staff": "XX9"}, 404, "not-found"),
        ({"code": "AAAAAA-AAAAAA-AAAAAA-AAAAAA"}, 403, "wrong-code"),
        ({"password": "short"}, 422, "password"),
        ({"pin": "111111"}, 422, "pin"),
        ({"pin": "12ab"}, 422, "pin"),
        ({"roles": ["participant"]}, 422, "role"),
        ({"roles": ["security-officer"]}, 422, "role"),
    ):
        answer = screen.post("/v1/setup", wants(code) | changes)
        assert (answer.status_code, answer.json()["code"]) == (status, found), changes
    assert practice.service.accounts.set_up is False
    assert screen.post("/v1/setup", wants(code, staff=PT1)).status_code == 201


def test_an_officer_invites_and_whoever_holds_the_invitation_chooses_a_password_once(practice: Practice) -> None:
    officer = practice.at(PT1, "prescriber")

    given = officer.post("/v1/accounts", {"staff": "RN1", "roles": ["nurse", "custodian"]})
    taken = {"invitation": given.json()["invitation"], "password": "a very long sentence", "pin": "975310"}
    nurse = practice.screen()
    made = nurse.post("/v1/invitations", taken)

    assert (given.status_code, made.status_code) == (201, 201)
    assert made.json() == {"owner": RN1, "code": "RN1", "roles": ["nurse", "custodian"], "officer": False}
    assert nurse.post("/v1/invitations", taken).json()["code"] == "wrong-code"
    assert nurse.sign_in("RN1", "a very long sentence").json()["roles"] == ["nurse", "custodian"]
    assert nurse.get("/v1/me").json() == {
        "owner": RN1,
        "code": "RN1",
        "roles": ["nurse", "custodian"],
        "officer": False,
        "locked": False,
    }


def test_an_invitation_ends_after_a_week_and_when_a_newer_one_is_made(practice: Practice) -> None:
    old = practice.service.accounts.invite(RN1, ["nurse"])
    new = practice.service.accounts.invite(RN1, ["nurse"])
    accept = {"password": PASSWORD, "pin": PIN}

    assert practice.screen().post("/v1/invitations", {"invitation": old} | accept).json()["code"] == "wrong-code"
    practice.clinic.clock.forward(days=8)
    assert practice.screen().post("/v1/invitations", {"invitation": new} | accept).json()["code"] == "wrong-code"


def test_a_new_invitation_changes_roles_and_secrets_and_signs_out_everywhere(practice: Practice) -> None:
    nurse = practice.at(RN1, "nurse")
    again = practice.service.accounts.invite(RN1, ["custodian"])

    practice.screen().post("/v1/invitations", {"invitation": again, "password": "another sentence", "pin": "135790"})

    assert nurse.get("/v1/me").status_code == 401
    assert nurse.sign_in("RN1").status_code == 401
    assert nurse.sign_in("RN1", "another sentence").json()["roles"] == ["custodian"]


def test_a_wrong_password_and_an_unknown_name_are_told_apart_by_nobody(practice: Practice) -> None:
    practice.account(RN1, ["nurse"])

    answers = [practice.screen().sign_in(staff, "not the password") for staff in ("RN1", "NOBODY", RN1, "staff/x")]

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1


def test_guessing_is_stopped_for_a_minute_also_for_a_name_that_does_not_exist(practice: Practice) -> None:
    practice.account(RN1, ["nurse"])

    for staff in ("RN1", "NOBODY"):
        codes = [practice.screen().sign_in(staff, "wrong").status_code for _ in range(6)]
        assert codes == [401] * 5 + [429]
    assert practice.screen().sign_in("RN1").status_code == 429
    practice.clinic.clock.forward(seconds=61)
    assert practice.screen().sign_in("RN1").status_code == 200


def test_the_cookie_is_for_this_site_alone_and_for_no_script(practice: Practice) -> None:
    practice.account(RN1, ["nurse"])

    cookie = practice.screen().sign_in("RN1").headers["set-cookie"].lower()

    assert all(word in cookie for word in ("httponly", "samesite=strict", "path=/"))


def test_signing_out_ends_the_screen_and_signing_in_again_ends_the_one_before(practice: Practice) -> None:
    nurse = practice.at(RN1, "nurse")
    token = nurse.jar["session-ledger"]

    assert nurse.sign_in("RN1").status_code == 200
    assert practice.service.sessions.find(token) is None
    token = nurse.jar["session-ledger"]
    assert nurse.post("/v1/auth/sign-out").status_code == 200

    assert practice.service.sessions.find(token) is None
    assert nurse.get("/v1/me").status_code == 401


def locked(screen: Screen) -> bool:
    return screen.get("/v1/sessions").status_code == 423


def test_a_locked_screen_only_says_who_it_is_until_the_pin_opens_it(practice: Practice) -> None:
    nurse = practice.at()

    assert nurse.post("/v1/auth/lock").json() == {"locked": True}
    assert locked(nurse)
    assert nurse.post("/v1/events", {"envelope": "{}"}).json()["code"] == "screen-locked"
    assert nurse.get("/v1/me").json()["locked"] is True
    assert nurse.post("/v1/auth/unlock", {"pin": PIN}).json() == {"locked": False}

    assert nurse.get("/v1/sessions").status_code == 200


def test_a_screen_nobody_touches_is_locked_and_boards_that_refresh_do_not_touch_it(practice: Practice) -> None:
    nurse = practice.at()

    practice.clinic.clock.forward(seconds=90)
    assert nurse.get("/v1/sessions").status_code == 200
    practice.clinic.clock.forward(seconds=90)
    assert nurse.get("/v1/floor").status_code == 200
    practice.clinic.clock.forward(seconds=31)

    assert nurse.get("/v1/floor").status_code == 423
    assert locked(nurse)


def test_a_screen_is_signed_out_after_its_longest_day(practice: Practice) -> None:
    nurse = practice.at()

    practice.clinic.clock.forward(seconds=practice.settings.session_life.total_seconds() + 1)

    assert nurse.get("/v1/me").status_code == 401


def test_five_wrong_pins_sign_a_screen_out(practice: Practice) -> None:
    nurse = practice.at()
    nurse.post("/v1/auth/lock")

    answers = [nurse.post("/v1/auth/unlock", {"pin": "000001"}) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [403] * 4 + [401]
    assert "4 tries" in answers[0].json()["remedy"]
    assert nurse.post("/v1/auth/unlock", {"pin": PIN}).status_code == 401
    assert nurse.sign_in("RN1").status_code == 200


def test_a_right_pin_forgives_the_wrong_ones_before_it(practice: Practice) -> None:
    nurse = practice.at()

    for _ in range(2):
        assert [nurse.post("/v1/auth/unlock", {"pin": "000001"}).status_code for _ in range(4)] == [403] * 4
        assert nurse.post("/v1/auth/unlock", {"pin": PIN}).status_code == 200


def test_an_officer_is_one_as_long_as_the_ledger_says_so(practice: Practice) -> None:
    officer = practice.at(PT1, "prescriber")
    assert officer.get("/v1/enrolments").status_code == 200
    kid = practice.clinic.keys[PT1].kid
    revoked = make("key-revoked/1", key=kid, reason="left", suspect_from=None)
    submission = practice.clinic.submission(revoked, "keys", [(MD1, "revoked", "security-officer")])
    assert officer.post("/v1/events", handed(submission)).status_code == 201
    assert officer.get("/v1/me").json()["roles"] == ["prescriber"]
    assert officer.get("/v1/enrolments").status_code == 403


def test_secrets_cost_64_mib_a_guess_and_keep_their_cost_beside_them() -> None:
    kept = protect("correct horse battery", Entropy(), Cost())

    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert fits("correct horse battery", kept)
    assert not fits("correct horse batterz", kept)


def test_no_secret_stands_in_the_accounts_in_clear(practice: Practice) -> None:
    code = practice.service.accounts.new_code()
    invitation = practice.service.accounts.invite(RN1, ["nurse"])
    nurse = practice.at()
    token = nurse.jar["session-ledger"]

    practice.service.book.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    stored = (practice.opened.folder.root / "accounts.db").read_bytes()

    assert not [secret for secret in (code, invitation, token, PASSWORD, PIN) if secret.encode() in stored]


@pytest.mark.parametrize("path", ["/v1/auth/sign-in", "/v1/setup", "/v1/invitations"])
def test_open_doors_too_ask_for_our_own_header(practice: Practice, path: str) -> None:
    answer = practice.screen().post(path, {}, headers={})

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    assert practice.screen().post(path, {}, headers=HEADERS).status_code == 422


def test_the_idle_time_is_a_setting() -> None:
    assert Settings().idle_lock == timedelta(minutes=2)
