"""Turns: who hands in work while another writes, goes together with all others who came meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event, Lock, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.turns import Turns


class Desk:
    """Notes what was carried out together; the first turn lasts until `go_on` is set."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.begun, self.go_on = Event(), Event()
        self._one = Lock()

    def carry_out(self, works: Sequence[str]) -> None:
        assert self._one.acquire(blocking=False), "two hands write at once"
        try:
            self.groups.append(list(works))
            if len(self.groups) == 1:
                self.begun.set()
                assert self.go_on.wait(20)
            if "broken" in works:
                raise OSError("the disk is gone")
        finally:
            self._one.release()


def in_line(turns: Turns[str], count: int) -> None:
    """Wait until so many stand in line behind the one who writes."""
    while len(turns._line) < count:
        Event().wait(0.001)


def take_all(desk: Desk, works: Sequence[tuple[str, int]], most: int = 10) -> list[BaseException | None]:
    """The first begins; the others come while it writes, one behind the other. What each was told."""
    turns = Turns(desk.carry_out, most)
    told: list[BaseException | None] = [None] * len(works)

    def take(number: int, work: str, size: int) -> None:
        try:
            turns.take(work, size)
        except OSError as error:
            told[number] = error

    threads = []
    for number, (work, size) in enumerate(works):
        threads.append(Thread(target=take, args=(number, work, size)))
        threads[-1].start()
        assert desk.begun.wait(20)
        in_line(turns, number)
    desk.go_on.set()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()
    return told


def test_who_comes_alone_begins_at_once_in_their_own_thread() -> None:
    done: list[Sequence[int]] = []

    Turns[int](done.append, 10).take(1, 1)

    assert done == [[1]]


def test_those_who_come_meanwhile_go_together_in_the_order_they_came() -> None:
    desk = Desk()

    take_all(desk, [("first", 1), ("second", 1), ("third", 1), ("fourth", 1)])

    assert desk.groups == [["first"], ["second", "third", "fourth"]]


def test_no_more_go_together_than_fit_and_what_is_larger_goes_alone() -> None:
    desk = Desk()

    take_all(desk, [("first", 1), ("a", 6), ("b", 4), ("c", 1), ("huge", 11), ("d", 1)])

    assert desk.groups == [["first"], ["a", "b"], ["c"], ["huge"], ["d"]]


def test_a_failure_is_told_to_all_who_went_together_and_the_line_goes_on() -> None:
    desk = Desk()

    told = take_all(desk, [("first", 1), ("a", 5), ("broken", 5), ("c", 1)])

    assert [str(error) if error else None for error in told] == [None, "the disk is gone", "the disk is gone", None]
    assert desk.groups == [["first"], ["a", "broken"], ["c"]]


def test_after_a_failure_the_next_one_begins_at_once() -> None:
    def fail_once(works: Sequence[str]) -> None:
        if works == ["broken"]:
            raise KeyboardInterrupt

    turns = Turns(fail_once, 10)

    with pytest.raises(KeyboardInterrupt):
        turns.take("broken", 1)
    turns.take("whole", 1)


@given(st.lists(st.integers(1, 12), min_size=1, max_size=12))
def test_each_piece_is_carried_out_once_whatever_comes_together(sizes: list[int]) -> None:
    desk = Desk()

    take_all(desk, [(str(number), size) for number, size in enumerate(sizes)])

    assert [work for group in desk.groups for work in group] == [str(number) for number in range(len(sizes))]
    for group in desk.groups:
        assert len(group) == 1 or sum(sizes[int(work)] for work in group) <= 10
