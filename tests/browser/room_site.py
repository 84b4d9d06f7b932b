"""
The service, real, on this machine, over the retreat weekend as it stood on Saturday morning before anything began.

Uvicorn runs in a thread; its clock is the story's, moved by the test. Accounts are made the short way.
"""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import uvicorn

from api.folder import OpenLedger, open_ledger
from api.play_story import play_story
from api.story.script import read_script
from api.web.app import create_app, gated_recorder
from api.web.service import Service
from api.web.settings import Settings
from api.web.stretching import Cost
from projections.compliance.reader import Compliance
from tests.conftest import WEEKEND
from tests.ledger.clinic import Entropy

SATURDAY = datetime(2026, 5, 16, 13, 30, tzinfo=UTC)
"""09:30 in New York."""

ARRIVED = datetime(2026, 5, 16, 14, 0, tzinfo=UTC)
"""10:00: the session is open, and both were looked at, asked, and signed how they get home."""

PASSWORD, PIN = "a sentence for tests", "482913"
ROLES = {
    "MD1": ["prescriber", "medical-director", "compliance-officer", "credentialing-officer"],
    "PT1": ["therapist", "registrar", "scheduler", "credentialing-officer"],
    "RN1": ["nurse", "custodian"],
}


class MovedClock:
    """A clock that runs at its own pace from a given moment, and is moved forward by the test."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._began = time.monotonic()
        self._moved = timedelta()

    def wall(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began) + self._moved

    def monotonic(self) -> float:
        return (self.wall() - self._start).total_seconds()

    def move_to(self, moment: datetime) -> None:
        """Let it be `moment` now; never backwards."""
        self._moved += max(moment - self.wall(), timedelta())

    def forward(self, **step: float) -> None:
        self._moved += timedelta(**step)


@dataclass
class RoomSite:
    """Where the service is, and what tests need of it."""

    url: str
    session: str
    clock: MovedClock
    opened: OpenLedger
    service: Service

    @property
    def people(self) -> list[Path]:
        """The practice keys of everybody in the story."""
        return sorted((self.opened.folder.root / "people").glob("*.key"))


def play_until_saturday(folder: Path, until: datetime = SATURDAY) -> str:
    """
    The story up to, not including, Saturday 09:30 or another moment; the session's UUID.

    The same bytes each time, so it is played once for each moment, and copied from there.
    """
    once, session = _played(until)
    shutil.copytree(once.name, folder)
    return session


@cache
def _played(until: datetime) -> tuple[tempfile.TemporaryDirectory[str], str]:
    once = tempfile.TemporaryDirectory()
    script = read_script(WEEKEND)
    steps = tuple(step for step in script.steps if step.recorded < until)
    played = play_story(replace(script, steps=steps), Path(once.name), Entropy("room"))
    session = played.player.ids["Sat"].split("/")[1]
    played.ledger.store.close()
    return once, session


def serve(
    folder: Path,
    session: str,
    idle: timedelta = timedelta(hours=20),
    start: datetime = SATURDAY,
    people: Mapping[str, list[str]] = ROLES,
) -> tuple[RoomSite, Callable[[], None]]:
    """Begin to serve, at this moment; the second is how to end."""
    clock = MovedClock(start)
    opened = open_ledger(folder)
    compliance = Compliance(opened.store, opened.subject_keys)
    recorder = gated_recorder(opened, compliance, clock, lambda: "")
    settings = Settings(cost=_cheap(), idle_lock=idle, session_life=timedelta(hours=40))
    app = create_app(opened, recorder, clock, settings, compliance=compliance)
    service: Service = app.state.service
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    _accounts(service, people)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"

    def stop() -> None:
        server.should_exit = True
        thread.join(20)
        listening.close()
        opened.store.close()

    return RoomSite(url, session, clock, opened, service), stop


def _accounts(service: Service, people: Mapping[str, list[str]]) -> None:
    from api.web.staff import find_staff

    for code, roles in people.items():
        service.runner.wait_for(service.opened.store.head().size, 5)
        invitation = service.accounts.invite(find_staff(service.database, code).owner, roles)
        service.accounts.accept(invitation, PASSWORD, PIN)


def _cheap() -> Cost:
    return Cost(memory_kib=64, iterations=1, lanes=1)
