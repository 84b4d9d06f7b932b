"""A clinic whose ledger is served: its people at their screens, over a real SQLite ledger and a clock a test sets."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any

import httpx2
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.folder import Folder, OpenLedger
from api.web.app import create_app
from api.web.destroying import ByCommandAlone
from api.web.service import Service
from api.web.serving import GracefulServer
from api.web.settings import Settings
from api.web.stretching import Cost
from ledger.audit import Pin
from ledger.canonical import canonical
from ledger.encoding import to_base64
from ledger.envelope import pae
from ledger.events.keys import KeyEnrolled
from ledger.payload import Payload
from ledger.record import Recorder, Submission
from ledger.signing import SigningKey
from ledger.store.head_store import FileHeadStore
from ledger.store.sqlite import open_sqlite
from ledger.store.subject_keys import FolderSubjectKeys
from ledger.tlog.note import parse_vkey
from projections.compliance.gates import gates
from projections.compliance.reader import Compliance
from tests.ledger.clinic import MD1, ORIGIN, PT1, RN1, Clinic, Entropy, make

HEADERS = {"X-Session-Ledger": "1"}
FOUNDED = 12
"""Entries of the clinic before anything happens."""
PASSWORD, PIN = "correct horse battery", "482913"
NURSE = (RN1, "performed", "nurse")
QUICK = Settings(
    idle_lock=timedelta(minutes=2),
    wait_seconds=0.4,
    look_seconds=0.05,
    cost=Cost(iterations=1, lanes=1, memory_kib=64),
)


@dataclass
class Screen:
    """One browser: its own cookies, and the header that our pages send."""

    client: TestClient
    jar: httpx2.Cookies = field(default_factory=httpx2.Cookies)

    def get(self, path: str, **options: Any) -> httpx2.Response:
        return self._ask("GET", path, **options)

    def post(self, path: str, body: object = None, **options: Any) -> httpx2.Response:
        return self._ask("POST", path, json={} if body is None else body, **({"headers": HEADERS} | options))

    def _ask(self, method: str, path: str, **options: Any) -> httpx2.Response:
        self.client.cookies = self.jar
        response = self.client.request(method, path, **options)
        self.jar = httpx2.Cookies(self.client.cookies)
        return response

    def sign_in(self, staff: str, password: str = PASSWORD) -> httpx2.Response:
        return self.post("/v1/auth/sign-in", {"staff": staff, "password": password})


class Practice:
    """The served clinic; `screen()` is a fresh browser, `at(...)` one at which somebody is signed in."""

    def __init__(self, root: Path, settings: Settings = QUICK) -> None:
        founding = _founded()
        shutil.copytree(founding.place.name, root, dirs_exist_ok=True)
        folder = Folder(root)
        store, subject_keys = open_sqlite(folder.database, ORIGIN), FolderSubjectKeys(folder.subjects)
        self.clinic = Clinic(store, FileHeadStore(folder.head), subject_keys)
        self.clinic.clock.now = founding.now
        self.clinic.entropy.skip(founding.drawn)
        self.pin = Pin(ORIGIN, str(self.clinic.signer.vkey), store.rows(0, 1)[0].leaf)
        self.vkeys = [parse_vkey(self.pin.vkey)]
        folder.pin_file.write_bytes(
            canonical(
                {
                    "first_leaf": self.pin.first_leaf.hex(),
                    "organisation": "Test Clinic",
                    "origin": ORIGIN,
                    "practice": True,
                    "vkey": self.pin.vkey,
                }
            )
        )
        self.opened = OpenLedger(folder, self.pin, "Test Clinic", True, store, subject_keys)
        compliance = Compliance(store, subject_keys)
        clinic = self.clinic
        recorder = Recorder(
            store,
            clinic.head_store,
            (clinic.signer,),
            subject_keys,
            clinic.clock,
            clinic.entropy,
            (*gates(compliance), ByCommandAlone()),
        )
        self.settings = settings
        self.serve(recorder, compliance)

    def serve(self, recorder: Recorder, compliance: Compliance | None = None, seed: str = "service") -> None:
        """Make the application over the open ledger and this recorder; another seed makes other secrets."""
        self.app: FastAPI = create_app(
            self.opened,
            recorder,
            self.clinic.clock,
            self.settings,
            compliance=compliance,
            entropy=Entropy(seed),
        )
        self.service: Service = self.app.state.service
        self.client = TestClient(self.app)

    @property
    def size(self) -> int:
        return self.opened.store.head().size

    def screen(self) -> Screen:
        return Screen(self.client)

    def account(self, owner: str, roles: Sequence[str], password: str = PASSWORD, pin: str = PIN) -> None:
        """An account made as the service makes it, without the way to it."""
        invitation = self.service.accounts.invite(owner, roles)
        self.service.accounts.accept(invitation, password, pin)

    def at(self, owner: str = RN1, *roles: str) -> Screen:
        """A screen at which this person is signed in."""
        self.account(owner, roles or ("nurse",))
        screen = self.screen()
        assert screen.sign_in(owner).status_code == 200
        return screen

    # -- what people sign ---------------------------------------------------------------------------

    def possession(self, owner: str, officer: str = PT1, **changes: Any) -> tuple[Payload, SigningKey]:
        """The payload of somebody's new key, naming the officer, and that key."""
        key = SigningKey(self.clinic.entropy(32))
        self.clinic.keys[owner] = key
        event = self.clinic.enrolment(owner, **changes)
        assert isinstance(event, KeyEnrolled)
        signers = [(owner, "possession", "participant"), (officer, "enrolled", "security-officer")]
        return self.clinic.payload(event, "keys", signers)[0], key

    def approvals(self, items: Sequence[dict[str, Any]], officer: str = PT1) -> dict[str, list[str]]:
        """The officer's signatures over what waits."""
        from ledger.encoding import from_base64

        key = self.clinic.keys[officer]
        return {"signatures": [to_base64(key.sign(pae(from_base64(item["payload"])))) for item in items]}


