"""
The service verifies its whole ledger by itself, as often as the protocol says, and records what came of it.

A process of its own reads the files, so nobody at a bedside waits for it; what it found is signed with the service's
own key. A result that nobody recorded, such as after a stop in the middle, is simply due again.
The first one is due one period after the service got its key. Source: rule REC-05, `integrity_every_h`.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from api.integrity import damage_of, last_result, record_of, result_of
from api.web.known_keys import KnownKeys
from api.web.own_word import OwnWord
from ledger.audit_report import AuditReport
from ledger.encoding import from_instant, to_instant
from ledger.entry import parse_event_entry
from ledger.errors import Refused, TamperDetected
from ledger.events.base import Event
from ledger.events.choices import Choices
from ledger.received import Clock
from ledger.store.port import EventRow, Store
from projections.compliance.ledger_at import figures_stated
from projections.compliance.reader import Compliance

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

log = logging.getLogger("session_ledger")

LOOK_SECONDS = 60.0
"""How often it is looked whether a verification is due [D]."""

Verify: TypeAlias = Callable[[], AuditReport | TamperDetected]
"""Verifies the ledger's files, or says what made it stop."""


class SelfChecks:
    """When the ledger was verified last, and doing it again when it is due."""

    def __init__(
        self,
        store: Store,
        keys: KnownKeys,
        own_word: OwnWord,
        compliance: Compliance,
        clock: Clock,
        verify: Verify,
        told: Callable[[], object],
    ) -> None:
        """`told` is called once something was recorded."""
        self._store, self._keys, self._own_word, self._compliance = store, keys, own_word, compliance
        self._clock, self._told, self.verify = clock, told, verify
        self._runner = ThreadPoolExecutor(1, "self-check")
        self._under_way: Future[None] | None = None
        self._looked: float | None = None

    def look(self) -> None:
        """Begin a verification if one is due; costs nothing but once a minute."""
        now = self._clock.monotonic()
        if self._looked is not None and 0 <= now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        if (self._under_way is None or self._under_way.done()) and self.is_due():
            self._under_way = self._runner.submit(self._check)

    def is_due(self) -> bool:
        """Whether a whole period has gone by since the last recorded verification; never without an own key."""
        now, since = self._clock.wall(), self.since()
        return since is not None and now >= since + self.period(now)

    def since(self) -> datetime | None:
        """When the last verification was recorded, or else the own key; None without a key that counts."""
        try:
            own = self._own_word.key()
        except Refused:
            return None
        last = last_result(self._store, own.owner)
        return from_instant(last.received_at) if last is not None else self._key_since(own.key.kid)

    def period(self, now: datetime) -> timedelta:
        """How often, by the protocol that is in force; at most every hour."""
        ledger = self._compliance.at(as_of=to_instant(now))
        figures = figures_stated(ledger.protocol_on(f"{now:%Y-%m-%d}"))
        choices = Choices() if figures is None else figures.choices
        return timedelta(hours=max(choices.integrity_every_h, 1))

    def stop(self) -> None:
        """Wait for what is under way; its process was told to end."""
        self._runner.shutdown(cancel_futures=True)

    def _key_since(self, kid: str) -> datetime | None:
        known = self._keys.history.find(kid)
        row = None if known is None else self._store.row(known.enrolled_at)
        return from_instant(parse_event_entry(row.entry).received_at) if isinstance(row, EventRow) else None

    def _check(self) -> None:
        try:
            found = self.verify()
            event = self._said(found)
            if event.type.startswith("sys-integrity-failed"):
                log.error("the ledger does not verify", extra={"fields": event.model_dump(mode="json")})
            self._own_word.say(event, record_of(self._own_word.key().owner), "verified")
        except Exception as error:  # logged, and due again: this thread must not die unseen
            log.exception("self-check", extra={"fields": {"code": getattr(error, "code", "fault")}})
        else:
            self._told()

    def _said(self, found: AuditReport | TamperDetected) -> Event:
        if isinstance(found, TamperDetected):
            return damage_of(found, self._store.head().size)
        return result_of(found)


class ProcessApart:
    """Verifies a ledger's folder in a process of its own, that gives way to everybody else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = threading.Lock()
        self._process: SpawnProcess | None = None
        self._stopped = False

    def __call__(self) -> AuditReport | TamperDetected:
        """
        What it found.

        Raises:
            Refused: what `verify_folder` refuses.
            EOFError: when it was stopped.
        """
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe(duplex=False)
        with self._turn:
            if self._stopped:
                raise EOFError
            self._process = context.Process(target=_verify, args=(self._folder, there), daemon=True)
            self._process.start()
        there.close()
        try:
            found = here.recv()
        finally:
            self._process.join()
        match found:
            case ("damage", str(code), str(message), position):
                return TamperDetected(code, message, position=position)
            case ("refused", str(code), str(message)):
                raise Refused(code, message)
        report: AuditReport = found
        return report

    def stop(self) -> None:
        """End it wherever it is."""
        with self._turn:
            self._stopped = True
            if self._process is not None:
                self._process.terminate()


def _verify(folder: Path, answer: Connection) -> None:
    from api.commands.verify import verify_folder  # noqa: PLC0415  # only the process apart needs it

    os.nice(10)
    try:
        answer.send(verify_folder(folder, workers=1, silent=True))
    except TamperDetected as damage:
        answer.send(("damage", damage.code, damage.message, damage.position))
    except Refused as refusal:
        answer.send(("refused", refusal.code, refusal.message))
