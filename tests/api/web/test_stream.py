"""The live stream, by a real server: every event once and in order, also after a lost connection."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest

from tests.api.web.practice import FOUNDED, HEADERS, NURSE, PASSWORD, PIN, Practice, handed, listening
from tests.ledger.clinic import RN1, SLOT_A, check


@pytest.fixture
def nurse(unserved: Practice) -> Iterator[httpx2.Client]:
    """A nurse at a browser that talks to a real server."""
    unserved.account(RN1, ["nurse"])
    with (
        listening(unserved.app) as url,
        httpx2.Client(base_url=url, headers=HEADERS, timeout=20) as client,
    ):
        assert client.post("/v1/auth/sign-in", json={"staff": "RN1", "password": PASSWORD}).status_code == 200
        yield client


def checks(practice: Practice, nurse: httpx2.Client, count: int) -> None:
    for _ in range(count):
        submission = practice.clinic.submission(check(), SLOT_A, [NURSE])
        assert nurse.post("/v1/events", json=handed(submission)).status_code == 201


@contextmanager
def stream(nurse: httpx2.Client, path: str = "/v1/stream", **headers: str) -> Iterator[Iterator[dict[str, object]]]:
    """The events of a stream as they come, each with its id."""

    def events(lines: Iterator[str]) -> Iterator[dict[str, object]]:
        event: dict[str, object] = {}
        for line in lines:
            name, _, value = line.partition(": ")
            if name == "data":
                event |= json.loads(value)
            elif name == "id":
                event["id"] = int(value)
            elif not line and event:
                yield event
                event = {}

    with nurse.stream("GET", path, headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield events(response.iter_lines())


def take(events: Iterator[dict[str, object]], count: int) -> list[dict[str, object]]:
    return [next(events) for _ in range(count)]


def test_events_come_as_they_are_recorded_with_position_type_and_record(
    unserved: Practice, nurse: httpx2.Client
) -> None:
    with stream(nurse) as events:
        checks(unserved, nurse, 2)
        found = take(events, 2)

    assert found == [
        {"id": position + 1, "position": position, "type": "supervision-checked/1", "stream": SLOT_A}
        for position in (FOUNDED, FOUNDED + 1)
    ]


def test_a_lost_connection_is_taken_up_without_gap_or_repeat(unserved: Practice, nurse: httpx2.Client) -> None:
    seen: list[object] = []
    last = ""
    with stream(nurse, "/v1/stream?after=0") as events:
        for event in take(events, 7):
            seen.append(event["position"])
            last = str(event["id"])
    checks(unserved, nurse, 2)
    with stream(nurse, "/v1/stream", **{"Last-Event-ID": last}) as events:
        checks(unserved, nurse, 1)
        seen += [event["position"] for event in take(events, FOUNDED - 7 + 3)]

    assert seen == list(range(FOUNDED + 3))


def test_what_another_process_recorded_comes_too(unserved: Practice, nurse: httpx2.Client) -> None:
    submission = unserved.clinic.submission(check(), SLOT_A, [NURSE])

    with stream(nurse) as events:
        unserved.clinic.restart().record([submission])
        found = next(events)

    assert found["position"] == FOUNDED


def test_a_stream_ends_when_its_screen_is_locked_or_signed_out(unserved: Practice, nurse: httpx2.Client) -> None:
    for path in ("/v1/auth/lock", "/v1/auth/sign-out"):
        submission = unserved.clinic.submission(check(), SLOT_A, [NURSE])
        with stream(nurse) as events:
            assert nurse.post(path, json={}).status_code == 200
            unserved.service.live.say()
            assert list(events) == []
        assert nurse.post("/v1/events", json=handed(submission)).status_code in (401, 423)
        nurse.post("/v1/auth/unlock", json={"pin": PIN})


def test_who_may_not_read_records_gets_positions_alone(unserved: Practice) -> None:
    unserved.account(RN1, ["scheduler"])
    with listening(unserved.app) as url, httpx2.Client(base_url=url, headers=HEADERS, timeout=20) as scheduler:
        scheduler.post("/v1/auth/sign-in", json={"staff": "RN1", "password": PASSWORD})
        with stream(scheduler, "/v1/stream?after=0") as events:
            found = take(events, FOUNDED)

    assert found == [{"id": position + 1, "position": position} for position in range(FOUNDED)]


def test_a_stream_begins_nowhere_that_is_no_place(unserved: Practice, nurse: httpx2.Client) -> None:
    for path, headers in (
        ("/v1/stream?after=999", {}),
        ("/v1/stream?after=x", {}),
        ("/v1/stream", {"Last-Event-ID": "x"}),
        ("/v1/stream", {"Last-Event-ID": "999"}),
    ):
        answer = nurse.get(path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "parameter")


def test_a_server_that_is_stopped_ends_its_streams(unserved: Practice) -> None:
    unserved.account(RN1, ["nurse"])
    with httpx2.Client(headers=HEADERS, timeout=20) as client, listening(unserved.app) as url:
        client.post(f"{url}/v1/auth/sign-in", json={"staff": "RN1", "password": PASSWORD})
        with client.stream("GET", f"{url}/v1/stream") as response:
            lines = response.iter_lines()
            next(lines)
            unserved.service.live.end()
            assert not [line for line in lines if line.startswith("data")]
