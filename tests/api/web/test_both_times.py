"""Every read that knows both times: the same names everywhere, and both axes change the answer."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.main import get_command

from api.commands import app, main
from api.play_story import StoryLedger
from api.views import up_to_date
from ledger.encoding import from_instant, to_instant
from ledger.entry import parse_event_entry
from ledger.errors import LedgerError
from ledger.store.port import EventRow
from projections.both_times import asked, entries_by
from projections.tables import ViewDatabase
from tests.api.web.practice import NURSE, Practice
from tests.ledger.clinic import PT1, SESSION, SLOT_A, check, dose, make, uuid
from tests.projections.house import busy_day, occurred

COMMANDS = (
    ("timeline", "2026-05-16"),
    ("timeline",),
    ("history", "C-07"),
    ("balance",),
    ("search", "--limit", "500"),
    ("findings", "--state", "any"),
    ("trends", "--by", "site"),
    ("ready",),
    ("ready", "--couple", "C-07"),
)
"""What a reader types after the name of the folder."""

ROUTES = (
    f"/v1/sessions/{SESSION[8:]}/timeline?",
    "/v1/couples/C-07/history?",
    "/v1/search?type=supervision-checked,dose-administered&",
    f"/v1/findings?session={SESSION}&",
    "/v1/findings?",
    "/v1/questions/release-register?",
    f"/v1/sessions/{SESSION[8:]}/readiness?",
)

MOMENT = "2026-05-16T15:00-04:00"
"""In the middle of the weekend's first session."""


@pytest.fixture(scope="module")
def views(weekend: StoryLedger) -> ViewDatabase:
    return up_to_date(weekend.ledger)


def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, Any]:
    monkeypatch.setattr(sys, "argv", ["session-ledger", *map(str, words), "--json"])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0), json.loads(capsys.readouterr().out)


