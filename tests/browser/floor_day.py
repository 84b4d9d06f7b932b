"""Saturday of the retreat weekend, stopped at 11:20, with a second couple in the same house; served to browsers."""

from __future__ import annotations

import json
import re
import shutil
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from api.folder import open_ledger, open_recorder
from api.play_story import StoryLedger, play_story
from api.story.player import Player
from api.story.reader import Raw
from api.story.script import Script, Step, read_script
from api.web.app import create_app
from api.web.serving import GracefulServer
from api.web.settings import Settings
from api.web.stretching import Cost
from ledger.record import Recorded, Submission
from ledger.tlog.checkpoint import open_checkpoint
from ledger.tlog.note import parse_vkey
from tests.conftest import WEEKEND
from tests.ledger.clinic import Entropy

STOP = datetime(2026, 5, 16, 15, 20, tzinfo=UTC)
"""Saturday 11:20 at the retreat."""

TWINS = {"Ana": "Cleo", "Ben": "Dan", "C-07": "C-08", "Sat": "Sat2", "Sun": "Sun2", "own-A": "own-C", "own-B": "own-D"}
_NAME = re.compile(rf"\b(?:{'|'.join(map(re.escape, TWINS))})\b")
PASSWORD, PIN = "correct horse battery", "482913"
SETTINGS = Settings(idle_lock=timedelta(hours=12), look_seconds=0.05, cost=Cost(iterations=1, lanes=1, memory_kib=64))


class MovedClock:
    """A clock that runs, and that a test moves."""

    def __init__(self, now: datetime) -> None:
        self._start, self._began = now, time.monotonic()

    def wall(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began)

    def monotonic(self) -> float:
        return time.monotonic()

    def move_to(self, hhmmss: str) -> None:
        """Let it be this time of Saturday, at the retreat."""
        h, m, s = map(int, hhmmss.split(":"))
        self._start, self._began = datetime(2026, 5, 16, h + 4, m, s, tzinfo=UTC), time.monotonic()


def with_twins(script: Script) -> Script:
    """Until 11:20, and beside it Cleo and Dan, whose A was looked at neither at 10:45 nor at 11:20."""
    labels = {step.label for step in script.steps if step.label and _is_theirs(step)}
    cast = {
        kind: members | {TWINS[name]: _renamed(known, set()) for name, known in members.items() if name in TWINS}
        for kind, members in script.cast.items()
    }
    steps = []
    for step in script.steps:
        if step.recorded > STOP:
            break
        steps.append(step)
        if _is_theirs(step) and not _left_out(step):
            steps.append(_twin(step, labels))
    return replace(script, cast=cast, steps=tuple(steps))


def _is_theirs(step: Step) -> bool:
    return bool(_NAME.search(f"{step.target} {step.enrol}"))


def _left_out(step: Step) -> bool:
    return (
        step.target == "Sat/Ana"
        and step.event == "supervision-checked"
        and f"{step.at:%d %H:%M}" in ("16 10:45", "16 11:20")
    )


def _twin(step: Step, labels: set[str]) -> Step:
    return replace(
        step,
        enrol=_renamed(step.enrol, labels),
        target=_renamed(step.target, labels),
        by=tuple(_renamed(name, labels) for name in step.by),
        label=_renamed(step.label, labels),
        fields=_renamed(step.fields, labels),
    )


def _renamed(value: Any, labels: set[str]) -> Any:
    if isinstance(value, dict):
        return {name: _renamed(each, labels) for name, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, labels) for each in value]
    return f"{value}-twin" if value in labels else _NAME.sub(lambda found: TWINS[found[0]], value)


def play_floor(folder: Path, *, until: str = "") -> StoryLedger:
    """The ledger of both couples; `until` a date stops before it, so that nobody has come yet."""
    script = with_twins(read_script(WEEKEND))
    if until:
        script = replace(script, steps=tuple(each for each in script.steps if f"{each.recorded:%Y-%m-%d}" < until))
    return play_story(script, folder, Entropy("floor"))


