"""
The watch: looks what opened whenever the log has grown or a limit has passed, and sends it to those who asked.

It looks only while somebody asked or listens, and spends at most a tenth of its time on judging.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from api.alerts.book import AlertBook, Due, Subscription
from api.alerts.opening import Opening, openings_of
from api.alerts.policy import AlertPolicy
from api.alerts.sending import send
from ledger.encoding import to_instant
from ledger.errors import LedgerError
from ledger.received import Clock
from projections.compliance.judge import next_change
from projections.findings.register import Register

log = logging.getLogger("session_ledger")

SHARE = 10
"""After a look that took so long, the next one waits this many times as long."""

MayTell = Callable[[str, str], bool]
"""Whether this member of staff may be told what this rule says."""


class Watch:
    """The alerts of one ledger; safe to use from several threads."""

    def __init__(
        self,
        book: AlertBook,
        register: Register,
        clock: Clock,
        origin: str,
        size: Callable[[], int],
        may_tell: MayTell,
        policy: AlertPolicy,
    ) -> None:
        """Over a register of findings; `size` is how many entries there are by now."""
        self.book, self.policy, self.origin = book, policy, origin
        self._register, self._clock, self._size, self._may_tell = register, clock, size, may_tell
        self._turn, self._sending = threading.Lock(), threading.Lock()
        self._listeners = 0
        self._seen = -1
        self._change: str | None = None
        self._rest_until = 0.0

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Somebody listens as long as this lasts."""
        with self._turn:
            self._listeners += 1
        try:
            yield
        finally:
            with self._turn:
                self._listeners -= 1

    def look(self, *, anyway: bool = False) -> int:
        """Write down what opened since; how many were new. `anyway`: also when nobody asked, and at once."""
        with self._turn:
            began, size = self._clock.monotonic(), self._size()
            now = to_instant(self._clock.wall())
            is_asked = self._listeners > 0 or any(each.ended_at is None for each in self.book.subscriptions())
            has_changed = size != self._seen or (self._change is not None and now >= self._change)
            if not anyway and (not is_asked or not has_changed or began < self._rest_until):
                return 0
            ledger = self._register.at(as_of=now)
            told = self._register.registered(ledger)
            new = self.book.take(openings_of(told, ledger.size), self._clock.wall(), self.may_be_told)
            self._seen, self._change = ledger.size, next_change(each.finding for each in told)
            ended = self._clock.monotonic()
            self._rest_until = ended + SHARE * (ended - began)
            return new

    def deliver(self) -> int:
        """Send what is due; how much arrived. After a failure nothing more is tried with the same receiver."""
        failed: set[str] = set()
        with self._sending:
            due = self.book.due(self._clock.wall())
            return sum(self._sent(each, failed) for each in due if each.subscription.id not in failed)

    def test(self, to: Subscription) -> str:
        """Send a message that says that it is a test; what came of it."""
        told = {"type": "alert.test", "ledger": self.origin}
        return send(to, f"{to.id}.test", told, self._clock.wall(), self.policy).said

    def run(self, stopped: threading.Event, seconds: float) -> None:
        """Look and deliver until it is stopped."""
        while not stopped.wait(seconds):
            try:
                self.look()
                self.deliver()
            except Exception as error:  # logged and tried again: a thread that died unseen would alert nobody
                log.exception("alerts", extra={"fields": {"code": getattr(error, "code", "fault")}})

    def _sent(self, due: Due, failed: set[str]) -> bool:
        now, to = self._clock.wall(), due.subscription
        message = f"{due.opening.finding}.{due.opening.opening}"
        outcome = send(to, message, due.opening.told(self.origin), now, self.policy)
        if outcome.arrived:
            self.book.sent(due, outcome.said)
            return True
        failed.add(to.id)
        if outcome.gone:
            self.book.end(to.id, now, "the receiver said that it is gone")
        else:
            self.book.failed(due, now, outcome.said)
        log.warning("alert not delivered", extra={"fields": {"subscription": to.id, "said": outcome.said}})
        return False

    def may_be_told(self, to: Subscription, opening: Opening) -> bool:
        """Whether who asked may know of it, by the roles they have now."""
        try:
            return self._may_tell(to.owner, opening.rule)
        except LedgerError:
            return False
