"""`session-ledger serve` as a process of its own, and an officer who hands in signed events to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx2

from api.folder import Folder, read_pin
from api.key_file import read_seed
from api.web.composing import Composer
from ledger.encoding import to_instant
from ledger.payload import NOTHING_SEEN, Occurred
from ledger.record import Submission
from ledger.signing import SigningKey
from tests.api.web.practice import HEADERS, PASSWORD, PIN, handed
from tests.ledger.clinic import Entropy, make, uuid

ROOT = Path(__file__).parents[2]
PLAIN = {"PATH": "/usr/bin:/bin", "NO_COLOR": "1"}


def command(*words: str) -> list[str]:
    return [sys.executable, "-c", "from api.commands import main; main()", *words]


def run(clock: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """A command of ours, on a computer with this clock."""
    return subprocess.run(
        command(*words), cwd=ROOT, capture_output=True, text=True, check=False, env={**PLAIN, **clock}
    )


@dataclass(frozen=True)
class Served:
    """A service that listens."""

    url: str
    code: str | None
    taken_up: int
    process: int

    def kill(self) -> None:
        """kill -9."""
        os.kill(self.process, signal.SIGKILL)


@contextmanager
def served(ledger: Path, clock: Mapping[str, str] | None = None) -> Iterator[Served]:
    """A service of this ledger; it is stopped in the end, if it lives."""
    process = subprocess.Popen(
        command("serve", str(ledger), "--port", "0", "--json"),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**PLAIN, **(clock or {})},
    )
    assert process.stdout is not None
    try:
        text = ""
        for line in process.stdout:
            text += line
            if line.rstrip() == "}":
                break
        said = json.loads(text)
        yield Served(said["url"], said["set_up_code"], said["taken_up"], process.pid)
    finally:
        process.terminate()
        process.communicate(timeout=120)


@dataclass(frozen=True)
class Officer:
    """An officer of a practice ledger, whose key is in a file."""

    ledger: Path
    file: Path

    @property
    def owner(self) -> str:
        return str(json.loads(self.file.read_text())["owner"])

    @contextmanager
    def at(self, service: Served) -> Iterator[httpx2.Client]:
        """A screen at which the officer is signed in; the account is made the first time."""
        with httpx2.Client(base_url=service.url, headers=HEADERS, timeout=20) as screen:
            if service.code is not None:
                body = {"code": service.code, "staff": self.owner, "password": PASSWORD, "pin": PIN}
                assert screen.post("/v1/setup", json=body).status_code == 201
            signed_in = screen.post("/v1/auth/sign-in", json={"staff": self.owner, "password": PASSWORD})
            assert signed_in.status_code == 200, signed_in.text
            yield screen

    def registers(self, number: int) -> dict[str, object]:
        """The signed registration of somebody, as it is handed in; the same bytes each time for one number."""
        return handed(self._signed(number))

    def _signed(self, number: int) -> Submission:
        now = datetime(2026, 5, 15, 12, tzinfo=UTC)
        origin = read_pin(Folder(self.ledger).pin_file).pin.origin
        return Composer(origin, now, NOTHING_SEEN, Entropy(f"registers {number}")).signed(
            make("staff-registered/1", agreement=None, code=f"RN{number}", name="A nurse"),
            f"staff/{uuid(60 + number)}",
            self.owner,
            SigningKey(read_seed(self.file, lambda: "")),
            "registrar",
            "performed",
            Occurred(at=to_instant(now), offset=0, precision="s", zone="UTC"),
        )