def received(weekend: StoryLedger) -> list[tuple[int, str]]:
    rows = weekend.ledger.store.rows(0, 2000)
    return [(row.position, parse_event_entry(row.entry).received_at) for row in rows if isinstance(row, EventRow)]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_both_times_change_what_a_command_answers(
    words: tuple[str, ...], weekend: StoryLedger, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = weekend.ledger.folder.root

    def ask(*more: str) -> tuple[int, Any]:
        return typed(monkeypatch, capsys, words[0], folder, *words[1:], *more)

    now = ask()
    then = ask("--known-at", MOMENT)
    assert now[0] == then[0] == 0
    assert ask("--up-to", MOMENT)[1] != now[1]
    assert then[1] != now[1]
    by_position = next(position for position, at in reversed(received(weekend)) if at <= "2026-05-16T19:00:00.000000Z")
    assert ask("--known-at", str(by_position + 1)) == then
    for option, value, code in (
        ("--known-at", "soon", "instant"),
        ("--known-at", "-1", "instant"),
        ("--known-at", "99999", "not-known-yet"),
        ("--known-at", "2026-05-16T15:00", "naive-time"),
        ("--up-to", "noon", "instant"),
        ("--up-to", "2026-02-30T15:00Z", "instant"),
        ("--up-to", "2026-05-16T15:00", "naive-time"),
    ):
        ended, answer = ask(f"{option}={value}")
        error = answer["error"]
        assert (ended, error["code"], error["field"]) == (2, code, option.strip("-").replace("-", "_"))
        assert error["remedy"]


@pytest.mark.parametrize("path", ROUTES)
def test_both_times_change_what_a_route_answers(path: str, practice: Practice) -> None:
    def does(event: Any, minutes: int, **members: Any) -> None:
        practice.clinic.clock.forward(minutes=minutes)
        practice.service.recorder.record([practice.clinic.submission(event, SLOT_A, [NURSE], **members)])

    does(dose(), 1)
    middle = practice.clinic.clock.now
    size = practice.size
    does(dose("50", ordinal=2), 60)
    does(check(), 60, occurred=occurred(middle))
    nurse = practice.at()

    def ask(more: str) -> Any:
        return nurse.get(f"{path}at_least={practice.size}&{more}")

    def facts(answer: Any) -> Any:
        assert answer.status_code == 200, answer.text
        return {name: value for name, value in answer.json().items() if name not in ("position", "as_of", "filters")}

    now = facts(ask("up_to=2026-05-16T00:00Z"))
    assert facts(ask(f"known_at={size}&up_to=2026-05-16T00:00Z")) != now
    assert facts(ask(f"known_at={to_instant(middle)}&up_to=2026-05-16T00:00Z")) == facts(
        ask(f"known_at={size}&up_to=2026-05-16T00:00Z")
    )
    assert facts(ask(f"up_to={to_instant(middle)}")) != now
    for more, code, field in (
        ("known_at=soon", "instant", "/known_at"),
        ("known_at=99999", "not-known-yet", "/known_at"),
        ("up_to=noon", "instant", "/up_to"),
        ("up_to=2026-05-16T15:00", "naive-time", "/up_to"),
        ("happened_up_to=2026-05-16T15:00Z", "unknown-parameter", "/query"),
    ):
        problem = ask(more).json()
        assert (problem["code"], problem["errors"][0]["pointer"]) == (code, field)
        assert problem["remedy"]


@settings(max_examples=40, deadline=None)
@given(number=st.integers(0, 10_000), microseconds=st.integers(-1, 1))
def test_a_time_means_one_more_than_the_last_position_received_by_then(
    weekend: StoryLedger, views: ViewDatabase, number: int, microseconds: int
) -> None:
    rows = received(weekend)
    instant = to_instant(from_instant(rows[number % len(rows)][1]) + timedelta(microseconds=microseconds))

    assert entries_by(views, instant) == max((position + 1 for position, at in rows if at <= instant), default=0)


def test_a_clock_that_was_set_back_hides_no_entry() -> None:
    house = busy_day()
    house.clock.now -= timedelta(hours=1)
    times = {"clock_from": "2026-05-15T13:00:00.000000Z", "clock_to": "2026-05-15T12:00:00.000000Z"}
    corrected = make("clock-corrected/1", reason="wrong-battery", **times)
    house.record(corrected, f"governance/{uuid(51)}", (PT1, "performed", "security-officer"))
    house.looks_at("a")
    database = house.seen()
    rows = [
        (row.position, parse_event_entry(row.entry).received_at)
        for row in house.store.rows(0, 500)
        if isinstance(row, EventRow)
    ]

    assert [at for _, at in rows] != sorted(at for _, at in rows)
    for instant in sorted({at for _, at in rows}):
        assert entries_by(database, instant) == max(position + 1 for position, at in rows if at <= instant)


@pytest.mark.parametrize("text", ["", "12.5", "٣", "2026-05-16", "2026-05-16T24:01Z", "2026-05-16T15:00 04:00", "T"])
def test_what_is_neither_a_number_nor_a_time_is_refused(views: ViewDatabase, text: str) -> None:
    with pytest.raises(LedgerError) as caught:
        asked(views, text, None)

    assert (caught.value.code, caught.value.field) == ("instant", "known_at")
    assert caught.value.remedy


NO_PAST_ROUTES = {
    **dict.fromkeys(("/v1/forms", "/v1/form"), "how events are entered: nothing that was recorded"),
    **dict.fromkeys(("/v1/choices", "/v1/choices/entries"), "what an event that is recorded now may name"),
    "/v1/entries": "bytes of the log from a position on: they never change, and `start` and `limit` say which",
    "/v1/sessions/{uuid}/copy": "bytes under the newest signed size; the timeline tells the session as of both times",
    "/v1/log/copy": "bytes of the log from a position on: they never change",
    "/v1/receipts/{position}": "proof for one entry: it holds for ever",
    "/v1/checkpoint": "the newest signed size; earlier ones are kept by whoever was given them",
    "/v1/proofs/inclusion": "asks for the size itself",
    "/v1/proofs/consistency": "asks for both sizes itself",
    "/v1/enrolments": "what waits for an officer now: no part of the log before it is recorded",
    "/v1/trust": "what a tablet pins now; what was pinned earlier is proven by the changes it lists",
    "/v1/alerts": "who asked for alerts: no part of the log",
    "/v1/alerts/{number}/deliveries": "what was sent to them: no part of the log",
    "/v1/alerts/stream": "what opens from now on; /v1/findings tells what was open then",
    "/v1/screen": "who is signed in at this screen",
    "/v1/me": "who is signed in at this screen",
    "/v1/colleagues": "who has an account now; accounts are no part of the log",
    "/v1/stream": "what is recorded from now on",
    "/v1/status": "what time it is here, and how long the log is",
    "/v1/shapes": "what may be recorded now",
    "/v1/questions": "what may be asked now",
    "/v1/retention": "what may end today; who could say what might have ended is the record of what did",
    "/v1/integrity": "what the service will do next; the results are entries, which a search finds as of both times",
}
"""Every GET route under /v1 that has no past, and why."""

NO_PAST_COMMANDS = {
    "verify": "checks all bytes; --checkpoint asks whether what was kept from before is still there",
    "anchor": "records something now",
    "checkpoint": "signs or shows the newest size",
    "receipt": "proof for one entry: it holds for ever",
    **dict.fromkeys(("check-receipt", "check-copy"), "looks at a file, not at a ledger"),
    "serve": "serves the routes above",
    "demo": "plays a story",
    "play": "plays a story",
    "check-scan": "asks what rests on a file that somebody holds now",
    **dict.fromkeys(("transcribe", "countersign"), "records what was typed, or signed, now"),
    **dict.fromkeys(("init", "approve", "correct-clock", "revoke-key", "rotate-log-key"), "records something now"),
    **dict.fromkeys(("erase", "retention", "rotate-epoch", "hand-in"), "does something now"),
}
"""Every command that has no past, and why."""


def test_every_read_takes_both_times_by_the_same_names_or_says_why_it_has_no_past(practice: Practice) -> None:
    commands = {
        name: {option for each in command.params for option in each.opts}
        for name, command in get_command(app).commands.items()  # type: ignore[attr-defined]
    }
    paths = practice.app.openapi()["paths"]
    routes = {
        path: {each["name"] for each in said["get"].get("parameters", ())}
        for path, said in paths.items()
        if "get" in said and path.startswith("/v1/")
    }

    assert {name for name, options in commands.items() if not {"--known-at", "--up-to"} <= options} == set(
        NO_PAST_COMMANDS
    )
    assert {path for path, names in routes.items() if not {"known_at", "up_to"} <= names} == set(NO_PAST_ROUTES)
    assert all([*NO_PAST_ROUTES.values(), *NO_PAST_COMMANDS.values()])
    others = {"--as-of", "--happened-up-to", "as_of", "happened_up_to"}
    for names in (*commands.values(), *routes.values()):
        assert not names & others
