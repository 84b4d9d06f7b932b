"""Deny by default: every route without a session, roles, forged requests, unknown parameters, headers on everything."""

from __future__ import annotations

import re
from typing import Any

import pytest

from api.web.callers import ANYBODY
from api.web.doors import Door
from api.web.routes import ALL_DOORS
from api.web.security_headers import HEADERS as EVERYWHERE
from tests.api.web.practice import FOUNDED, HEADERS, Practice
from tests.ledger.clinic import PT1, RN1, SESSION, uuid

DOORS = [door for doors in ALL_DOORS for door in doors.all]
OPEN = {"/v1/status", "/v1/setup", "/v1/invitations", "/v1/auth/sign-in"} | {
    "/v1/trust",  # what a tablet pins: public by nature
    "/v1/screen",  # who is signed in here; null for everybody else
}


def path_of(door: Door) -> str:
    """The door's path with something in its places."""
    values = {
        "uuid": SESSION[8:],
        "position": "1",
        "identity": "0" * 32,
        "code": "C-07",
        "name": "1",
        "number": uuid(1),
        "path:path": "0/000",
    }
    return re.sub(r"\{([^}]+)\}", lambda match: values[match[1]], door.path)


def ask(practice: Practice, door: Door, screen: Any = None) -> Any:
    who = screen or practice.screen()
    return who.get(path_of(door)) if door.method == "GET" else who.post(path_of(door))


def test_the_open_doors_are_exactly_these() -> None:
    pages = {door.path for door in DOORS if not door.path.startswith("/v1/") and door.method == "GET"}

    assert {door.path for door in DOORS if door.who is ANYBODY} - pages == OPEN
    assert all(door.options.get("media") == "text/html" for door in DOORS if door.who is ANYBODY and door.path in pages)


def test_every_route_of_the_application_is_a_door_or_a_plain_page(quiet: Practice) -> None:
    routes = {getattr(route, "path", "") for route in quiet.app.router.routes}

    pages = {"/openapi.json", "/docs", "/docs/assets", "/static", "/", "/{name:str}.html"}
    assert routes - {door.path for door in DOORS} <= pages | {"/service-worker.js", "/manifest.webmanifest"}


@pytest.mark.parametrize("door", [door for door in DOORS if door.who is not ANYBODY], ids=lambda door: door.path)
def test_no_other_door_opens_without_a_session(quiet: Practice, door: Door) -> None:
    answer = ask(quiet, door)

    assert (answer.status_code, answer.json()["code"]) == (401, "signed-out")
    assert quiet.size == FOUNDED


def test_no_door_opens_for_a_made_up_cookie(quiet: Practice) -> None:
    screen = quiet.screen()
    screen.jar.set("session-ledger", "made-up", domain="testserver.local")

    assert screen.get("/v1/me").status_code == 401


@pytest.mark.parametrize("door", [door for door in DOORS if door.who.roles], ids=lambda door: door.path)
def test_a_door_for_some_roles_is_closed_to_the_others(quiet: Practice, door: Door) -> None:
    stranger = "registrar" if "registrar" not in (door.who.roles or ()) else "credentialing-officer"
    answer = ask(quiet, door, quiet.at(RN1, stranger))

    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


@pytest.mark.parametrize("door", [door for door in DOORS if door.method == "POST"], ids=lambda door: door.path)
def test_a_request_of_another_site_is_refused_before_anything_is_read(quiet: Practice, door: Door) -> None:
    officer = quiet.at(PT1, "nurse")

    for headers in ({}, {"X-Session-Ledger": "yes"}, HEADERS | {"Origin": "https://evil.example"}):
        answer = officer.post(path_of(door), {"anything": 1}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf"), headers
    assert officer.post("/v1/auth/lock", headers=HEADERS | {"Origin": "null"}).json()["code"] == "csrf"
    assert officer.post("/v1/auth/lock", headers=HEADERS | {"Origin": "http://testserver"}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/v1/status?x=1",
        "/v1/sessions?statsu=open",
        "/v1/sessions?status=open&status=closed",
        "/v1/sessions?status=opened",
        "/v1/sessions?couple=C-99",
        "/v1/entries?limit=0",
        "/v1/entries?limit=many",
        "/v1/entries?start=-1",
        "/v1/proofs/inclusion",
        "/v1/proofs/inclusion?position=99",
        "/v1/proofs/consistency?old=9&new=3",
        f"/v1/sessions/{SESSION[8:]}/timeline?partner=c",
        f"/v1/sessions/{SESSION[8:]}/timeline?known_at=999",
        f"/v1/sessions/{SESSION[8:]}/timeline?up_to=yesterday",
        "/v1/findings?verdict=bad",
        "/v1/findings?rule=SUP-99",
        "/v1/findings?state=mended",
        "/v1/findings?older_than=a-week",
        "/v1/findings?age=7",
        "/v1/findings/trends?by=colour",
        "/v1/findings/trends?per=day",
        "/v1/findings/trends?session=1",
        "/v1/findings?up_to=now",
        "/v1/findings?known_at=999",
        "/v1/stream?after=999",
        "/v1/status?at_least=soon",
    ],
)
def test_a_parameter_or_value_nobody_knows_is_never_answered_with_everything(quiet: Practice, path: str) -> None:
    answer = quiet.at(RN1, "nurse").get(path)

    assert answer.status_code == (404 if "C-99" in path else 400)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code


