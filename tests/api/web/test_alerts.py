"""Alerts: a finding that opens reaches those who asked, once, signed, with numbers and nothing about anybody's care."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.alerts.book import RETRIES, AlertBook, Subscription
from api.alerts.opening import Opening
from api.alerts.policy import AlertPolicy
from api.alerts.webhook import signed_headers, target_of
from api.web.callers import may_be_alerted
from api.web.service import Service
from ledger.errors import Invalid
from tests.api.web.practice import HEADERS, NURSE, PASSWORD, Practice, Screen, listening
from tests.api.web.test_boards import SATURDAY, Retreat
from tests.api.web.test_findings import COMPLIANCE, STREAM, act
from tests.api.web.test_stream import stream, take
from tests.ledger.clinic import MD1, PT1, RN1, SESSION, SLOT_A, dose


@dataclass
class Receiver:
    """A web server of somebody who asked: what came, and what it answers."""

    url: str
    answers: int = 204
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.came]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            received.came.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(received.answers)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        received = Receiver(f"http://127.0.0.1:{server.server_port}/alerts?from=ledger")
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield received
        server.shutdown()
        thread.join()


@pytest.fixture
def officer(practice: Practice) -> Screen:
    """A compliance officer of a clinic that sends alerts to addresses of its own network."""
    practice.service.alerts.policy = AlertPolicy(private_addresses=True)
    return practice.at(PT1, "compliance-officer")


def asks(officer: Screen, receiver: Receiver, **more: Any) -> dict[str, Any]:
    answer = officer.post("/v1/alerts", {"channel": "webhook", "target": receiver.url} | more)
    assert answer.status_code == 201, answer.text
    given: dict[str, Any] = answer.json()
    return given


def passes(practice: Practice) -> None:
    """The service looks, and sends what is due."""
    practice.service.look()
    practice.service.alerts.look(anyway=True)
    practice.service.alerts.deliver()


def gives(practice: Practice) -> None:
    practice.clinic.record(dose("100"), SLOT_A, NURSE)


def test_what_opens_is_sent_once_signed_with_numbers_alone(
    practice: Practice, officer: Screen, receiver: Receiver
) -> None:
    given = asks(officer, receiver, rules=["ORD-10"])
    gives(practice)

    passes(practice)
    passes(practice)

    ((headers, body),) = receiver.came
    (finding,) = officer.get("/v1/findings?rule=ORD-10&state=open").json()["findings"]
    assert json.loads(body) == {
        "type": "finding.opened",
        "ledger": practice.opened.pin.origin,
        "finding": finding["id"],
        "opening": 1,
        "rule": "ORD-10",
        "rule_version": "1",
        "severity": finding["severity"],
        "session": SESSION,
        "position": practice.size,
        "opened_at": finding["opened_at"],
    }
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(given["key"].removeprefix("whsec_"))
    signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{signature}"
    assert headers["webhook-id"] == f"{finding['id']}.1"


def test_what_was_open_before_somebody_asked_is_not_sent(
    practice: Practice, officer: Screen, receiver: Receiver
) -> None:
    gives(practice)
    asks(officer, receiver)

    passes(practice)

    assert receiver.came == []


def test_only_the_rules_and_severities_that_were_asked_for(
    practice: Practice, officer: Screen, receiver: Receiver
) -> None:
    asks(officer, receiver, severities=["C"])
    gives(practice)

    passes(practice)

    assert {each["severity"] for each in receiver.told} == {"C"}
    unknown = officer.post("/v1/alerts", {"channel": "webhook", "target": receiver.url, "rules": ["SUP-99"]})
    assert unknown.json()["code"] == "unknown-filter"


def test_a_finding_that_is_opened_again_is_sent_again(practice: Practice, officer: Screen, receiver: Receiver) -> None:
    asks(officer, receiver, rules=["ORD-10"])
    gives(practice)
    passes(practice)
    (finding,) = officer.get("/v1/findings?rule=ORD-10&state=open").json()["findings"]
    closed = practice.clinic.record(act("closed/1", finding, practice, disposition=None), STREAM, COMPLIANCE)
    passes(practice)
    (now,) = [
        each
        for each in practice.at(MD1, "medical-director").get("/v1/findings?rule=ORD-10").json()["findings"]
        if each["state"]
    ]
    reference = {"dig": closed.dig, "id": now["acts"][-1]["event_id"]}
    again = act("reopened/1", finding, practice, closed=reference, reason="closed-too-early")
    practice.clinic.record(again, STREAM, COMPLIANCE)

    passes(practice)

    assert [(each["finding"], each["opening"]) for each in receiver.told] == [(finding["id"], 1), (finding["id"], 2)]


def test_a_restart_sends_nothing_twice_and_what_opened_meanwhile(
    practice: Practice, officer: Screen, receiver: Receiver
) -> None:
    asks(officer, receiver, rules=["ORD-10", "PRE-05"])
    gives(practice)
    passes(practice)
    assert len(receiver.came) == 2
    book = practice.service.alerts.book

    practice.service.alerts.book = AlertBook(practice.opened.folder.alerts)
    practice.service.alerts._seen = -1
    passes(practice)
    practice.service.alerts.book.close()
    practice.service.alerts.book = book

    assert len(receiver.came) == 2


def test_what_did_not_arrive_is_tried_again_later_with_the_same_number_and_in_the_end_given_up(
    practice: Practice, officer: Screen, receiver: Receiver
) -> None:
    number = asks(officer, receiver, rules=["ORD-10"])["id"]
    receiver.answers = 503
    gives(practice)
    passes(practice)
    passes(practice)
    assert len(receiver.came) == 1, "not before its time"

    for seconds in RETRIES:
        practice.clinic.clock.forward(seconds=seconds)
        practice.service.alerts.deliver()

    assert len({headers["webhook-id"] for headers, _ in receiver.came}) == 1
    assert len(receiver.came) == 1 + len(RETRIES)
    (delivery,) = practice.service.alerts.book.deliveries(number)
    assert (delivery["state"], delivery["said"]) == ("given-up", "status 503")


def test_after_a_failure_nothing_more_is_tried_there_in_the_same_round(unserved: Practice, receiver: Receiver) -> None:
    alerts = unserved.service.alerts
    alerts.policy = AlertPolicy(private_addresses=True)
    unserved.account(RN1, ["nurse"])
    wanted = ("ORD-10", "PRE-05")
    alerts.book.subscribe(Subscription("1", RN1, "webhook", receiver.url, b"key", wanted, (), ""))
    receiver.answers = 503
    gives(unserved)
    unserved.service.look()
    alerts.look(anyway=True)

    alerts.deliver()
    assert len(receiver.came) == 1

    alerts.deliver()
    assert len({headers["webhook-id"] for headers, _ in receiver.came}) == 2


def test_a_receiver_that_is_gone_is_asked_no_more_and_a_redirect_is_not_followed(
    practice: Practice, officer: Screen, receiver: Receiver
) -> None:
    number = asks(officer, receiver, rules=["ORD-10"])["id"]
    receiver.answers = 302
    gives(practice)
    passes(practice)
    receiver.answers = 410
    practice.clinic.clock.forward(seconds=RETRIES[0])
    practice.service.alerts.deliver()

    (said,) = officer.get("/v1/alerts").json()["subscriptions"]
    assert (said["id"], said["why"]) == (number, "the receiver said that it is gone")
    assert said["ended_at"] is not None
    assert len(receiver.came) == 2
    assert "key" not in said


def test_a_test_message_says_that_it_is_one_and_an_end_is_an_end(
    practice: Practice, officer: Screen, receiver: Receiver
) -> None:
    number = asks(officer, receiver)["id"]

    assert officer.post(f"/v1/alerts/{number}/test").json() == {"said": "status 204"}
    assert receiver.told == [{"type": "alert.test", "ledger": practice.opened.pin.origin}]
    assert officer.post(f"/v1/alerts/{number}/end").json()["ended_at"] is not None
    gives(practice)
    passes(practice)
    assert len(receiver.came) == 1


def test_what_is_read_in_confidence_is_sent_to_nobody_else(practice: Practice, receiver: Receiver) -> None:
    practice.service.alerts.policy = AlertPolicy(private_addresses=True)
    asks(practice.at(MD1, "medical-director"), receiver, rules=["AE-05"])
    alerts, now = practice.service.alerts, practice.clinic.clock.now
    opened = Opening("0" * 32, 1, "AE-05", "1", "M", None, 20, None)

    assert alerts.book.take([opened], now, alerts.may_be_told) == 1
    alerts.deliver()

    assert receiver.came == []
    account = practice.service.accounts.find(MD1)
    assert may_be_alerted(account, "SUP-05")
    assert not may_be_alerted(account, "AE-05")
    assert not may_be_alerted(None, "SUP-05")


@pytest.mark.parametrize(
    "target",
    [
        "http://alerts.example.org/",
        "ftp://alerts.example.org/",
        "https://user@alerts.example.org/",
        "https:///alerts",
        "https://alerts.example.org/#here",
        "https://alerts.example.org:many/",
        "https://alerts.example.org/a b",
        "alerts.example.org",
    ],
)
def test_an_address_that_no_webhook_goes_to_is_refused(target: str) -> None:
    with pytest.raises(Invalid, match=r".") as refused:
        target_of(target, private=False)

    assert (refused.value.code, refused.value.field) == ("alert-target", "target")


def test_an_address_of_one_s_own_network_is_not_asked_unless_the_clinic_says_so(
    practice: Practice, receiver: Receiver
) -> None:
    officer = practice.at(PT1, "compliance-officer")
    address = receiver.url.replace("http://", "https://")

    number = officer.post("/v1/alerts", {"channel": "webhook", "target": address}).json()["id"]

    assert officer.post(f"/v1/alerts/{number}/test").json() == {"said": "alert-target"}
    assert receiver.came == []


def test_a_signature_is_the_one_of_the_standard() -> None:
    """The example of the specification's own libraries: id, time, body and key are theirs."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed_headers(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_finding_that_is_taken_twice_is_written_down_once(practice: Practice) -> None:
    book, now = practice.service.alerts.book, practice.clinic.clock.now
    one = Opening("0" * 32, 1, "SUP-05", "1", "M", SESSION, 20, None)

    assert book.take([one], now, lambda *_: True) == 1
    assert book.take([one], now + timedelta(days=1), lambda *_: True) == 0
    assert [each for _, each in book.after(0)] == [one]


