"""From the tablet's request to the receipt in its hands, over HTTP on this machine, with a real server."""

from __future__ import annotations

import http.client
import json
import statistics
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

from api.web.app import create_app
from api.web.serving import GracefulServer
from api.web.settings import Settings
from api.web.stretching import Cost
from benchmarks.clinic import Bench
from benchmarks.figure import Figure
from ledger.record import Recorder
from projections.compliance.gates import gates
from projections.compliance.reader import Compliance
from tests.ledger.clinic import RN1

HEADERS = {"Content-Type": "application/json", "X-Session-Ledger": "1"}
PASSWORD, PIN = "correct horse battery", "482913"


def loopback(bench: Bench, count: int) -> Iterator[Figure]:
    """POST /v1/events until the whole answer with its receipt is here, one after another, on one connection."""
    compliance = Compliance(bench.store, bench.subject_keys)
    clinic = bench.clinic
    recorder = Recorder(
        bench.store,
        clinic.head_store,
        (clinic.signer,),
        bench.subject_keys,
        clinic.clock,
        clinic.entropy,
        gates(compliance),
    )
    settings = Settings(idle_lock=timedelta(hours=12), cost=Cost(iterations=1, lanes=1, memory_kib=64))
    app = create_app(bench.opened(), recorder, clinic.clock, settings, compliance=compliance)
    accounts = app.state.service.accounts
    accounts.accept(accounts.invite(RN1, ["nurse"]), PASSWORD, PIN)
    server = GracefulServer(app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield from _measure(bench, count, server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.stop()
        thread.join(20)


def _measure(bench: Bench, count: int, port: int) -> Iterator[Figure]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    cookie = _post(connection, "/v1/auth/sign-in", {"staff": RN1, "password": PASSWORD}, {})[1]
    headers = {"Cookie": cookie.split(";")[0]}
    bodies = [
        {"envelope": each.envelope.decode(), "blocks": list(each.blocks)} for each in bench.signed_checks(count + 3)
    ]
    for body in bodies[:3]:  # the first ones find everything cold
        _post(connection, "/v1/events", body, headers)
    took = []
    for body in bodies[3:]:
        began = time.perf_counter()
        said, _ = _post(connection, "/v1/events", body, headers)
        took.append(time.perf_counter() - began)
        assert said["receipt"]
    connection.close()
    median = statistics.median(took)
    slow = sorted(took)[int(0.95 * (len(took) - 1))]
    yield Figure("post", "`POST /v1/events` to its receipt, loopback", 1e3 * median, "ms")
    yield Figure("post.p95", "the same, 95 of 100", 1e3 * slow, "ms", None, "its median", slow / median)


def _post(
    connection: http.client.HTTPConnection, path: str, body: object, headers: dict[str, str]
) -> tuple[dict[str, str], str]:
    connection.request("POST", path, json.dumps(body), HEADERS | headers)
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status in (200, 201), text
    return json.loads(text), answer.getheader("Set-Cookie") or ""
