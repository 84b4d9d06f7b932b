"""A draft protocol over HTTP: who may ask, what they are told, and that nothing is recorded but who asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from api.what_if_list import what_if_list
from ledger.events.access import SysRecordSearched
from ledger.follow import events_from
from projections.compliance.finding import Finding
from projections.questions.what_if import Changes, WhatIf
from tests.api.web.practice import PASSWORD, PIN, Practice, Screen
from tests.api.web.test_boards import Retreat
from tests.ledger.clinic import PT1

STRICTER = {"draft": {"dose": {"max_mg": {"sublingual": "50"}}}}


class Drafting(Retreat):
    """The weekend up to Saturday 10:40, served to its prescriber in another role."""

    def asks(self, body: object, query: str = "", role: str = "medical-director") -> httpx2.Response:
        accounts = self.client.app.state.service.accounts  # type: ignore[attr-defined]
        owner = self.ids["MD1"]
        accounts.accept(accounts.invite(owner, [role]), PASSWORD, PIN)
        screen = Screen(self.client)
        assert screen.sign_in(owner).status_code == 200
        return screen.post(f"/v1/what-if{query}", body)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drafting]:
    made = Drafting(tmp_path_factory.mktemp("drafting") / "ledger")
    with made.client:
        yield made
    made.opened.store.close()


def test_what_would_appear_is_told_with_its_evidence_and_nothing_is_recorded(house: Drafting) -> None:
    size = house.opened.store.head().size

    found = house.asks(STRICTER)

    assert found.status_code == 200, found.text
    told = found.json()
    assert told["rules"] == {"ORD-03": {"appear": 2, "go": 0}}
    (change,) = told["changes"]
    assert (change["session"], [each["slot"] for each in change["appear"]], change["go"]) == (
        house.session,
        ["a", "b"],
        [],
    )
    assert all(0 <= position < size for each in change["appear"] for position in each["evidence"])
    assert (told["figures"], told["versions"]["ORD-03"]) == (["dose.max_mg"], "1")
    assert house.opened.store.head().size == size
    assert found.headers["ledger-position"] == str(told["position"])


def test_both_times_and_the_filters_hold_here_too(house: Drafting) -> None:
    assert house.asks(STRICTER, "?up_to=2026-05-16T13:00Z").json()["changes"] == []
    assert house.asks(STRICTER, "?known_at=20").json()["changes"] == []
    assert house.asks(STRICTER, "?to=2020-01-01").json()["judged"] == 0
    assert house.asks(STRICTER, "?location=R-99").json()["code"] == "not-found"
    assert house.asks(STRICTER, "?person=x").json()["code"] == "unknown-filter"


@pytest.mark.parametrize("role", ["nurse", "prescriber", "privacy-officer"])
def test_only_who_thinks_about_the_protocol_may_ask(role: str, house: Drafting) -> None:
    assert house.asks(STRICTER, role=role).json()["code"] == "not-allowed"
    assert house.asks(STRICTER, role="compliance-officer").status_code == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"draft": {"dose": {"nothing": 1}}}, "draft"),
        ({"draft": {}}, "draft"),
        ({"draft": []}, "body"),
        ({}, "body"),
        ({"draft": {"dose": {"max_doses": 2}}, "more": 1}, "body"),
    ],
)
def test_what_is_no_draft_is_refused(body: dict[str, Any], code: str, house: Drafting) -> None:
    assert house.asks(body).json()["code"] == code


def test_who_asked_is_recorded_and_not_for_what(practice: Practice) -> None:
    officer = practice.at(PT1, "medical-director")
    key = officer.post("/v1/service-key").json()
    officer.post(f"/v1/enrolments/{key['id']}/approval", practice.approvals(key["items"]))

    assert practice.at(PT1, "medical-director").post("/v1/what-if?purpose=audit", STRICTER).status_code == 200

    events = [each.event for each in events_from(practice.opened.store, practice.opened.subject_keys, 0, practice.size)]
    traces = [each for each in events if isinstance(each, SysRecordSearched)]
    assert [(each.filters, each.purpose) for each in traces] == [((), "audit")]


def test_what_only_compliance_reads_is_told_to_nobody_else() -> None:
    secret = Finding("AE-05", "1", "breached", "C", "", "", "An incident.", (7,), None, about="governance/1")
    plain = Finding("CS-01", "1", "breached", "C", "", "", "A count.", (8,), None, about="stock/1")
    versions = {"AE-05": "1", "CS-01": "1"}

    def told(*findings: Finding) -> dict[str, Any]:
        changes = (Changes("", None, findings, (), (secret,)),)
        found = WhatIf(9, "2026-05-16T18:00:00.000000Z", {}, ("dose.max_doses",), versions, 0, 0, changes)
        return what_if_list(found, lambda rule: rule != "AE-05")

    assert [each["rule"] for each in told(secret, plain)["changes"][0]["appear"]] == ["CS-01"]
    assert told(secret, plain)["changes"][0]["stay"] == 0
    assert told(secret, plain)["rules"].keys() == {"CS-01"}
    assert (told(secret)["changes"], told(secret)["rules"]) == ([], {})