@dataclass(frozen=True)
class _Founding:
    """A clinic just founded, to copy from: its folder, what its clock showed, and how often it drew random bytes."""

    place: TemporaryDirectory[str]
    now: datetime
    drawn: int


@cache
def _founded() -> _Founding:
    """The same bytes each time, so it is founded once."""
    place = TemporaryDirectory()
    folder = Folder(Path(place.name))
    (folder.root / "log").mkdir(mode=0o700)
    with closing(open_sqlite(folder.database, ORIGIN, create=True)) as store:
        clinic = Clinic(store, FileHeadStore(folder.head), FolderSubjectKeys(folder.subjects)).open()
    return _Founding(place, clinic.clock.now, clinic.entropy.drawn)


def item(payload: Payload, key: SigningKey) -> dict[str, str]:
    """A payload with the signature of its own new key, as it is handed in."""
    data = payload.bytes()
    return {"payload": to_base64(data), "signature": to_base64(key.sign(pae(data)))}


def handed(submission: Submission) -> dict[str, Any]:
    """A submission as a browser sends it."""
    return {"envelope": submission.envelope.decode(), "blocks": list(submission.blocks)}


def registers(clinic: Clinic, owner: str, code: str) -> Submission:
    """MD1 registers a member of staff."""
    event = make("staff-registered/1", agreement=None, code=code, name=f"{code} of the clinic")
    return clinic.submission(event, owner, [(MD1, "performed", "registrar")])


def licences(
    clinic: Clinic, owner: str, profession: str = "psychotherapist", credential: str = "licence"
) -> Submission:
    """MD1 has verified somebody's licence, or another credential, for the clinic's state."""
    event = make(
        "credential-granted/1",
        credential=credential,
        effective="2026-01-01",
        expires="2026-12-31",
        issued=None,
        issuer="An issuer",
        locations=[],
        number=None,
        profession=profession if credential == "licence" else None,
        states=["NY"],
        verification=None,
    )
    return clinic.submission(event, owner, [(MD1, "verified", "credentialing-officer")])


def until(said: Any, seconds: float = 60) -> Any:
    """What a question finally answers; fails when it never does."""
    end = monotonic() + seconds
    while not (answer := said()):
        assert monotonic() < end, "it never came"
        sleep(0.01)
    return answer


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """The address of a real server on this computer."""
    server = GracefulServer(app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.stop()
        thread.join(20)
        assert not thread.is_alive()
