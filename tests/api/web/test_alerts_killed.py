"""A process that sends alerts is killed at any step: nothing is lost, and nothing comes more than twice."""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from api.alerts.book import AlertBook, Due, Subscription
from api.alerts.opening import Opening
from api.alerts.policy import AlertPolicy
from api.alerts.watch import Watch
from ledger.encoding import to_instant
from tests.api.web.practice import Practice
from tests.api.web.test_alerts import Receiver, receiver  # noqa: F401  # a fixture
from tests.ledger.clinic import SESSION, START

OPENED = [
    Opening(f"{number:032x}", 1, "SUP-05", "1", "M", SESSION, 80 + number, to_instant(START)) for number in range(3)
]
TOLD = {
    "type",
    "ledger",
    "finding",
    "opening",
    "rule",
    "rule_version",
    "severity",
    "session",
    "position",
    "opened_at",
}
"""All that may ever be told, as docs/alerts.md lists it."""

STEPS = [(where, n) for n in (1, 2, 3) for where in ("before it is sent", "before it is noted", "after it was noted")]


class Dying(AlertBook):
    """A book whose process is killed at its n-th message, before or after it is noted that it was sent."""

    def __init__(self, file: Path, where: str, n: int) -> None:
        super().__init__(file)
        self.where, self.left = where, n

    def due(self, now: Any) -> list[Due]:
        found = super().due(now)
        return found[: self.left - 1] if self.where == "before it is sent" else found

    def sent(self, due: Due, said: str) -> None:
        self.left -= 1
        if self.left == 0 and self.where == "before it is noted":
            die()
        super().sent(due, said)
        if self.left == 0:
            die()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed(work: Callable[[], object]) -> bool:
    """Whether a process of its own that does this was killed at it."""
    child = os.fork()
    if child == 0:
        work()
        die()
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def watch(practice: Practice, book: AlertBook) -> Watch:
    service = practice.service
    policy = AlertPolicy(private_addresses=True)
    origin = practice.opened.pin.origin
    return Watch(book, service.register, practice.clinic.clock, origin, lambda: 0, lambda *_: True, policy)


def asked(receiver: Receiver) -> Subscription:  # noqa: F811
    return Subscription("s" * 32, "staff/x", "webhook", receiver.url, b"k" * 32, (), (), to_instant(START))


def written(file: Path, receiver: Receiver, practice: Practice) -> None:  # noqa: F811
    """Somebody asked, three findings opened, nothing is sent yet."""
    book = AlertBook(file)
    book.subscribe(asked(receiver))
    assert book.take(OPENED, practice.clinic.clock.wall(), lambda *_: True) == len(OPENED)
    book.close()


def test_a_sender_that_is_killed_at_any_step_loses_nothing_and_repeats_at_most_one_message(
    practice: Practice,
    receiver: Receiver,  # noqa: F811
    tmp_path: Path,
) -> None:
    for where, n in STEPS:
        file = tmp_path / f"{where} {n}.db"
        receiver.came.clear()
        written(file, receiver, practice)

        assert killed(lambda file=file, where=where, n=n: watch(practice, Dying(file, where, n)).deliver())  # type: ignore[misc]
        before = len(receiver.came)
        again = watch(practice, AlertBook(file))
        again.deliver()
        again.deliver()

        numbers = Counter(headers["webhook-id"] for headers, _ in receiver.came)
        assert set(numbers) == {f"{each.finding}.1" for each in OPENED}, (where, n)
        assert sorted(numbers.values()) == ([1, 1, 2] if where == "before it is noted" else [1, 1, 1]), (where, n)
        assert before == (n - 1 if where == "before it is sent" else n)
        bodies = {(headers["webhook-id"], body) for headers, body in receiver.came}
        assert len(bodies) == len(OPENED)  # the same number says the same
        assert [each["state"] for each in again.book.deliveries("s" * 32)] == ["sent"] * len(OPENED)
        assert all(set(json.loads(body)) == TOLD for _, body in receiver.came)
        again.book.close()


def test_one_that_is_killed_while_it_writes_down_what_opened_has_written_nothing_and_sends_all_later(
    practice: Practice,
    receiver: Receiver,  # noqa: F811
    tmp_path: Path,
) -> None:
    file = tmp_path / "alerts.db"
    book = AlertBook(file)
    book.subscribe(asked(receiver))
    book.close()
    told: list[int] = []

    def may_tell(_: Subscription, opening: Opening) -> bool:
        told.append(opening.position)
        if len(told) == len(OPENED):
            die()
        return True

    assert killed(lambda: AlertBook(file).take(OPENED, practice.clinic.clock.wall(), may_tell))

    after = watch(practice, AlertBook(file))
    assert after.book.last() == 0
    assert after.book.take(OPENED, practice.clinic.clock.wall(), lambda *_: True) == len(OPENED)
    practice.clinic.clock.forward(seconds=1)
    assert after.deliver() == len(OPENED)
    after.book.close()