def test_the_stream_tells_of_each_once_and_resumes(unserved: Practice) -> None:
    unserved.account(RN1, ["nurse"])
    with listening(unserved.app) as url, httpx2.Client(base_url=url, headers=HEADERS, timeout=20) as nurse:
        assert nurse.post("/v1/auth/sign-in", json={"staff": "RN1", "password": PASSWORD}).status_code == 200
        with stream(nurse, "/v1/alerts/stream") as events:
            unserved.clinic.record(dose("100"), SLOT_A, NURSE)
            first = take(events, 2)
        with stream(nurse, "/v1/alerts/stream", **{"Last-Event-ID": str(first[0]["id"])}) as events:
            (again,) = take(events, 1)

    assert again == first[1]
    assert first[0]["finding"] != first[1]["finding"]
    assert first[0]["session"] == SESSION


def test_what_is_missed_by_the_clock_alone_is_told_without_any_event(tmp_path: Path) -> None:
    house = Retreat(tmp_path / "ledger")
    with house.client:
        house.at(14, 40)
        service: Service = house.client.app.state.service  # type: ignore[attr-defined]
        service.alerts.look(anyway=True)
        service.alerts.book.subscribe(Subscription("1", house.nurse, "webhook", "", b"", ("SUP-05",), (), ""))
        before = service.alerts.book.last()
        size = service.size

        house.clock.set(SATURDAY.replace(hour=14, minute=59))
        service.alerts.look()

        missed = service.alerts.book.after(before)
    house.opened.store.close()
    assert {each.rule for _, each in missed} >= {"SUP-05"}
    assert {each.position for _, each in missed} == {size}


def test_nothing_is_judged_and_no_file_is_made_while_nobody_asked(practice: Practice) -> None:
    gives(practice)
    practice.service.look()

    assert practice.service.alerts.look() == 0
    assert practice.service.alerts.deliver() == 0
    assert not practice.opened.folder.alerts.exists()
