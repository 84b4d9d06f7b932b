"""What a dashboard asks of a long ledger: how long 99 of 100 questions take, and how soon a view has what is new."""

from __future__ import annotations

import gc
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from benchmarks.clinic import NURSE, Bench, open_bench, reopen_bench
from benchmarks.figure import Figure, at_most
from benchmarks.filling import fill_fast
from benchmarks.rounds import Measured, in_turn, once
from ledger.encoding import to_instant
from ledger.events.lifecycle import SessionScheduled
from ledger.follow import place
from projections import VIEWS
from projections.compliance.reader import Compliance
from projections.couple_history import couple_history
from projections.couple_history_rows import COUPLE_HISTORY
from projections.pending import pending
from projections.questions.asking import ask
from projections.runner import Runner
from projections.search import search
from projections.search_rows import SEARCH
from projections.session_list import sessions as listed
from projections.session_rows import SESSIONS
from projections.session_timeline import timeline
from projections.tables import ViewDatabase
from tests.ledger.clinic import SLOT_A, check

QUERY_MS, LAG_MS = 10.0, 50.0
"""The aims, each for 99 of 100."""

WHAT: Mapping[str, str] = {
    "timeline": "the timeline of one session",
    "course": "the course of one couple",
    "sessions": "the sessions of one couple",
    "search": "a search: the checks of one session",
    "pending": "what waits for a signature in one session",
    "open": "the sessions that are open now",
}

SESSIONS_FILE = "sessions.txt"
"""Written when a kept ledger is whole: its sessions, one a line."""


