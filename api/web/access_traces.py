"""
What the service notes of its readers: who opened which record, and who was not let in.

Nobody waits for it: a thread of its own writes the entries, with the service's own key, while the answer goes out.
A page asks for what it shows again and again, so one reader's look at one record is noted once in a while, and no
more wrong sign-ins a minute than somebody could type: who only wants to fill the log gets no further.
A list over many records is noted as what it is, a search with its filters; a floor board as a look at each room on it.
Without a key of the service that counts nothing is noted; `docs/service.md` says how it gets one.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Literal, TypeAlias, get_args

from api.web.callers import Caller
from api.web.composing import Composer
from api.web.service_key import ServiceKey
from ledger.encoding import to_instant
from ledger.entry import stream_tag
from ledger.events.access import Purpose, SysRecordSearched, SysRecordViewed, SysSignInFailed2
from ledger.events.base import Event
from ledger.events.fields import Privacy
from ledger.events.sealing import make_event
from ledger.payload import Occurred
from ledger.received import Clock
from ledger.record import Recorder
from ledger.vocabulary import Role

log = logging.getLogger("session_ledger")

AGAIN_SECONDS = 900.0
"""After how long another look of the same reader at the same record is noted again [D]."""

FAILED_A_MINUTE = 20
"""How many wrong sign-ins are noted within a minute, whoever they are for [D]."""

SEALED: Final[tuple[Privacy, ...]] = ("open", "clinical", "sensitive")
"""What a record's page shows: also what is sealed in its entries."""

CODES: Final[tuple[Privacy, ...]] = ("open",)
"""What a wall board shows, or an entry's envelope: codes, times and places."""

_MOST = 10_000

Why: TypeAlias = Literal["wrong-password", "wrong-pin", "unknown-account", "too-many-tries"]


class AccessTraces:
    """Notes views and refused sign-ins in the log."""

    def __init__(
        self,
        recorder: Recorder,
        own_key: ServiceKey,
        compose: Callable[[], Composer],
        clock: Clock,
        told: Callable[[], object],
        is_registered: Callable[[str], bool],
    ) -> None:
        """
        `compose` is asked for each entry; `told` is called once something was written.

        Who is not `is_registered` cannot be named in the log, such as an officer of the first hour: the rest is noted.
        """
        self._is_registered = is_registered
        self.recorder, self._own_key, self._compose, self._clock, self._told = recorder, own_key, compose, clock, told
        self._writer = ThreadPoolExecutor(1, "access")
        self._turn = threading.Lock()
        self._looked: dict[tuple[str, ...], float] = {}
        self._failed: list[float] = []

    def viewed(
        self, caller: Caller, records: Iterable[str], purpose: Purpose = "other", privacy: tuple[Privacy, ...] = SEALED
    ) -> None:
        """Somebody opened these records, and was shown fields of these classes of them."""
        for record in records:
            if self._is_new(caller.owner, record, purpose, *privacy):
                said = self._reader(caller) | {"privacy": list(privacy), "purpose": purpose}
                self._writer.submit(self._note, SysRecordViewed, said, record)

    def searched(self, caller: Caller, filters: Iterable[str], found: int, purpose: Purpose = "other") -> None:
        """Somebody was shown a list over many records, by these filters; not what they typed into them."""
        names = sorted(filters)
        if self._is_new(caller.owner, "", purpose, *names):
            said = self._reader(caller) | {"filters": names, "found": found, "purpose": purpose}
            self._writer.submit(self._note, SysRecordSearched, said, None)

    def copied(self, event: Event) -> None:
        """A copy of the log left, as far as this says."""
        self._writer.submit(self._say, lambda _: event)

    def not_let_in(self, staff: str | None, why: Why, tries: int) -> None:
        """Somebody was not let in; `staff` is whose account it was, if there is one."""
        now = self._clock.monotonic()
        with self._turn:
            self._failed = [at for at in self._failed if now - at < 60]
            if len(self._failed) >= FAILED_A_MINUTE:
                return
            self._failed.append(now)
        self._writer.submit(
            self._note, SysSignInFailed2, {"on": None, "reason": why, "staff": staff, "tries": tries}, None
        )

    def stop(self) -> None:
        """Write what is still to be written."""
        self._writer.shutdown()

    def _reader(self, caller: Caller) -> dict[str, Any]:
        roles = [role for role in caller.roles if role in get_args(Role)]
        return {"on": None, "reader": "staff", "role": roles[0] if roles else None, "staff": caller.owner}

    def _is_new(self, *look: str) -> bool:
        now = self._clock.monotonic()
        with self._turn:
            before = self._looked.get(look)
            if before is not None and now - before < AGAIN_SECONDS:
                return False
            if len(self._looked) >= _MOST:
                self._looked = {key: at for key, at in self._looked.items() if now - at < AGAIN_SECONDS}
            self._looked[look] = now
            return True

    def _note(self, kind: type[Event], said: dict[str, Any], record: str | None) -> None:
        def event(origin: str) -> Event:
            if said["staff"] is not None and not self._is_registered(said["staff"]):
                said["staff"] = None
            return make_event(kind, said if record is None else said | {"record": stream_tag(origin, record)})

        self._say(event)

    def _say(self, event: Callable[[str], Event]) -> None:
        try:
            own = self._own_key.counting()
            if own is None:
                return
            composer = self._compose()
            stream = f"access/{own.owner.partition('/')[2]}"
            now = Occurred(at=to_instant(composer.now), offset=0, precision="s", zone="UTC")
            said = event(composer.origin)
            self.recorder.record([composer.signed(said, stream, own.owner, own.key, "service", "observed", now)])
        except Exception as error:  # whoever reads or signs in has their answer already
            log.exception("access not noted", extra={"fields": {"code": getattr(error, "code", "fault")}})
        else:
            self._told()
