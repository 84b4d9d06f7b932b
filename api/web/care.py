"""
Breaking the glass: whoever is not in the care of a couple says why they must read, gets in, and it is written down.

Nurses, prescribers and therapists read the sessions and courses of those they treat (`projections.care`); the other
readers look at everything by their office. Nobody is kept out who cannot wait: they say why in one word, the software
signs `sys-break-glass-used/1` before it opens the record, and rule REC-10 asks for a review within days.
The floor board, lists and searches are open to all readers, so that whoever must help finds where; of a session that
is not theirs a search tells only that there is something.
In force once the service has a key of its own: before that it could let nobody in with a trace.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, get_args

from api.web.access_traces import SEALED
from api.web.callers import Caller
from api.web.own_word import OwnWord
from ledger.entry import stream_tag
from ledger.errors import Refused
from ledger.events.access import SysBreakGlassUsed
from ledger.events.base import Event
from ledger.events.sealing import make_event
from ledger.received import Clock
from ledger.vocabulary import Role
from projections.care import InCare, in_care
from projections.tables import ViewDatabase

BY_OFFICE: Final = frozenset({"medical-director", "compliance-officer", "privacy-officer", "records-officer"})
"""Readers whose work is the record and not one couple."""

OPEN_SECONDS: Final = 12 * 3600.0
"""How long a broken glass stays broken, for the same reader and session: a long shift [D]."""


class Glass:
    """Who may open which session, and who broke the glass."""

    def __init__(
        self,
        database: ViewDatabase,
        own_word: OwnWord,
        clock: Clock,
        size: Callable[[], int],
        caught_up: Callable[[int], object],
    ) -> None:
        """`size` tells how far the log goes; `caught_up` waits until the views have read so far, or as long as fits."""
        self._database, self._own_word, self._clock, self._size = database, own_word, clock, size
        self._caught_up = caught_up
        self._turn = threading.Lock()
        self._care: dict[str, InCare] = {}
        self._broken: dict[tuple[str, str], float] = {}

    def is_open(self, caller: Caller, session: str) -> bool:
        """Whether somebody may read this session: by office, by care, or with a broken glass."""
        if not BY_OFFICE.isdisjoint(caller.roles) or not self._is_in_force():
            return True
        if session in self._in_care(caller.owner, session):
            return True
        with self._turn:
            since = self._broken.get((caller.owner, session))
        return since is not None and self._clock.monotonic() - since < OPEN_SECONDS

    def check(self, caller: Caller, sessions: frozenset[str] | set[str]) -> None:
        """
        Pass when somebody may read one of these sessions, or there are none; for a couple, all of its sessions.

        Raises:
            Refused: `not-in-care`; its field names a session whose glass may be broken.
        """
        if sessions and not any(self.is_open(caller, session) for session in sorted(sessions)):
            raise Refused(
                "not-in-care",
                "You are not in the care of these people, as far as the record knows.",
                field=max(sessions),
                remedy="If it cannot wait, break the glass and say why: it opens at once, is recorded and is reviewed.",
            )

    def break_for(self, caller: Caller, session: str, reason: str) -> int | None:
        """
        Open a session that is not theirs to open; where that stands, None when they needed no glass to be broken.

        Raises:
            Refused: `service-key-missing`.
            Invalid: `field-value`, for a reason that is no word.
        """
        if self.is_open(caller, session):
            return None
        own = self._own_word.key()
        tag = stream_tag(self._own_word.origin, session)
        event = _used(caller, tag, reason)
        position = self._own_word.say(event, f"access/{own.owner.partition('/')[2]}", "observed")
        with self._turn:
            self._broken[caller.owner, session] = self._clock.monotonic()
        return position

    def _is_in_force(self) -> bool:
        try:
            self._own_word.key()
        except Refused:
            return False
        return True

    def _in_care(self, staff: str, session: str) -> frozenset[str]:
        with self._turn:
            known = self._care.get(staff)
        size = self._size()
        if known is None or (session not in known.sessions and known.position < size):
            self._caught_up(size)  # whoever was named a moment ago is not sent away
            known = in_care(self._database, staff)
            with self._turn:
                self._care[staff] = known
        return known.sessions


def _used(caller: Caller, tag: str, reason: str) -> Event:
    roles = [role for role in caller.roles if role in get_args(Role)]
    said = {
        "on": None,
        "privacy": list(SEALED),
        "reason": reason,
        "record": tag,
        "role": roles[0],
        "staff": caller.owner,
    }
    return make_event(SysBreakGlassUsed, said)
