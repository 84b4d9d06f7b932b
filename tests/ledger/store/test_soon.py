"""What is written after the answer is written once, by one hand at a time, and never after the store was closed."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

from ledger.store.soon import Soon


class Desk:
    """Something that writes, as slowly as a test wants it to."""

    def __init__(self) -> None:
        self.soon = Soon(self.write)
        self.written: dict[int, bytes] = {}
        self.begun, self.go_on, self.refuses = Event(), Event(), False
        self.hands, self.most_hands = 0, 0

    def write(self, these: Mapping[int, bytes]) -> None:
        self.hands += 1
        self.most_hands = max(self.hands, self.most_hands)
        self.begun.set()
        assert self.go_on.wait(20)
        if self.refuses:
            raise OSError("no room")
        self.written |= these
        self.soon.written(these)
        self.hands -= 1


def test_nothing_is_closed_under_the_hand_that_writes() -> None:
    desk = Desk()
    desk.soon.add(1, b"one")
    assert desk.begun.wait(20), "the thread of the process writes it by itself"

    with ThreadPoolExecutor(1) as pool:
        closing = pool.submit(desk.soon.close)
        desk.soon.add(2, b"two")
        wait_a_little(closing)
        desk.go_on.set()
        closing.result(20)

    assert desk.most_hands == 1
    assert desk.written == {1: b"one", 2: b"two"}
    assert desk.soon.waiting == {}


def wait_a_little(closing: Future[None]) -> None:
    """Long enough for a second hand to come in if nothing kept it out; that it does not is no question of time."""
    Event().wait(0.05)
    assert not closing.done()


def test_what_cannot_be_written_waits_for_the_next_hand() -> None:
    desk = Desk()
    desk.go_on.set()
    desk.refuses = True
    desk.soon.add(1, b"one")
    desk.soon.write()
    assert (desk.soon.waiting, desk.written) == ({1: b"one"}, {})

    desk.refuses = False
    desk.soon.write()

    assert (desk.soon.waiting, desk.written) == ({}, {1: b"one"})


def test_nothing_is_kept_alive_for_what_was_forgotten() -> None:
    desk = Desk()
    soon = desk.soon
    del desk

    soon.add(1, b"one")
    soon.write()

    assert soon.waiting == {1: b"one"}