def dashboards(folder: Path, size: int, rounds: int) -> Iterator[Figure]:
    """Every view built from nothing, then the questions, then how far the views lag behind what is recorded."""
    bench = open_bench(folder)
    sessions = fill_fast(bench, size)
    yield from _rebuilt(bench, size)
    database = ViewDatabase(folder / "views.db")
    runner = Runner(database, bench.store, bench.subject_keys, VIEWS)
    runner.catch_up()
    for name, measured in _asked(bench, database, sessions, rounds).items():
        yield _under(f"dash.{name}", f"{WHAT[name]}, among {_thousands(size)} entries", measured, QUERY_MS)
    yield from questions(bench, sessions, max(3, rounds // 40))
    yield _under("dash.lag", "from a durable answer until every view has it", _lag(bench, runner, rounds), LAG_MS)
    database.close()
    bench.store.close()


def dashboards_kept(folder: Path, size: int, rounds: int) -> Iterator[Figure]:
    """
    The same questions of a ledger that is kept in this folder from run to run; made there if it is missing.

    Its sessions were lived: opened, closed, and in each of them an entry was corrected.
    """
    gc.collect()
    gc.freeze()  # as the service does when it starts
    if not (folder / SESSIONS_FILE).exists():
        filling = open_bench(folder)
        names = fill_fast(filling, size, lived=True)
        filling.store.close()
        (folder / SESSIONS_FILE).write_text("\n".join(names), encoding="utf-8")
    bench = reopen_bench(folder)
    sessions = (folder / SESSIONS_FILE).read_text(encoding="utf-8").split()
    is_new = not (folder / "views.db").exists()
    database = ViewDatabase(folder / "views.db")
    views = VIEWS if is_new else (SESSIONS, COUPLE_HISTORY, SEARCH)  # later only those that are asked
    took = once(Runner(database, bench.store, bench.subject_keys, views).catch_up)
    if is_new:
        title = f"all views built together, {_thousands(size)} entries"
        yield Figure(f"dash.built.{size}", title, size / took.wall, "events/s", size / took.cpu)
    for name, measured in _asked(bench, database, sessions, rounds).items():
        yield _under(f"dash.{name}.{size}", f"{WHAT[name]}, among {_thousands(size)} entries", measured, QUERY_MS)
    database.close()
    bench.store.close()


def questions(bench: Bench, sessions: Sequence[str], rounds: int) -> Iterator[Figure]:
    """What auditors' questions cost the reader that the service keeps, with everything read."""
    compliance = Compliance(bench.store, bench.subject_keys)
    size, now = compliance.catch_up(), to_instant(bench.clinic.clock.now + timedelta(hours=1))
    asked = {
        "session": ("1", {"session": sessions[0]}, "question 1 of one session"),
        "everything": ("1", {}, "question 1 of every session"),
        "tasks": ("my-tasks", {"session": sessions[0]}, "the tasks of one session"),
        "all-tasks": ("my-tasks", {}, "all tasks: every rule over every session"),
    }

    def asks(name: str, filters: Mapping[str, str]) -> Callable[[], object]:
        return lambda: ask(compliance, name, filters, now=now)

    cases = {key: asks(name, filters) for key, (name, filters, _) in asked.items()}
    for key, measured in in_turn(cases, rounds).items():
        title = f"{asked[key][2]}, among {_thousands(size)} entries"
        yield Figure(f"dash.question.{key}", title, 1e3 * measured.wall, "ms", 1e3 * measured.cpu)


def _rebuilt(bench: Bench, size: int) -> Iterator[Figure]:
    """Each view by itself: what one view costs does not hide behind another."""
    for view in VIEWS:
        path = bench.root / f"{view.name}.db"
        database = ViewDatabase(path)
        took = once(Runner(database, bench.store, bench.subject_keys, (view,)).catch_up)
        database.close()
        path.unlink()
        yield Figure(
            f"dash.rebuild.{view.name}", f"the view {view.name} rebuilt", size / took.wall, "events/s", size / took.cpu
        )


def _asked(bench: Bench, database: ViewDatabase, sessions: Sequence[str], rounds: int) -> dict[str, Measured]:
    chance = random.Random(7)
    some = [chance.choice(sessions) for _ in range(rounds + 1)]
    couples = [_couple_of(bench, session) for session in some]
    turn = {name: iter(range(rounds + 1)) for name in WHAT}

    def asks(name: str, ask: Callable[[int], object]) -> Callable[[], object]:
        return lambda: ask(next(turn[name]))

    cases = {
        "timeline": asks("timeline", lambda at: timeline(database, some[at])),
        "course": asks("course", lambda at: couple_history(database, couples[at])),
        "sessions": asks("sessions", lambda at: listed(database, couple=couples[at])),
        "search": asks("search", lambda at: search(database, {"session": some[at], "type": "supervision-checked"})),
        "pending": asks("pending", lambda at: pending(database, session=some[at])),
        "open": asks("open", lambda _: listed(database, status="open")),
    }
    return in_turn(cases, rounds)


def _couple_of(bench: Bench, session: str) -> str:
    planned = place(bench.store, bench.store.stream_rows(session)[0], bench.subject_keys).event
    if not isinstance(planned, SessionScheduled):
        raise TypeError(f"{planned.type} plans no session")
    return planned.couple


def _lag(bench: Bench, runner: Runner, rounds: int) -> Measured:
    """The views follow in a thread of their own, woken as the service wakes them."""
    stopped, measured = threading.Event(), Measured()
    thread = threading.Thread(target=runner.follow, args=(stopped,), daemon=True)
    thread.start()
    for number in range(rounds + 1):
        submission = bench.clinic.submission(check(), SLOT_A, [NURSE])
        bench.clinic.clock.forward(seconds=1)
        recorded = bench.clinic.recorder.record([submission])
        cpu, began = time.process_time(), time.perf_counter()
        runner.wake()
        runner.wait_for(recorded[0].position + 1, 5.0)
        if number:
            measured.walls.append(time.perf_counter() - began)
            measured.cpus.append(time.process_time() - cpu)
    stopped.set()
    runner.wake()
    thread.join()
    return measured


def _under(key: str, title: str, measured: Measured, aim_ms: float) -> Figure:
    slow = 1e3 * measured.wall_p99
    return Figure(
        key,
        f"{title}, 99 of 100",
        slow,
        "ms",
        1e3 * measured.cpu,
        aim=f"under {aim_ms:g} ms",
        reached=at_most(aim_ms, slow),
    )


def _thousands(size: int) -> str:
    return f"{size:,}".replace(",", " ")
