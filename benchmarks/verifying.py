"""The whole ledger checked from its bytes, beside nothing but the signatures in it, on one core and on all of them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nacl.bindings import crypto_sign_open

from api.commands.verify import verify_folder
from benchmarks.clinic import Bench
from benchmarks.figure import Figure, at_least
from benchmarks.rounds import in_turn
from ledger.envelope import pae, parse_envelope
from ledger.store.port import EventRow

Signed: TypeAlias = tuple[bytes, bytes, bytes]
"""Public key, message, signature."""

OF_THE_BEST, OF_OPENSSL = 0.5, 0.8
CORES = os.cpu_count() or 1


def verification(bench: Bench, rounds: int) -> Iterator[Figure]:
    """Signatures a second; what is bare only checks them, what is ours checks everything else too."""
    signed = list(_signatures(bench))
    with ProcessPoolExecutor(CORES) as pool:
        list(pool.map(_warm, range(4 * CORES)))
        parts = [signed[start::CORES] for start in range(CORES)]

        def on_all(check: Callable[[Sequence[Signed]], None]) -> None:
            for done in [pool.submit(check, part) for part in parts]:
                done.result()

        took = in_turn(
            {
                "openssl": lambda: _openssl(signed),
                "sodium": lambda: _sodium(signed),
                "openssl.all": lambda: on_all(_openssl),
                "sodium.all": lambda: on_all(_sodium),
                "ours": lambda: _verify(bench),
            },
            rounds,
        )
    rate = {name: len(signed) / each.wall for name, each in took.items()}
    for name, title in (("openssl", "cryptography"), ("sodium", "PyNaCl")):
        yield Figure(f"verify.{name}", f"bare Ed25519 checks, {title}, one core", rate[name], "signatures/s")
        yield Figure(f"verify.{name}.all", f"the same, {CORES} cores", rate[f"{name}.all"], "signatures/s")
    best = max(rate["openssl.all"], rate["sodium.all"])
    title = f"**ours**: everything in a ledger of {bench.store.head().size} entries, with its sealed blocks"
    yield _ours("verify.ours", title, rate["ours"], ("the best", best), OF_THE_BEST)
    yield _ours("verify.ours.openssl", "the same", rate["ours"], ("cryptography", rate["openssl.all"]), OF_OPENSSL)


def _ours(key: str, title: str, rate: float, beside: tuple[str, float], limit: float) -> Figure:
    name, bare = beside
    return Figure(
        key,
        title,
        rate,
        "signatures/s",
        None,
        f"bare checks of {name}, {CORES} cores",
        rate / bare,
        f"at least {limit:g} x",
        at_least(limit, rate / bare),
    )


def _verify(bench: Bench) -> None:
    report = verify_folder(bench.root)
    assert report.holds, report.problems


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


def _warm(_: int) -> None:
    time.sleep(0.05)  # long enough that every process gets one
