"""
Refusals that leave a trace, without keeping anybody waiting who was refused.

The trace is written by a thread of its own. Whoever was refused waits for it a moment, so that the answer can name
its place; when the disk is slow, full or gone the answer goes without, and the trace follows if it can.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait

from api.refusal_trace import leave_trace
from api.web.composing import Composer
from api.web.service_key import ServiceKey
from ledger.encoding import to_instant
from ledger.errors import LedgerError, Refused
from ledger.events.access import SysAuthorisationRefused2
from ledger.payload import Occurred
from ledger.record import Recorder
from ledger.store.port import Store

log = logging.getLogger("session_ledger")

TRACE_SECONDS = 0.25
"""How long an answer waits for the place of its trace, at most."""


class RefusalTraces:
    """Writes what was refused into the log, with the service's own key."""

    def __init__(
        self,
        store: Store,
        recorder: Recorder,
        own_key: ServiceKey,
        compose: Callable[[], Composer],
        told: Callable[[], object],
    ) -> None:
        """`compose` is asked for each trace; `told` is called once something was written."""
        self._store, self.recorder, self._own_key = store, recorder, own_key
        self._compose, self._told = compose, told
        self._writer = ThreadPoolExecutor(1, "refusals")

    def leave(self, refused: Iterable[LedgerError]) -> None:
        """Have these traced, and say in each of them where; back after a moment, whatever becomes of it."""
        asked = [each for each in refused if isinstance(each, Refused) and each.objections]
        done = {self._writer.submit(self._trace, each): each for each in asked}
        written, _ = wait(done, TRACE_SECONDS)
        for future in written:
            done[future].trace = future.result()

    def stop(self) -> None:
        """Write what is still to be written."""
        self._writer.shutdown()

    def _trace(self, refusal: Refused) -> int | None:
        try:
            position = leave_trace(refusal, self._store, self._record)
        except Exception as error:  # logged: whoever was refused gets that answer and no other
            log.exception("refusal not traced", extra={"fields": {"code": getattr(error, "code", "fault")}})
            return None
        if position is None:
            log.warning("refusal not traced", extra={"fields": {"code": "service-key"}})
        else:
            self._told()
        return position

    def _record(self, event: SysAuthorisationRefused2, stream: str) -> int | None:
        own = self._own_key.counting()
        if own is None:
            return None
        composer = self._compose()
        now = Occurred(at=to_instant(composer.now), offset=0, precision="s", zone="UTC")
        signed = composer.signed(event, stream, own.owner, own.key, "service", "observed", now)
        return self.recorder.record([signed])[0].position
