"""The cases: each measures one thing beside what the machine can do at all, in the same run."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

import nacl.signing
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from benchmarks.clinic import Bench
from ledger.audit import audit
from ledger.encoding import to_instant
from ledger.envelope import pae, parse_envelope
from ledger.follow import log_rows
from ledger.store.port import EventRow
from ledger.tlog.note import parse_vkey
from ledger.tlog.receipt import check_receipt, parse_receipt
from projections import VIEWS
from projections.compliance.reader import Compliance
from projections.runner import Runner
from projections.tables import ViewDatabase
from tests.ledger.clinic import RN1, SESSION, SLOT_A, dose


@dataclass(frozen=True)
class Row:
    """One figure; `beside` says what the ratio is to, and `ratio` how many times as much ours is."""

    name: str
    value: float
    unit: str
    beside: str = ""
    ratio: float | None = None


def append(bench: Bench, count: int) -> Iterator[Row]:
    """One durable, signed event at a time, beside two raw fsyncs of as much, which is the least it could cost."""
    waiting = bench.signed_checks(count)
    raw, walls, cpus = [], [], []
    with (bench.root / "raw").open("wb", buffering=0) as file:
        for submission in waiting:  # in turn, so that both meet the same noise of the disk
            began = time.perf_counter()
            for _ in range(2):
                file.write(bytes(4096))
                os.fsync(file.fileno())
            raw.append(time.perf_counter() - began)
            began, worked = time.perf_counter(), time.thread_time()
            bench.clinic.recorder.record([submission])
            walls.append(time.perf_counter() - began)
            cpus.append(time.thread_time() - worked)
    fsyncs = statistics.median(raw)
    yield Row("two raw fsyncs", 1e3 * fsyncs, "ms")
    yield Row("append, wall", 1e3 * statistics.median(walls), "ms", "two raw fsyncs", statistics.median(walls) / fsyncs)
    yield Row("append, wall p95", 1e3 * p95(walls), "ms", "two raw fsyncs", p95(walls) / fsyncs)
    yield Row(
        "append, CPU",
        1e3 * statistics.median(cpus),
        "ms",
        "append, wall",
        statistics.median(cpus) / statistics.median(walls),
    )


def verification(bench: Bench) -> Iterator[Row]:
    """The whole ledger checked from its bytes, beside nothing but the signatures in it."""
    rows = list(log_rows(bench.store, bench.subject_keys))
    began = time.perf_counter()
    report = audit(rows, bench.store.checkpoints(), bench.pin)
    ours = time.perf_counter() - began
    assert report.holds
    signed = list(_signatures(bench))
    began = time.perf_counter()
    for public, message, signature in signed:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    openssl = time.perf_counter() - began
    began = time.perf_counter()
    for public, message, signature in signed:
        nacl.signing.VerifyKey(public).verify(message, signature)
    sodium = time.perf_counter() - began
    yield Row("bare Ed25519 checks, cryptography", len(signed) / openssl, "signatures/s")
    yield Row("bare Ed25519 checks, PyNaCl", len(signed) / sodium, "signatures/s")
    yield Row(
        f"verify {report.events} events", report.events / ours, "events/s", "bare checks, cryptography", ours / openssl
    )
    yield Row("verify, against PyNaCl", report.events / ours, "events/s", "bare checks, PyNaCl", ours / sodium)


def receipts(bench: Bench, count: int) -> Iterator[Row]:
    """A receipt made, and checked with nothing but the pinned key (one signature)."""
    known, size = [parse_vkey(bench.pin.vkey)], bench.store.head().size
    began = time.perf_counter()
    texts = [bench.clinic.recorder.receipt(number * 7919 % size) for number in range(count)]
    making = (time.perf_counter() - began) / count
    began = time.perf_counter()
    for text in texts:
        check_receipt(parse_receipt(text), known, bench.pin.origin)
    checking = (time.perf_counter() - began) / count
    yield Row("make a receipt", 1e3 * making, "ms")
    yield Row("check a receipt", 1e3 * checking, "ms", "make a receipt", checking / making)


def rebuild(bench: Bench) -> Iterator[Row]:
    """All views, from nothing."""
    database = ViewDatabase(bench.root / "rebuilt.db")
    runner = Runner(database, bench.store, bench.subject_keys, VIEWS)
    began = time.perf_counter()
    runner.catch_up()
    took = time.perf_counter() - began
    database.close()
    size = bench.store.head().size
    yield Row(f"rebuild all {len(VIEWS)} views", size / took, "events/s")


def judging(bench: Bench, count: int) -> Iterator[Row]:
    """Every rule over one session: reading the log once, then each time somebody asks."""
    clock = bench.clinic.clock
    bench.clinic.recorder.record([bench.clinic.submission(dose(), SLOT_A, [(RN1, "performed", "nurse")])])
    clock.forward(minutes=1)
    bench.clinic.recorder.record(bench.signed_checks(20))
    compliance, now = Compliance(bench.store, bench.subject_keys), to_instant(clock.now)
    began = time.perf_counter()
    compliance.findings(SESSION, as_of=now)
    first = time.perf_counter() - began
    asked = []
    for _ in range(count):
        began = time.perf_counter()
        compliance.findings(SESSION, as_of=now)
        asked.append(time.perf_counter() - began)
    again = statistics.median(asked)
    yield Row("judge a session, first time (reads the log)", 1e3 * first, "ms")
    yield Row("judge a session, again", 1e3 * again, "ms", "the first time", again / first)


def p95(values: list[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return sorted(values)[int(0.95 * (len(values) - 1))]


def _signatures(bench: Bench) -> Iterator[tuple[bytes, bytes, bytes]]:
    publics = {key.kid: key.public for key in bench.clinic.keys.values()}
    for row in bench.store.rows(0, bench.store.head().size):
        if isinstance(row, EventRow):
            envelope = parse_envelope(row.envelope)
            for each, signature in zip(envelope.payload.attested, envelope.signatures, strict=True):
                yield publics[each.key], pae(envelope.payload_bytes), signature
