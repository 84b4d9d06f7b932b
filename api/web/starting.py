"""Starting the service of one ledger: lock, log key, certificate, port, and what the person who starts it must know."""

from __future__ import annotations

import gc
import ipaddress
import secrets
import socket
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from api.folder import OpenLedger, SystemClock, open_ledger
from api.retention import read_retention
from api.web.app import create_app, gated_recorder
from api.web.json_log import log_to
from api.web.one_writer import only_writer
from api.web.service import Service
from api.web.serving import GracefulServer
from api.web.settings import Settings
from api.web.tls import Certificate, certificate_for
from ledger.errors import Refused
from projections.compliance.reader import Compliance


@dataclass(frozen=True, slots=True)
class Where:
    """Where to listen, and by which further names tablets come."""

    host: str
    port: int
    tls: bool
    names: tuple[str, ...] = ()
    insecure_http: bool = False


@dataclass(frozen=True, slots=True)
class Started:
    """
    What the person who starts it must know; `set_up_code` only until somebody has an account.

    `taken_up` counts entries that the process before left unsigned when it died: they were verified and signed.
    """

    url: str
    organisation: str
    origin: str
    set_up_code: str | None
    certificate: str | None
    certificate_ends: str | None
    fingerprint: str | None
    taken_up: int = 0

    def as_json(self) -> dict[str, str | int | None]:
        """The same for programs."""
        return asdict(self)


def check_where(where: Where) -> None:
    """
    Pass when nobody can read along who should not.

    Raises:
        Refused: `tls-needed`.
    """
    if not (where.tls or where.insecure_http or is_loopback(where.host)):
        raise Refused(
            "tls-needed",
            f"{where.host} is reached over a network, and without TLS everybody on it could read along.",
            field="host",
            remedy="Add --tls (a tablet cannot sign without it), or --insecure-http if you know why.",
        )


def run_service(folder: Path, where: Where, passphrase: Callable[[], str], tell: Callable[[Started], None]) -> None:
    """
    Serve the ledger in a folder until a signal says stop; `tell` is called when the port is open.

    Raises:
        Refused: `tls-needed`, `ledger-served`, `port-used`, `no-ledger`, `passphrase`, `head-store-missing`.
        TamperDetected: such as `restored-backup`; nothing is served then.
    """
    check_where(where)
    gc.collect()
    gc.freeze()  # no collection walks the loaded program again, which halts an answer for 20 ms; no value is in it yet
    opened = open_ledger(folder)
    try:
        with only_writer(folder):
            _serve(opened, where, passphrase, tell)
    finally:
        opened.store.close()


def _serve(opened: OpenLedger, where: Where, passphrase: Callable[[], str], tell: Callable[[Started], None]) -> None:
    clock, folder = SystemClock(), opened.folder.root
    compliance = Compliance(opened.store, opened.subject_keys, retention=read_retention(opened.folder.policy))
    recorder = gated_recorder(opened, compliance, clock, passphrase)
    names = tuple(dict.fromkeys([*where.names, *_own_names(where.host)]))
    certificate = certificate_for(folder / "tls", names, clock.wall()) if where.tls else None
    settings = Settings(secure=where.tls)
    with _listening(where.host, where.port) as listening:
        app = create_app(opened, recorder, clock, settings, compliance=compliance, entropy=secrets.token_bytes)
        service: Service = app.state.service
        code = None if service.accounts.set_up else service.accounts.new_code()
        started = _started(opened, where, listening.getsockname()[1], code, certificate)
        tell(replace(started, taken_up=recorder.taken_up))
        log_to(sys.stderr, clock)
        GracefulServer(app, where.host, where.port, certificate).run(sockets=[listening])


def _started(opened: OpenLedger, where: Where, port: int, code: str | None, certificate: Certificate | None) -> Started:
    scheme = "https" if where.tls else "http"
    shown = f"[{where.host}]" if ":" in where.host else where.host
    return Started(
        url=f"{scheme}://{shown}:{port}",
        organisation=opened.organisation,
        origin=opened.pin.origin,
        set_up_code=code,
        certificate=None if certificate is None else str(certificate.certificate),
        certificate_ends=None if certificate is None else certificate.ends.date().isoformat(),
        fingerprint=None if certificate is None else certificate.fingerprint,
    )


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise Refused(
            "port-used",
            f"Nothing can listen on {host} port {port}: {error.strerror}.",
            field="port",
            remedy="Choose another --port or --host.",
        ) from None


def is_loopback(host: str) -> bool:
    """Whether only this computer reaches an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _own_names(host: str) -> list[str]:
    """What this computer is called without asking anybody."""
    names = ["localhost", "127.0.0.1", "::1", socket.gethostname()]
    return names if host in ("0.0.0.0", "::") else [host, *names]  # noqa: S104  # compared, not listened on