@pytest.mark.parametrize(
    "path", ["/v1/entries/x", "/v1/sessions/SAT/room", "/v1/nothing", "/tile/0/1", "/v1/entries/99"]
)
def test_what_is_not_there_is_a_problem_document_too(quiet: Practice, path: str) -> None:
    answer = quiet.at(RN1, "nurse").get(path)

    assert answer.status_code == 404
    assert answer.json()["code"] in ("not-found", "tile-path")


def test_another_method_than_a_door_takes_is_refused(quiet: Practice) -> None:
    assert quiet.screen().get("/v1/auth/sign-in").json()["status"] == 405


def test_nobody_s_text_is_repeated_in_a_problem(quiet: Practice) -> None:
    nurse = quiet.at(RN1, "nurse")
    name = "Ana-Sophia"

    answers = [
        nurse.get(f"/v1/couples/{name}/history"),
        nurse.get(f"/v1/sessions?couple={name}"),
        nurse.get(f"/v1/sessions?status={name}"),
        nurse.get(f"/v1/{name}"),
        nurse.post("/v1/events", {"envelope": name, "blocks": [name]}),
        nurse.post("/v1/events", {"envelope": 1, name: name}),
        nurse.post("/v1/statements", {"type": name}),
        nurse.post("/v1/batches", {"items": [{"envelope": [name], "blocks": name}]}),
        quiet.screen().sign_in(name),
    ]

    texts = [re.sub(r'"pointer":"[^"]*"', "", answer.text) for answer in answers]
    assert not [text for text in texts if name in text]


def test_every_answer_carries_strict_headers_and_the_log_position(quiet: Practice) -> None:
    nurse = quiet.at(RN1, "nurse")

    for path in ("/v1/status", "/v1/me", "/v1/nothing", "/openapi.json", "/docs", "/docs/assets/swagger-ui.css", "/"):
        answer = nurse.get(path)
        policy = answer.headers["content-security-policy"]
        assert answer.headers["ledger-position"] == str(FOUNDED), path
        assert policy.startswith("default-src 'self'; "), path
        assert "frame-ancestors 'none'" in policy, path
        assert "unsafe-eval" not in policy, path
        assert not [
            name
            for name, value in EVERYWHERE.items()
            if name not in ("Content-Security-Policy", "Cache-Control") and answer.headers[name] != value
        ]
        assert answer.headers["cache-control"], path
    refused = quiet.screen().post("/v1/setup", headers={})
    assert (refused.status_code, refused.headers["referrer-policy"]) == (403, "no-referrer")


def test_a_body_longer_than_a_route_takes_is_refused(quiet: Practice) -> None:
    answer = quiet.at().post("/v1/events", {"envelope": "x" * 300_000})

    assert (answer.status_code, answer.json()["code"]) == (413, "body-size")


def test_the_documentation_names_who_may_come_and_shows_an_example_for_every_operation(quiet: Practice) -> None:
    schema = quiet.screen().get("/openapi.json").json()
    operations = [(path, each) for path, item in schema["paths"].items() for each in item.values()]

    assert len(operations) == len([door for door in DOORS if door.options.get("include_in_schema", True)])
    for path, operation in operations:
        assert operation["x-roles"], path
        assert operation["summary"], path
        assert "default" in operation["responses"], path
        done = next(value for status, value in operation["responses"].items() if status.startswith("2"))
        assert all("example" in content for content in done["content"].values()), path
        if "requestBody" in operation:
            assert "example" in operation["requestBody"]["content"]["application/json"], path
            assert operation["requestBody"]["content"]["application/json"]["example"] is not None
    assert "Problem" in schema["components"]["schemas"]


def test_the_documentation_page_loads_nothing_from_elsewhere(quiet: Practice) -> None:
    screen = quiet.screen()

    page = screen.get("/docs")
    other = screen.get("/docs")

    nonce = re.search(r'<script nonce="([^"]+)">', page.text)
    assert nonce is not None
    assert f"'nonce-{nonce[1]}'" in page.headers["content-security-policy"]
    assert nonce[1] not in other.text
    assert "http://" not in page.text
    assert "https://" not in page.text
    for asset in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert screen.get(asset).status_code == 200
    assert "connect-src" not in page.headers["content-security-policy"]  # default-src 'self' speaks for it


def test_a_mistake_of_the_service_itself_tells_nothing_and_carries_the_headers(practice: Practice) -> None:
    screen = practice.screen()
    practice.service.book.close()

    answer = screen.get("/v1/status")

    assert (answer.status_code, answer.json()["code"]) == (500, "fault")
    assert "sqlite" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert answer.headers["ledger-position"] == str(FOUNDED)


def test_who_only_plans_sees_when_and_where_and_no_partner_s_part(quiet: Practice) -> None:
    planned = quiet.at(RN1, "scheduler").get("/v1/sessions").json()["sessions"][0]

    assert (planned["couple_code"], planned["status"]) == ("C-07", "scheduled")
    assert (planned["partners"], planned["evidence"]) == ([], [])
    assert quiet.at(RN1, "nurse").get("/v1/sessions").json()["sessions"][0]["partners"]


def test_to_vouch_for_keys_is_no_reason_to_read_about_people(quiet: Practice) -> None:
    officer = quiet.at(PT1, "registrar")

    assert officer.get(f"/v1/sessions/{SESSION[8:]}/timeline").status_code == 403
    assert officer.get("/v1/entries").status_code == 403
    assert officer.get("/v1/checkpoint").status_code == 200
