"""The running service: what routes work with; the recorder commits together what comes together."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from api.alerts.book import AlertBook
from api.alerts.policy import read_alert_policy
from api.alerts.watch import Watch
from api.ending import remove_ended
from api.erasing import destroy_keys, unfinished
from api.folder import OpenLedger
from api.web.access_traces import AccessTraces
from api.web.accounts import Accounts
from api.web.accounts_db import AccountBook
from api.web.callers import may_be_alerted
from api.web.care import Glass
from api.web.composing import Composer, composer_after
from api.web.custody import Custody
from api.web.desk import Desk
from api.web.enrolments import Enrolments
from api.web.judging import Judging
from api.web.known_keys import KnownKeys
from api.web.live import Live
from api.web.own_word import OwnWord
from api.web.refusals import RefusalTraces
from api.web.rooms import Rooms
from api.web.self_checks import ProcessApart, SelfChecks
from api.web.service_key import ServiceKey
from api.web.service_threads import P, ServiceThreads, T, done_in
from api.web.settings import Settings
from api.web.web_sessions import WebSessions
from ledger.errors import Conflict, LedgerError, Refused
from ledger.received import Clock
from ledger.record import Recorded, Recorder, Submission
from projections import VIEWS
from projections.compliance.reader import Compliance
from projections.findings.register import Register
from projections.runner import Runner
from projections.tables import ViewDatabase

log = logging.getLogger("session_ledger")

ANSWER_SECONDS = 0.002
"""How long views and streams leave the processor to the answer that somebody at a bedside waits for."""


@dataclass(frozen=True, slots=True)
class Receipted:
    """Where an event stands, with the receipt to keep."""

    recorded: Recorded
    receipt: str


class Service(ServiceThreads):
    """One ledger, served; made by `create_app`, started and stopped by its lifespan."""

    def __init__(
        self,
        opened: OpenLedger,
        recorder: Recorder,
        clock: Clock,
        settings: Settings,
        entropy: Callable[[int], bytes],
        compliance: Compliance,
    ) -> None:
        super().__init__()
        self.opened, self.recorder, self.clock, self.settings, self.entropy = opened, recorder, clock, settings, entropy
        self.book = AccountBook(opened.folder.root, entropy)
        self.accounts = Accounts(self.book, clock, settings, entropy)
        self.sessions = WebSessions(clock, settings, entropy)
        self.keys = KnownKeys(opened.store)
        self.enrolments = Enrolments(self.book, self.keys, opened.pin.origin, clock, entropy)
        self.own_key = ServiceKey(opened.folder.root, self.keys, entropy)
        self.traces = RefusalTraces(opened.store, recorder, self.own_key, self.composer, self.look)
        self.access = AccessTraces(recorder, self.own_key, self.composer, clock, self.look, self.is_registered)
        self.custody = Custody(self.book, settings, entropy)
        self.database = ViewDatabase(opened.folder.views)
        self.runner = Runner(self.database, opened.store, opened.subject_keys, VIEWS)
        self.compliance = compliance
        self.own_word = OwnWord(self.own_key, recorder, self.composer, self.traces.leave)
        self._apart = ProcessApart(opened.folder.root)
        self.self_checks = SelfChecks(opened.store, self.keys, self.own_word, compliance, clock, self._apart, self.look)
        self.glass = Glass(self.database, self.own_word, clock, lambda: self.size, self._views_at)
        self.judging = Judging(compliance)
        self.desk = Desk(opened.store, compliance, self.accounts, self.database)
        self.register = Register(compliance)
        self.alerts = Watch(
            AlertBook(opened.folder.alerts),
            self.register,
            clock,
            opened.pin.origin,
            lambda: self.size,
            lambda owner, rule: may_be_alerted(self.accounts.find(owner), rule),
            read_alert_policy(opened.folder.alert_policy),
        )
        self.rooms = Rooms(
            opened.store, opened.subject_keys, self.database, self.judging, lambda: self.keys.history.revoked
        )
        self.live = Live()
        self.size = opened.store.head().size
        self._erased: set[str] = set()
        self._stopped = threading.Event()
        self._looking = threading.Lock()
        self._background: list[threading.Thread] = []

    async def record(self, submissions: Sequence[Submission]) -> list[Receipted]:
        """Record together, whole or not at all; raises what `Recorder.record` raises."""
        return await self._answered_first(self._receipted, submissions)

    async def record_each(self, submissions: Sequence[Submission]) -> list[Receipted | LedgerError]:
        """Record each by itself, in this order: what became of each; see `Recorder.record_each`."""
        return await self._answered_first(self._receipted_or_not, submissions)

    def record_now(self, submissions: Sequence[Submission]) -> list[Receipted]:
        """As `record`, in the thread that calls."""
        done = self._receipted(submissions)
        self._tell()
        return done

    def _receipted(self, submissions: Sequence[Submission]) -> list[Receipted]:
        try:
            results = self.recorder.record(submissions)
        except Refused as refusal:
            self.traces.leave([refusal])
            raise
        self._notice()
        self._erase()
        return [self._with_receipt(each) for each in results]

    def _receipted_or_not(self, submissions: Sequence[Submission]) -> list[Receipted | LedgerError]:
        results = self.recorder.record_each(submissions)
        self.traces.leave(each for each in results if isinstance(each, LedgerError))
        self._notice()
        self._erase()
        return [each if isinstance(each, LedgerError) else self._with_receipt(each) for each in results]

    def _with_receipt(self, recorded: Recorded) -> Receipted:
        return Receipted(recorded, self.recorder.receipt(recorded.position).decode("utf-8"))

    async def _answered_first(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do it in a thread that records; views and streams hear of it once the answer is on its way."""
        try:
            return await done_in(self._recorders, work, *args, **kwargs)
        finally:
            asyncio.get_running_loop().call_later(ANSWER_SECONDS, self._tell)

    def is_registered(self, staff: str) -> bool:
        """Whether the ledger has a record of this member of staff, so that an entry may name them."""
        return bool(self.opened.store.stream_rows(staff))

    def composer(self) -> Composer:
        """What a payload composed now has in common with others."""
        return composer_after(self.recorder.checkpoint(), self.clock.wall(), self.entropy)

    def record_approved(self) -> None:
        """Record what officers approved, here or on the command line; by the writer's thread."""
        self.enrolments.record_approved(self.recorder)
        self.look()
        self._erase()
        self._end()

    async def wait_for(self, size: int) -> None:
        """Wait until the views hold `size` entries, where waiting keeps nobody from reading; raises as the runner."""
        await done_in(self._waiters, self.runner.wait_for, size, self.settings.wait_seconds)

    def look(self) -> None:
        """See whether the log has grown, by whatever hand, and tell everybody who waits."""
        if self._notice():
            self._tell()

    def _notice(self) -> bool:
        """Take up how far the log goes and whose keys count; whether it had grown."""
        with self._looking:
            size = self.opened.store.head().size
            if size <= self.size:
                return False
            self.keys.refresh()
            self.size = size
            return True

    def _erase(self) -> None:
        """Destroy the key of whoever's record says by now that they are erased, and have the views let go at once."""
        erased = set(self.opened.store.erased())
        if erased <= self._erased:
            return
        destroy_keys(self.opened.store, self.opened.subject_keys)
        self.runner.catch_up()
        self._erased = erased - set(unfinished(self.opened.store, self.opened.subject_keys))

    def _end(self) -> None:
        """Remove what a recorded end of retention names, and have views and caches let go of it."""
        if remove_ended(self.opened.store, self.opened.subject_keys):
            self.recorder.forget()
            self.compliance.forget()
            self.register.forget()
            self.runner.catch_up()

    def _views_at(self, size: int) -> None:
        """Have the views read so far; one that does not get there in time is asked as it is."""
        with suppress(Conflict, Refused):
            self.runner.wait_for(size, self.settings.wait_seconds)

    def _tell(self) -> None:
        self.runner.wake()
        self.live.say()

    async def start(self) -> None:
        """Take in what is there, so that the first question has its answer; then follow the log."""
        await self.read(destroy_keys, self.opened.store, self.opened.subject_keys)
        await self.write(remove_ended, self.opened.store, self.opened.subject_keys)
        await self.read(self.runner.catch_up)
        self.live.begin(asyncio.get_running_loop())
        alert = partial(self.alerts.run, self._stopped, self.settings.look_seconds)
        for name, work in (("follower", self._follow), ("look-out", self._look_out), ("alerts", alert)):
            thread = threading.Thread(target=work, name=name, daemon=True)
            thread.start()
            self._background.append(thread)

    def stop(self) -> None:
        """End streams, then threads, then let go of files."""
        self._stopped.set()
        self.live.end()
        self.runner.wake()
        for thread in self._background:
            thread.join()
        self._apart.stop()
        self.self_checks.stop()
        self.traces.stop()
        self.access.stop()
        self.end_threads()
        self.database.close()
        self.book.close()
        self.alerts.book.close()

    def _follow(self) -> None:
        while not self._stopped.is_set():
            try:
                self.runner.follow(self._stopped, self.settings.look_seconds)
            except LedgerError as error:
                log.exception("follow", extra={"fields": {"code": error.code}})
                self._stopped.wait(self.settings.look_seconds)

    def _look_out(self) -> None:
        """Notice what other processes did, entries and approvals signed on the command line, and what is due."""
        while not self._stopped.wait(self.settings.look_seconds):
            try:
                self._writer.submit(self.record_approved).result()
                self.self_checks.look()
            except Exception as error:  # logged and tried again: a thread that died unseen would miss approvals
                log.exception("look-out", extra={"fields": {"code": getattr(error, "code", "fault")}})


async def service_of(request: Request) -> Service:
    """The service of a request; for `Depends`."""
    service: Service = request.app.state.service
    return service


ServiceOf = Annotated[Service, Depends(service_of)]
