"""The whole ledger checked from its bytes, beside nothing but the signatures in it, on one core and on all of them."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nacl.bindings import crypto_sign_open

from api.commands.verify import verify_folder
from benchmarks.clinic import Bench
from benchmarks.figure import Figure, at_least
from benchmarks.rounds import Took, in_turn
from ledger.envelope import pae, parse_envelope
from ledger.store.port import EventRow

Signed: TypeAlias = tuple[bytes, bytes, bytes]
"""Public key, message, signature."""

OF_THE_BEST, OF_OPENSSL = 0.5, 0.8
CORES = os.cpu_count() or 1


def verification(bench: Bench, rounds: int) -> Iterator[Figure]:
    """Signatures a second; what is bare only checks them, what is ours checks everything else too."""
    signed, size = list(_signatures(bench)), bench.store.head().size
    bench.store.close()
    parts = [signed[start::CORES] for start in range(CORES)]
    took = in_turn(
        {
            "openssl": lambda: _side_by_side(_openssl, [signed]),
            "sodium": lambda: _side_by_side(_sodium, [signed]),
            "openssl.all": lambda: _side_by_side(_openssl, parts),
            "sodium.all": lambda: _side_by_side(_sodium, parts),
            "ours": lambda: _verify(bench.root),
        },
        rounds,
    )
    rate = {name: len(signed) / each.wall for name, each in took.items()}
    cpu = {name: len(signed) / each.cpu for name, each in took.items()}
    for name, library in (("openssl", "cryptography"), ("sodium", "PyNaCl")):
        title = f"bare Ed25519 checks, {library}, one core"
        yield Figure(f"verify.{name}", title, rate[name], "signatures/s", cpu[name])
        each = f"{name}.all"
        yield Figure(f"verify.{each}", f"the same, {CORES} cores", rate[each], "signatures/s", cpu[each])
    title = f"**ours**: everything in a ledger of {size} entries, with its sealed blocks"
    best = "sodium.all" if rate["sodium.all"] > rate["openssl.all"] else "openssl.all"
    yield _ours("verify.ours", title, rate, cpu, ("the best", best), OF_THE_BEST)
    yield _ours("verify.ours.openssl", "the same", rate, cpu, ("cryptography", "openssl.all"), OF_OPENSSL)


def _ours(
    key: str,
    title: str,
    rate: Mapping[str, float],
    cpu: Mapping[str, float],
    beside: tuple[str, str],
    limit: float,
) -> Figure:
    name, bare = beside
    ratio, by_cpu = rate["ours"] / rate[bare], cpu["ours"] / cpu[bare]
    return Figure(
        key,
        title,
        rate["ours"],
        "signatures/s",
        cpu["ours"],
        f"bare checks of {name}, {CORES} cores ({by_cpu:.2f} x by processor)",
        ratio,
        f"at least {limit:g} x",
        at_least(limit, ratio),
    )


def _side_by_side(check: Callable[[Sequence[Signed]], None], parts: Sequence[Sequence[Signed]]) -> Took:
    """These parts, each in a process of its own; how long the longest took, and the processor time of all."""
    forked = get_context("fork")
    ways = [forked.Pipe(duplex=False) for _ in parts]
    processes = [
        forked.Process(target=_timed, args=(check, part, into)) for part, (_, into) in zip(parts, ways, strict=True)
    ]
    for process in processes:
        process.start()
    took = [out.recv() for out, _ in ways]
    for process in processes:
        process.join()
    return Took(max(wall for wall, _ in took), sum(cpu for _, cpu in took))


def _timed(check: Callable[[Sequence[Signed]], None], part: Sequence[Signed], into: Connection) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    check(part)
    into.send((time.perf_counter() - wall, time.process_time() - cpu))


def _verify(root: Path) -> Took:
    """The audit in a process of its own, where nothing was written before: nothing runs or is open in it."""
    forked = get_context("fork")
    out, into = forked.Pipe(duplex=False)
    process = forked.Process(target=_verified, args=(root, into))
    process.start()
    wall, cpu, problems = out.recv()
    process.join()
    assert not problems, problems
    return Took(wall, cpu)


def _verified(root: Path, into: Connection) -> None:
    wall, cpu = time.perf_counter(), _processor_time()
    report = verify_folder(root)
    into.send((time.perf_counter() - wall, _processor_time() - cpu, report.problems))


def _processor_time() -> float:
    """Of this process and of all it started, which have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _signatures(bench: Bench) -> Iterator[Signed]:
    publics = {key.kid: key.public for key in bench.clinic.keys.values()}
    for row in bench.store.rows(0, bench.store.head().size):
        if isinstance(row, EventRow):
            envelope = parse_envelope(row.envelope)
            for each, signature in zip(envelope.payload.attested, envelope.signatures, strict=True):
                yield publics[each.key], pae(envelope.payload_bytes), signature


def _openssl(signed: Sequence[Signed]) -> None:
    for public, message, signature in signed:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)


def _sodium(signed: Sequence[Signed]) -> None:
    for public, message, signature in signed:
        crypto_sign_open(signature + message, public)
