"""
Recording: the one path on which an event enters the log.

Many threads hand in; each reads and checks its own bytes, and the checking of signatures runs beside the others'.
Then one of them writes for all that have gathered (`ledger.turns`): one transaction, in which each request is
recorded whole or not at all (`ledger.group`); one commit; one step of the head store; one checkpoint over all of it.
Source: format v1, sections 3 to 9.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from ledger.checkpointing import Checkpointing, Continued
from ledger.desk import Desk, Known
from ledger.erasure import KEPT_BY_DEFAULT, Retention
from ledger.errors import Conflict, Invalid, LedgerError, Refused
from ledger.follow import key_history
from ledger.gate import Gate
from ledger.group import Group, append_heads
from ledger.held_sessions import HeldSessions
from ledger.keeping import Keeping
from ledger.keys import KeyHistory
from ledger.log_keys import check_signing_keys
from ledger.received import Clock, Reading
from ledger.session import Session
from ledger.slot_pairs import recorded_as_one
from ledger.store.head_store import HeadStore
from ledger.store.port import RefusedEnvelope, Store, Writing
from ledger.store.subject_keys import SubjectKeys
from ledger.subjects import Ties
from ledger.submission import ReadSubmission, Recorded, Submission, read_submission
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import LogSigner
from ledger.turns import Turns

__all__ = ["MOST_TOGETHER", "Recorded", "Recorder", "Submission"]

MOST_TOGETHER = 256
"""Events that go into one transaction, unless a single request has more."""

Done = TypeVar("Done")

Unit: TypeAlias = list[ReadSubmission]
"""What is recorded whole or not at all."""


@dataclass(slots=True)
class _Request:
    """Units in their order, and what became of each."""

    units: Sequence[Unit]
    outcomes: list[list[Recorded] | LedgerError] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(map(len, self.units))


class _Moved(Exception):
    """Another process appended in between: look again."""


class Recorder:
    """The one writer of one ledger in this process; safe to use from any number of threads."""

    def __init__(
        self,
        store: Store,
        head_store: HeadStore,
        signers: Sequence[LogSigner],
        subject_keys: SubjectKeys,
        clock: Clock,
        entropy: Callable[[int], bytes],
        gates: Sequence[Gate] = (),
        retention: Retention = KEPT_BY_DEFAULT,
    ) -> None:
        """Take up where the last process stopped; raises what `Checkpointing.catch_up` raises."""
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._turns = Turns(self._carry_out, MOST_TOGETHER)
        self._last_append: Reading | None = None
        self._checkpointing = Checkpointing(store, head_store, signers)
        self._checkpointing.catch_up()
        self._desk = Desk(
            store, subject_keys, entropy, tuple(gates), self._checkpointing.vkeys, Keeping(store, retention)
        )
        self._keys = key_history(store)
        self._check_signing_keys()
        self._sessions = HeldSessions(store)
        self._ties: Ties = {}

    def record(self, submissions: Sequence[Submission]) -> list[Recorded]:
        """
        Record these events together, in this order, whole or not at all; a repeated one gives its first place.

        Durable and covered by a signed checkpoint when this returns.

        Raises:
            Invalid: the bytes or values are malformed (see the codes of `parse_envelope`, `read_event`).
            Refused: `other-ledger`, `id-used`, `key-…`, `unknown-subject`, `slot-keys-together`, `clock-…`, those
                of `decide`, `log-key-…`, and `gate-closed` with the objections of every gate.
            TamperDetected: the log is no longer what was signed; nothing more is recorded.
        """
        unit = [self._read(submission) for submission in submissions]
        (outcome,) = self._take_turn([unit])
        if isinstance(outcome, LedgerError):
            raise outcome
        return outcome

    def record_each(self, submissions: Sequence[Submission]) -> list[Recorded | LedgerError]:
        """
        Record these in this order, each by itself: what became of each; a bad one keeps no other from the log.

        Only the two enrolments of a session's slots, which are nothing without each other, go together.

        Raises:
            TamperDetected: as in `record`.
        """
        results: list[Recorded | LedgerError | None] = [None] * len(submissions)
        read: dict[int, ReadSubmission] = {}
        for index, submission in enumerate(submissions):
            try:
                read[index] = self._read(submission)
            except (Invalid, Refused) as error:
                results[index] = error
        together = list(recorded_as_one(read))
        for start in range(0, len(together), MOST_TOGETHER):
            part = together[start : start + MOST_TOGETHER]
            outcomes = self._take_turn([[read[index] for index in unit] for unit in part])
            for unit, outcome in zip(part, outcomes, strict=True):
                for number, index in enumerate(unit):
                    results[index] = outcome if isinstance(outcome, LedgerError) else outcome[number]
        return [result for result in results if result is not None]

    def receipt(self, position: int) -> bytes:
        """The offline proof that the entry at a position is in the log; see `Checkpointing.receipt`."""
        return self._checkpointing.receipt(position)

    @property
    def store(self) -> Store:
        """The store that is written to."""
        return self._store

    @property
    def keys(self) -> KeyHistory:
        """The keys as recorded so far."""
        return self._keys

    def checkpoint(self) -> Checkpoint:
        """The newest checkpoint; raises `not-covered` in an empty log."""
        return self._checkpointing.covered

    def hand_in(self, note: bytes) -> Checkpoint:
        """
        Compare a checkpoint that somebody kept with this log; see `Checkpointing.hand_in`, and what it raises.

        Signing stops when the log key has signed another history; nothing is recorded from then on.
        """
        with self._lock:
            return self._checkpointing.hand_in(note)

    @property
    def taken_up(self) -> int:
        """How many entries that a process left unsigned when it died were verified and signed by this one."""
        return self._checkpointing.taken_up

    def commit_heads(self) -> int:
        """
        The position of a new heads entry, which commits to the last row of every record.

        With it "these are all events of this record" can be proved; made daily and before every bundle.
        """
        with self._lock:
            position, continued = self._write(lambda writing: append_heads(self._store, writing))
            if continued is not None:
                self._checkpointing.cover(continued)
            return position

    def session(self, session_id: str) -> Session:
        """The state of a session as recorded so far; reads its records if nothing was recorded in it lately."""
        return self._sessions.get(session_id)

    def forget(self) -> None:
        """Let go of what was read of sessions, as after an end of retention; it is read again when it is needed."""
        with self._lock:
            self._sessions.forget()
            self._ties = {}

    # -- one turn -----------------------------------------------------------------------------------

    def _read(self, submission: Submission) -> ReadSubmission:
        return read_submission(submission, self._store.origin, self._keys.public_key)

    def _take_turn(self, units: Sequence[Unit]) -> list[list[Recorded] | LedgerError]:
        """What became of each unit; keeps the bytes of those refused for a used id."""
        request = _Request(units)
        self._turns.take(request, request.size)
        for unit, outcome in zip(units, request.outcomes, strict=True):
            if isinstance(outcome, Refused) and outcome.code == "id-used":
                self._keep_refused(unit, outcome)
        return request.outcomes

    def _carry_out(self, requests: Sequence[_Request]) -> None:
        """Record all that has gathered, in one transaction; each unit has its own outcome."""
        alone = len(requests) == 1 and len(requests[0].units) == 1
        with self._lock:
            try:
                group, continued = self._write(lambda writing: self._record_group(writing, requests, alone=alone))
            except (Invalid, Refused, Conflict) as error:
                if not alone:
                    raise
                requests[0].outcomes[:] = [error]
                return
            self._keys = group.known.keys
            self._sessions.take(group.known.sessions)
            self._ties.update(group.known.ties)
            if group.known.placed:
                self._last_append = group.now
            if continued is not None:
                self._checkpointing.cover(continued)

    def _record_group(self, writing: Writing, requests: Sequence[_Request], *, alone: bool) -> Group:
        """The group after all units; one that is alone needs no savepoint, the transaction is its own."""
        now = Reading.of(self._clock)
        group = Group(self._desk, writing, Known(self._keys), self._sessions.held, self._ties, now, self._last_append)
        group.look_up([item for request in requests for unit in request.units for item in unit])
        for request in requests:
            request.outcomes.clear()
            for unit in request.units:
                try:
                    with nullcontext() if alone else writing.savepoint():
                        request.outcomes.append(group.record(unit))
                except (Invalid, Refused, Conflict) as error:
                    if alone:
                        raise
                    request.outcomes.append(error)
        return group

    def _write(self, work: Callable[[Writing], Done]) -> tuple[Done, Continued | None]:
        """
        Do this in one transaction, on top of nothing that this process has not seen: it would be signed unverified.

        And what it continued the signed tree by, None if nothing was appended; committed, and not covered yet.
        """
        while True:
            self._checkpointing.check_going_on()
            try:
                with self._store.writing() as writing:
                    if not self._checkpointing.is_covered(writing.head()):
                        raise _Moved
                    done = work(writing)
                    left = writing.finish()
                    continued = None if left is None else self._checkpointing.continued_by(left)
            except _Moved:
                if self._checkpointing.catch_up():
                    self._keys, self._ties = key_history(self._store), {}
                    self._sessions.forget()
                    self._check_signing_keys()
            else:
                return done, continued

    def _keep_refused(self, unit: Unit, refusal: Refused) -> None:
        at = Reading.of(self._clock).wall.isoformat()
        for item in unit:
            if item.envelope.payload.id in refusal.message:
                self._store.keep_refused(RefusedEnvelope(at, refusal.code, item.envelope.raw))

    def _check_signing_keys(self) -> None:
        """Another process may have retired the log key that this one holds."""
        check_signing_keys(self._keys.log_keys(), self._checkpointing.vkeys, self._store.head().size + 1)
