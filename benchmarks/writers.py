"""Many at once: threads that each hand in one event after another and wait for its answer."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.beside import PlainLibrary
from benchmarks.clinic import Bench
from benchmarks.figure import Figure, at_least
from benchmarks.rounds import Took

AIM = 4.0
"""Times the plain library's events per second, at 64 writers."""


def writers(
    bench: Bench, folder: Path, each: int, rounds: int, threads: Sequence[int] = (1, 8, 64)
) -> Iterator[Figure]:
    """Events per second; `each` events by each thread, in rounds in which the two take turns."""
    size = sum(len(part) for part in (bench.signed_checks(1)[0].envelope, *bench.signed_checks(1)[0].blocks))
    library = PlainLibrary(folder / "many.db", size)
    rates: dict[tuple[str, int], list[Took]] = {}
    for _ in range(rounds):
        for count in threads:
            plain = [_saving(library, each) for _ in range(count)]
            ours = [_recording(bench, each) for _ in range(count)]
            rates.setdefault(("library", count), []).append(_together(plain))
            rates.setdefault(("ours", count), []).append(_together(ours))
    library.close()
    for count in threads:
        events = count * each
        wall = {name: statistics.median(took.wall for took in rates[name, count]) for name in ("library", "ours")}
        cpu = {name: statistics.median(took.cpu for took in rates[name, count]) for name in ("library", "ours")}
        at_once = f"{count} writers" if count > 1 else "1 writer"
        yield Figure(
            f"writers.{count}.library",
            f"plain `eventsourcing`, {at_once}",
            events / wall["library"],
            "events/s",
            events / cpu["library"],
        )
        ratio = wall["library"] / wall["ours"]
        yield Figure(
            f"writers.{count}.ours",
            f"**ours**, {at_once}",
            events / wall["ours"],
            "events/s",
            events / cpu["ours"],
            "plain library, as many writers",
            ratio,
            f"at least {AIM:g} x" if count == 64 else "",
            at_least(AIM, ratio) if count == 64 else None,
        )


def _saving(library: PlainLibrary, each: int) -> Callable[[], None]:
    looked = library.aggregate()

    def run() -> None:
        for _ in range(each):
            library.append(looked)

    return run


def _recording(bench: Bench, each: int) -> Callable[[], None]:
    waiting = bench.signed_checks(each)

    def run() -> None:
        for submission in waiting:
            bench.clinic.recorder.record([submission])

    return run


def _together(works: Sequence[Callable[[], None]]) -> Took:
    """All of it, from the moment every thread is ready; an error of one is raised here."""
    ready, failed = threading.Barrier(len(works) + 1), list[BaseException]()

    def run(work: Callable[[], None]) -> None:
        ready.wait()
        try:
            work()
        except BaseException as error:  # noqa: BLE001  # raised again below
            failed.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    ready.wait()
    wall, cpu = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.join()
    took = Took(time.perf_counter() - wall, time.process_time() - cpu)
    if failed:
        raise failed[0]
    return took
