"""
Whose turn it is to write: many hand in work at once, and one of them carries out all that has gathered.

    turns = Turns(record_together, most=256)
    turns.take(work, 1)      # from any thread; returns when the work was carried out, by whichever hand

There is no thread for it and no waiting for company: whoever comes when nobody is writing begins at once.
What comes meanwhile gathers, and goes together when that turn is over; the first in line then leads.
So one sync of the disk serves everybody who came while the last one ran.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar

Work = TypeVar("Work")


class _Place(Generic[Work]):
    """One piece of work in the line, and the door behind which its thread waits."""

    __slots__ = ("done", "door", "error", "size", "work")

    def __init__(self, work: Work, size: int) -> None:
        self.work = work
        self.size = size
        self.done = False
        self.error: BaseException | None = None
        self.door = Lock()
        self.door.acquire()


class Turns(Generic[Work]):
    """A line of work in the order it came; safe to use from any number of threads."""

    def __init__(self, carry_out: Callable[[Sequence[Work]], None], most: int) -> None:
        """`carry_out` does several pieces together, in one thread at a time; `most` is the size it gets at once."""
        self._carry_out = carry_out
        self._most = most
        self._line: deque[_Place[Work]] = deque()
        self._writing = False
        self._mutex = Lock()

    def take(self, work: Work, size: int) -> None:
        """
        Have this work carried out, alone or with what came at the same time.

        A piece larger than `most` goes alone. Raises what `carry_out` raised for the pieces it went with.
        """
        place = _Place(work, size)
        with self._mutex:
            self._line.append(place)
            leads, self._writing = not self._writing, True
        if not leads:
            place.door.acquire()  # opened when the work is done, or when it is this thread's turn to lead
        if not place.done:
            self._lead()
        if place.error is not None:
            raise place.error

    def _lead(self) -> None:
        """Carry out what stands in front of the line, then let the next one lead, and the others go."""
        with self._mutex:
            places = self._next()
        try:
            self._carry_out([place.work for place in places])
        except BaseException as error:  # whatever it was, everybody who waits is told, and the line moves on
            for place in places:
                place.error = error
            if not isinstance(error, Exception):
                raise
        finally:
            for place in places:
                place.done = True
            with self._mutex:
                self._writing = bool(self._line)
                if self._writing:
                    self._line[0].door.release()
            for place in places[1:]:
                place.door.release()

    def _next(self) -> list[_Place[Work]]:
        places = [self._line.popleft()]
        size = places[0].size
        while self._line and size + self._line[0].size <= self._most:
            places.append(self._line.popleft())
            size += places[-1].size
        return places
