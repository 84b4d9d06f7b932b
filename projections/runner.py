"""
The runner: has every view follow the log in batches, in one pass for all of them.

It pulls. `wake` says that there may be something new, and nothing is lost when nobody says it.
Rows and position of a batch are committed together, so after a crash it goes on exactly where it stopped.
Following live in any batches and building from zero give the same tables.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache

from ledger.bracket import root_of_first
from ledger.errors import Conflict, Refused
from ledger.follow import BATCH
from ledger.store.port import Store
from ledger.store.subject_keys import SubjectKeys
from projections.batch import Build, take_in
from projections.letting_go import let_go
from projections.position import Position, move, positions, unknown_view
from projections.rebuild import begin_beside, discard, switch
from projections.tables import ViewDatabase
from projections.view import View

Progress = Callable[[int, int], None]
"""Told after each batch how many positions of how many the slowest view has taken in."""

LOOK_AGAIN = 0.2
"""Seconds after which a waiting reader looks for itself."""


class Runner:
    """Keeps these views up to date with one log; safe to use from several threads."""

    def __init__(
        self,
        database: ViewDatabase,
        store: Store,
        subject_keys: SubjectKeys | None,
        views: Sequence[View],
        *,
        batch: int = BATCH,
    ) -> None:
        """Take up each view where it stands; one of another definition is built anew beside the old."""
        self._database = database
        self._store = store
        self._subject_keys = subject_keys
        self._views = {view.name: view for view in views}
        self._batch = batch
        self._turn = threading.RLock()
        self._moved = threading.Condition()
        self._woken = False
        self._forgotten = False
        database.root_at = lru_cache(1024)(lambda size: root_of_first(size, store.read_tile))
        with database.writing() as connection:
            known = positions(connection)
            for view in views:
                begin_beside(connection, view, known)

    def positions(self) -> tuple[Position, ...]:
        """Where every build of these views stands, also the parked ones and why."""
        with self._database.reading() as connection:
            return tuple(at for at in positions(connection) if at.view in self._views)

    def catch_up(self, until: int | None = None, progress: Progress | None = None) -> int:
        """
        Take in the log up to its head, or up to `until` entries; how far the slowest view is then.

        Raises:
            TamperDetected: `other-log`: the log is not the one these views were built from.
        """
        with self._turn:
            self._let_go()
            while group := self._next_group(self._size(until)):
                self._let_go()
                builds, end = group
                take_in(self._database, self._store, self._subject_keys, builds, end)
                self._say_moved()
                if progress is not None:
                    progress(self._slowest(), self._size(until))
            self._switch_finished()
            self._forgotten = self._forgotten or self._database.forget_deleted()
            return self._slowest()

    def rebuild(self, name: str, *, accept_changes: bool = False, progress: Progress | None = None) -> str:
        """
        Build a view again from zero beside the old one, compare, and switch; the digest of its rows.

        Readers see the old one until then. An interrupted rebuild goes on where it stopped.

        Raises:
            Refused: `not-found`; `view-parked` when the log cannot be taken in; `rebuild-differs` when the
                rows are not those there are. The old one stays then.
        """
        view = self._view(name)
        with self._turn:
            with self._database.writing() as connection:
                begin_beside(connection, view, positions(connection), anyway=True)
            self.catch_up(progress=progress)
            try:
                digest = switch(self._database, view, accept_changes=accept_changes)
            except Refused:
                discard(self._database, view)
                raise
            self._forgotten = self._database.forget_deleted()
            self._say_moved()
            return digest

    def retry(self, name: str) -> None:
        """Let a parked view try again from the position it stopped at, the next time the log is followed."""
        self._view(name)
        with self._turn, self._database.writing() as connection:
            for at in positions(connection):
                if at.view == name and at.state == "parked":
                    move(connection, at, at.reached, at.leaf, None)

    def wake(self) -> None:
        """Hint that the log has grown."""
        with self._moved:
            self._woken = True
            self._moved.notify_all()

    def follow(self, stopped: threading.Event, every: float = 1.0) -> None:
        """Follow the log until `stopped` is set: at each hint, and after `every` seconds without one."""
        while not stopped.is_set():
            with self._moved:
                self._woken = False
            self.catch_up()
            with self._moved:
                self._moved.wait_for(lambda: self._woken or stopped.is_set(), every)

    def wait_for(self, at_least: int, timeout: float, name: str | None = None) -> int:
        """
        Wait until this view, or every view, has taken in `at_least` entries; how many it has.

        Whoever waits takes in the log with their own hands if nobody else does.

        Raises:
            Refused: `not-found`, or `view-parked`: it will not get there.
            Conflict: `view-behind`, when it was not there in time.
        """
        names = list(self._views) if name is None else [self._view(name).name]
        for _ in range(max(1, math.ceil(timeout / LOOK_AGAIN))):
            if self._turn.acquire(blocking=False):
                try:
                    if self._reached(names, at_least) < at_least:
                        self.catch_up()
                finally:
                    self._turn.release()
            if (reached := self._reached(names, at_least)) >= at_least:
                return reached
            with self._moved:
                self._moved.wait_for(lambda: self._reached(names, at_least) >= at_least, min(timeout, LOOK_AGAIN))
        reached = self._reached(names, at_least)
        if reached >= at_least:
            return reached
        raise Conflict("view-behind", f"The view has read {reached} entries, not yet {at_least}.", remedy="Ask again.")

    def _let_go(self) -> None:
        """After an erasure: rows that say more than can still be read are made again."""
        keys = self._subject_keys
        if keys is not None and let_go(self._database, self._store, keys, self._views.values()):
            self._forgotten = False
            self._say_moved()

    def _view(self, name: str) -> View:
        if name not in self._views:
            raise unknown_view(name)
        return self._views[name]

    def _builds(self) -> list[Build]:
        """The builds that this version of the views can move on."""
        mine = [(self._views[at.view], at) for at in self.positions() if at.state == "running"]
        return [(view, at) for view, at in mine if at.fingerprint == view.fingerprint]

    def _next_group(self, size: int) -> tuple[list[Build], int] | None:
        """
        The builds that are furthest behind, and how far they go together before others join them.

        What readers see comes first: a long rebuild does not keep them waiting.
        """
        behind = [build for build in self._builds() if build[1].reached < size]
        behind = [build for build in behind if build[1].live] or behind
        if not behind:
            return None
        start = min(at.reached for _, at in behind)
        ahead = [at.reached for _, at in behind if at.reached > start]
        together = [build for build in behind if build[1].reached == start]
        return together, min(start + self._batch, size, *ahead)

    def _size(self, until: int | None) -> int:
        size = self._store.head().size
        return size if until is None else min(until, size)

    def _slowest(self) -> int:
        return min((at.reached for at in self.positions()), default=0)

    def _switch_finished(self) -> None:
        """Let readers see a new definition as soon as it knows all that the old one knew."""
        at_of = {(at.view, at.live): at for at in self.positions()}
        for view in self._views.values():
            live, beside = at_of[view.name, True], at_of.get((view.name, False))
            new = beside is not None and live.fingerprint != beside.fingerprint == view.fingerprint
            if beside is not None and new and beside.state == "running" and beside.reached >= live.reached:
                switch(self._database, view)
                self._forgotten = False
                self._say_moved()

    def _reached(self, names: Sequence[str], at_least: int) -> int:
        """How far the slowest of these is for its readers; a parked one that stays behind is refused."""
        reached = []
        known = self.positions()
        for name in names:
            mine = [at for at in known if (at.view, at.fingerprint) == (name, self._views[name].fingerprint)]
            at = next((at for at in mine if at.live), mine[0])
            if at.fault is not None and at.reached < at_least:
                raise Refused(
                    "view-parked",
                    f"The view {name} stands at position {at.fault.position}: {at.fault.code}.",
                    field="view",
                    remedy="Have the cause removed and the view retried; what it shows ends there.",
                )
            reached.append(at.reached if at.live else 0)
        return min(reached, default=at_least)

    def _say_moved(self) -> None:
        with self._moved:
            self._moved.notify_all()