@dataclass
class Floor:
    """The served ledger."""

    url: str
    clock: MovedClock
    service: Any
    server: GracefulServer
    player: Player
    script: Script
    _jar: CookieJar = field(default_factory=CookieJar)

    @property
    def size(self) -> int:
        return int(self.service.opened.store.head().size)

    def sign_in(self, page: Any, staff: str = "RN1") -> None:
        """Through the API, so that nothing here depends on another page."""
        said = page.request.post(
            f"{self.url}/v1/auth/sign-in",
            data={"staff": staff, "password": PASSWORD},
            headers={"X-Session-Ledger": "1"},
        )
        assert said.ok, said.text()

    def check(self, target: str, hhmm: str) -> Recorded:
        """RN1 records a check from another tablet, over HTTP."""
        usual = next(
            each for each in self.script.steps if each.target == target and each.event == "supervision-checked"
        )
        h, m = map(int, hhmm.split(":"))
        at = usual.at.replace(hour=h, minute=m)
        return self.player.play(_Tablet(self), replace(usual, at=at, recorded=at, label=""))[0].recorded  # type: ignore[arg-type]

    def prescriber_gone(self, session: str, hhmm: str) -> Recorded:
        """RN1 records over HTTP that MD1 is neither on the site nor to be reached any more."""
        opening = next(each for each in self.script.steps if each.target == session and each.event == "session-opened")
        h, m = map(int, hhmm.split(":"))
        at = opening.at.replace(hour=h, minute=m)
        told: dict[str, Raw] = {"prescriber": "MD1", "presence": "none"}
        event = "prescriber-presence-changed"
        step = replace(opening, at=at, recorded=at, label="", event=event, by=("RN1",), fields=told)
        return self.player.play(_Tablet(self), step)[0].recorded  # type: ignore[arg-type]

    def call(self, path: str, body: object = None) -> Any:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))
        request = urllib.request.Request(  # noqa: S310  # our own server
            self.url + path,
            None if body is None else json.dumps(body).encode(),
            {"X-Session-Ledger": "1", "Content-Type": "application/json"},
        )
        with opener.open(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text[:1] == b"{" else text

    def stop(self) -> None:
        """As when the service or the network is gone."""
        self.server.stop()


class _Tablet:
    """What the player takes for a recorder: it hands in over HTTP."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        floor.call("/v1/auth/sign-in", {"staff": "RN1", "password": PASSWORD})

    def record(self, submissions: list[Submission]) -> list[Recorded]:
        said = [
            self._floor.call("/v1/events", {"envelope": each.envelope.decode(), "blocks": list(each.blocks)})
            for each in submissions
        ]
        return [
            Recorded(**{name: each[name] for name in Recorded.__dataclass_fields__ if name in each}) for each in said
        ]

    def checkpoint(self) -> Any:
        pin = self._floor.service.opened.pin
        return open_checkpoint(self._floor.call("/v1/checkpoint"), [parse_vkey(pin.vkey)], pin.origin)


@contextmanager
def serve_floor(played: StoryLedger, folder: Path) -> Iterator[Floor]:
    """A copy of a played ledger, behind a real server on this computer."""
    shutil.copytree(played.ledger.folder.root, folder)
    opened, clock = open_ledger(folder), MovedClock(STOP + timedelta(seconds=30))
    recorder = open_recorder(opened, clock, lambda: "", entropy=Entropy("recorder"))
    app = create_app(opened, recorder, clock, SETTINGS, entropy=Entropy("service"))
    service = app.state.service
    for code, roles in (("RN1", ["nurse"]), ("MD1", ["prescriber"])):
        owner = played.player.ids[code]
        service.accounts.accept(service.accounts.invite(owner, roles), PASSWORD, PIN)
    server = GracefulServer(app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Floor(f"http://127.0.0.1:{port}", clock, service, server, played.player, played.player.script)
    finally:
        server.stop()
        thread.join(20)
        opened.store.close()
