"""Asking the ledger: receipts, one session, all views from nothing, and what the rules say."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.clinic import Bench
from benchmarks.figure import Figure, at_most
from benchmarks.rounds import in_turn, once
from ledger.encoding import to_instant
from ledger.follow import place
from ledger.session import Session, replay
from ledger.tlog.note import parse_vkey
from ledger.tlog.receipt import check_receipt, parse_receipt
from projections import VIEWS
from projections.compliance.judge import judge
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from projections.compliance.reader import Compliance
from projections.compliance.rules import RULES
from projections.runner import Runner
from projections.tables import ViewDatabase
from tests.ledger.clinic import RN1, SESSION, SLOT_A, dose
from tests.projections.generated.clean import clean
from tests.projections.rules.day import instant

RECEIPT_MS, JUDGE_MS = 2.0, 5.0


def receipts(bench: Bench, rounds: int) -> Iterator[Figure]:
    """A receipt made, and checked with nothing but the pinned key (one signature)."""
    known, size = [parse_vkey(bench.pin.vkey)], bench.store.head().size
    places = iter([number * 7919 % size for number in range(rounds + 1)])
    texts: list[bytes] = []

    def make() -> None:
        texts.append(bench.clinic.recorder.receipt(next(places)))

    took = in_turn(
        {"make": make, "check": lambda: check_receipt(parse_receipt(texts[-1]), known, bench.pin.origin)}, rounds
    )
    made = 1e3 * took["make"].wall
    yield Figure(
        "receipt.make",
        f"a receipt made, among {size} entries",
        made,
        "ms",
        1e3 * took["make"].cpu,
        aim=f"under {RECEIPT_MS:g} ms",
        reached=at_most(RECEIPT_MS, made),
    )
    yield Figure("receipt.check", "a receipt checked", 1e3 * took["check"].wall, "ms", 1e3 * took["check"].cpu)


def read_session(bench: Bench, session: str) -> Session:
    """The state of a session from its three records, with everything sealed opened."""
    rows = [row for name in (session, f"{session}/a", f"{session}/b") for row in bench.store.stream_rows(name)]
    in_order = sorted(rows, key=lambda row: row.position)
    return replay(session, (place(bench.store, row, bench.subject_keys) for row in in_order))


def rebuild(bench: Bench) -> Iterator[Figure]:
    """All views, from nothing."""
    database = ViewDatabase(bench.root / "rebuilt.db")
    took = once(Runner(database, bench.store, bench.subject_keys, VIEWS).catch_up)
    database.close()
    size = bench.store.head().size
    yield Figure("views.rebuild", f"all {len(VIEWS)} views rebuilt", size / took.wall, "events/s", size / took.cpu)


def judging(bench: Bench, rounds: int) -> Iterator[Figure]:
    """Every rule over one session: reading the log once, then each time somebody asks."""
    clock = bench.clinic.clock
    bench.clinic.recorder.record([bench.clinic.submission(dose(), SLOT_A, [(RN1, "performed", "nurse")])])
    clock.forward(minutes=1)
    bench.clinic.recorder.record(bench.signed_checks(20))
    compliance, now = Compliance(bench.store, bench.subject_keys), to_instant(clock.now)
    began = time.perf_counter()
    compliance.findings(SESSION, as_of=now)
    first = time.perf_counter() - began
    again = in_turn({"ask": lambda: compliance.findings(SESSION, as_of=now)}, rounds)["ask"]
    size = bench.store.head().size
    yield Figure("judge.first", f"a session judged for the first time (reads {size} entries)", 1e3 * first, "ms")
    yield Figure("judge.again", "judged again, with a dose and 20 checks", 1e3 * again.wall, "ms", 1e3 * again.cpu)
    yield _whole_session(rounds)


def _whole_session(rounds: int) -> Figure:
    """A whole session as the tests generate them, with all that stands before it, judged by every rule at its end."""
    days = [clean(seed, "plain") for seed in range(20)]
    known = [day.known() for day in days]

    def judge_all() -> None:
        for day, record in zip(days, known, strict=True):
            ledger = LedgerAt(record, size=len(day.placed), as_of=to_second(instant(day.end())))
            judge(ledger.session(day.sittings[-1].session))

    took = in_turn({"judge": judge_all}, rounds)["judge"]
    cpu = 1e3 * took.cpu / len(days)
    entries = sum(len(day.placed) for day in days) // len(days)
    return Figure(
        "judge.session",
        f"a whole session by {len(RULES)} rules, {entries} entries with what stands before it",
        1e3 * took.wall / len(days),
        "ms",
        cpu,
        aim=f"processor under {JUDGE_MS:g} ms",
        reached=at_most(JUDGE_MS, cpu),
    )
