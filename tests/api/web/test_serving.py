"""Serving as somebody starts it: the code, the certificate, the lock, the log lines, and what is refused."""

from __future__ import annotations

import json
import logging
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.commands.init import init
from api.folder import SystemClock, open_ledger, open_recorder
from api.web.json_log import JsonLines
from api.web.one_writer import only_writer
from api.web.starting import Where, check_where, is_loopback, run_service
from api.web.tls import certificate_for
from ledger.errors import Invalid, LedgerError, Refused
from tests.api.web.practice import HEADERS, PASSWORD, PIN
from tests.ledger.clinic import START, SetClock

RUN = (
    "import sys, typer\n"
    "from api.commands.output import print_error\n"
    "from api.commands.serve import serve\n"
    "from ledger.errors import LedgerError\n"
    "app = typer.Typer(pretty_exceptions_enable=False)\n"
    "app.command()(serve)\n"
    "try:\n"
    "    app()\n"
    "except LedgerError as error:\n"
    "    sys.exit(print_error(error, True))\n"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new practice ledger, made as its users make one."""
    folder = tmp_path_factory.mktemp("made") / "ledger"
    init(folder, "Riverbend Clinic", ["Dr Duval", "P. Tan"], practice=True, as_json=True)
    return folder


@pytest.fixture
def ledger(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(made, tmp_path / "ledger"))


def officer(ledger: Path) -> str:
    """An officer's identifier, from the file `init` wrote."""
    file = min((ledger / "people").iterdir())
    return str(json.loads(file.read_text())["owner"])


@contextmanager
def served(ledger: Path, *words: str) -> Iterator[tuple[dict[str, Any], subprocess.Popen[str]]]:
    """What `serve` prints when it is ready, and its process; it is stopped in the end."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(ledger), "--port", "0", "--json", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert process.stdout is not None
    try:
        text = ""
        for line in process.stdout:
            text += line
            if line.rstrip() == "}":
                break
        assert text, process.stderr.read() if process.stderr else ""
        yield json.loads(text), process
    finally:
        process.terminate()  # SIGINT before it listens may be ignored: whoever starts tests behind a shell ignores it
        process.communicate(timeout=120)


def test_from_the_printed_code_to_a_signed_in_officer_over_tls_and_a_graceful_end(ledger: Path) -> None:
    with served(ledger, "--tls", "--name", "ledger.clinic.lan") as (started, process):
        certificate = Path(started["certificate"])
        trusting = ssl.create_default_context(cafile=certificate)
        with httpx2.Client(base_url=started["url"], verify=trusting, headers=HEADERS, timeout=20) as tablet:
            status = tablet.get("/v1/status")
            setup = {"code": started["set_up_code"], "staff": officer(ledger), "password": PASSWORD, "pin": PIN}
            made = tablet.post("/v1/setup", json=setup)
            signed_in = tablet.post("/v1/auth/sign-in", json={"staff": officer(ledger), "password": PASSWORD})
            me = tablet.get("/v1/me")
        with pytest.raises(httpx2.ConnectError), httpx2.Client(base_url=started["url"]) as stranger:
            stranger.get("/v1/status")
        process.send_signal(signal.SIGINT)  # it has answered, so it listens to signals
        _, log = process.communicate(timeout=120)

    assert status.json()["organisation"] == "Riverbend Clinic"
    assert "strict-transport-security" in status.headers
    assert (made.status_code, signed_in.status_code, me.json()["officer"]) == (201, 200, True)
    assert "secure" in signed_in.headers["set-cookie"].lower()
    lines = [json.loads(line) for line in log.splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    assert [(line["method"], line["route"], line["status"]) for line in requests] == [
        ("GET", "/v1/status", 200),
        ("POST", "/v1/setup", 201),
        ("POST", "/v1/auth/sign-in", 200),
        ("GET", "/v1/me", 200),
    ]
    assert PASSWORD not in log
    assert "Finished server process" in lines[-1]["event"]
    assert process.returncode == 0
    with served(ledger, "--tls", "--name", "ledger.clinic.lan") as (again, _):
        assert again["set_up_code"] is None
        assert again["fingerprint"] == started["fingerprint"]


def test_a_second_server_of_one_ledger_is_told_so(ledger: Path) -> None:
    with only_writer(ledger):
        done = subprocess.run(
            [sys.executable, "-c", RUN, str(ledger), "--port", "0"],
            capture_output=True,
            text=True,
            check=False,
            cwd=Path(__file__).parents[3],
        )

    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"]) == (2, "ledger-served")
    assert error["remedy"]


def never(_: object) -> None:
    raise AssertionError("it must not come to this")


def refused(ledger: Path, where: Where, passphrase: str = "") -> LedgerError:
    with pytest.raises(LedgerError) as caught:
        run_service(ledger, where, lambda: passphrase, never)
    return caught.value


def test_a_restored_backup_is_not_served(ledger: Path) -> None:
    backup = (ledger / "ledger.db").read_bytes()
    opened = open_ledger(ledger)
    open_recorder(opened, SystemClock(), lambda: "").commit_heads()
    opened.store.close()
    for file in ledger.glob("ledger.db*"):
        file.unlink()
    (ledger / "ledger.db").write_bytes(backup)

    assert refused(ledger, Where("127.0.0.1", 0, tls=False)).code == "restored-backup"


def test_a_port_that_is_taken_is_named(ledger: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        error = refused(ledger, Where("127.0.0.1", other.getsockname()[1], tls=False))

    assert (error.code, error.field) == ("port-used", "port")


def test_the_log_key_s_passphrase_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = tmp_path / "words"
    words.write_text("correct horse battery staple")
    init(tmp_path / "ledger", "Riverbend Clinic", ["Dr Duval", "P. Tan"], passphrase_file=words, as_json=True)

    error = refused(tmp_path / "ledger", Where("127.0.0.1", 0, tls=False), "wrong")

    assert error.code == "passphrase"


def test_there_must_be_a_ledger(tmp_path: Path) -> None:
    assert refused(tmp_path, Where("127.0.0.1", 0, tls=False)).code == "no-ledger"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.10", "ledger.clinic.lan"])  # noqa: S104
def test_a_network_is_listened_on_with_tls_or_by_an_explicit_word(host: str) -> None:
    with pytest.raises(Refused) as caught:
        check_where(Where(host, 0, tls=False))

    assert (caught.value.code, caught.value.field) == ("tls-needed", "host")
    check_where(Where(host, 0, tls=True))
    check_where(Where(host, 0, tls=False, insecure_http=True))
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_this_computer_alone_needs_no_certificate(host: str) -> None:
    check_where(Where(host, 0, tls=False))


def test_a_certificate_is_kept_until_it_nears_its_end_or_lacks_a_name(tmp_path: Path) -> None:
    now = datetime(2026, 5, 16, tzinfo=UTC)
    names = ("ledger.clinic.lan", "192.168.1.10", "::1")

    first = certificate_for(tmp_path, names, now)
    kept = certificate_for(tmp_path, names[:2], now + timedelta(days=82))
    more = certificate_for(tmp_path, (*names, "other.lan"), now)
    renewed = certificate_for(tmp_path, names, now + timedelta(days=84))

    assert first.names == names
    assert first.ends - now == timedelta(days=90)
    assert kept == first
    assert len({first.fingerprint, more.fingerprint, renewed.fingerprint}) == 3
    assert (tmp_path / "key.pem").stat().st_mode & 0o077 == 0
    with pytest.raises(Invalid, match="tls-name"):
        certificate_for(tmp_path / "other", ("bücher.lan",), now)


def test_the_log_tells_a_fault_by_its_type_and_place_and_never_by_its_words() -> None:
    def fail() -> None:
        raise ValueError("Ana said that")

    try:
        fail()
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "fault", (), sys.exc_info())
    line = json.loads(JsonLines(SetClock(START)).format(record))

    assert (line["at"], line["level"], line["error"]) == ("2026-05-15T12:00:00.000000Z", "error", "ValueError")
    assert line["through"][-1].startswith("test_serving.py:")
    assert "Ana" not in json.dumps(line)
