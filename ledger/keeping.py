"""
The gate that the ledger brings itself: nothing is destroyed before its time has come, while a hold stands, or while
somebody waits for an answer.

It is asked like every other gate and by every process that records, also where no rules are handed in: what is gone
cannot be judged afterwards.
Source: the exact rules, section 9; the rules REC-12, REC-13 and CS-09.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ledger.encoding import from_instant
from ledger.erasure import Retention, erasure_objections, person_record
from ledger.errors import Objection
from ledger.events.base import Event
from ledger.events.erasure import RetentionEnded, SubjectErased
from ledger.payload import Payload
from ledger.reading import PlacedEvent
from ledger.retention import RetentionPlan, retention_plan
from ledger.store.port import Store

MOST = 20
"""Objections that a refused end of retention names: each record has its own."""


class Keeping:
    """What stands against an erasure, or against every record whose retention might end."""

    def __init__(self, store: Store, retention: Retention) -> None:
        """`retention` are the clinic's own figures."""
        self._store, self._retention = store, retention
        self._planned: tuple[date, int, RetentionPlan] | None = None

    def objections(
        self,
        event: Event,
        payload: Payload,
        received_at: str,
        beside: Sequence[PlacedEvent] = (),  # noqa: ARG002  # nothing that is being recorded can be destroyed with it
    ) -> Sequence[Objection]:
        """
        See `Gate.objections`; an end of retention is objected to when nothing at all can end.

        Raises:
            Refused: `unknown-subject`.
        """
        if isinstance(event, SubjectErased):
            on = from_instant(received_at).date()
            return erasure_objections(person_record(self._store, payload.stream), on, self._retention)
        if isinstance(event, RetentionEnded):
            plan = self.plan(received_at)
            return () if plan.positions else [each for due in plan.due for each in due.objections][:MOST]
        return ()

    def plan(self, received_at: str) -> RetentionPlan:
        """What can end on that day; worked out once for one state of the log, under whose lock it is asked."""
        on, size = from_instant(received_at).date(), self._store.head().size
        if self._planned is None or self._planned[:2] != (on, size):
            self._planned = (on, size, retention_plan(self._store, on, self._retention))
        return self._planned[2]
