"""
Recording: the one path on which an event enters the log.

Read and check the bytes; then, under the log's lock: is it new, did its keys count, may it be signed so, is it
about somebody we know; give it the next position; commit; have a checkpoint cover it.
Nothing is half recorded: a group of submissions is recorded whole or not at all.
Source: format v1, sections 3 to 9.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ledger.block import Block
from ledger.checkpointing import Checkpointing
from ledger.decide import decide
from ledger.encoding import to_instant
from ledger.entry import EventEntry, parse_event_entry, stream_tag
from ledger.envelope import Envelope, check_signatures, parse_envelope
from ledger.errors import Invalid, Refused
from ledger.events.base import Event
from ledger.events.governance import ClockCorrected
from ledger.events.keys import KeyEnrolled, LedgerOpened, LogKeyRetired
from ledger.follow import key_history, place
from ledger.gate import Gate
from ledger.key_changes import check_key_event
from ledger.keys import KEY_EVENTS, check_handed_in, check_signers, own_keys
from ledger.log_keys import check_signing_keys
from ledger.payload import Payload
from ledger.reading import PlacedEvent, open_blocks, read_event
from ledger.received import Clock, Reading, received_at
from ledger.session import Session, evolve
from ledger.store.head_store import HeadStore
from ledger.store.port import EventRow, NewEvent, RefusedEnvelope, Store, Writing
from ledger.store.subject_keys import SubjectKeys
from ledger.subjects import Sealing
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.heads import HeadRow, heads_entry, heads_root
from ledger.tlog.note import LogSigner


@dataclass(frozen=True, slots=True)
class Submission:
    """
    What is handed in: one signed envelope, and the texts of all its sealed blocks.

    `handed_in_by` is the person who brings it, such as `staff/…`; only with them is taken what a key signed that
    was revoked meanwhile.
    """

    envelope: bytes
    blocks: tuple[str, ...] = ()
    handed_in_by: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """
    Where an event stands; `repeated` says that it stood there already and was handed in again.

    `quarantined` says that a key which signed it was revoked before this position.
    """

    position: int
    version: int
    dig: str
    event_id: str
    received_at: str
    repeated: bool
    quarantined: bool = False


@dataclass(frozen=True, slots=True)
class _Read:
    """A submission whose form is good: what it says, before anything is known of its signers."""

    envelope: Envelope
    blocks: dict[str, Block]
    event: Event
    handed_in_by: str | None


class _Moved(Exception):
    """Another process appended in between: look again."""


class Recorder:
    """The one writer of one ledger in this process."""

    def __init__(
        self,
        store: Store,
        head_store: HeadStore,
        signers: Sequence[LogSigner],
        subject_keys: SubjectKeys,
        clock: Clock,
        entropy: Callable[[int], bytes],
        gates: Sequence[Gate] = (),
    ) -> None:
        """Take up where the last process stopped; raises what `Checkpointing.catch_up` raises."""
        self._store = store
        self._subject_keys = subject_keys
        self._clock = clock
        self._entropy = entropy
        self._gates = tuple(gates)
        self._lock = threading.Lock()
        self._last_append: Reading | None = None
        self._checkpointing = Checkpointing(store, head_store, signers)
        self._checkpointing.catch_up()
        self._keys = key_history(self._store)
        self._check_signing_keys()
        self._sessions: dict[str, Session] = {}

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
        items = [self._read(submission) for submission in submissions]
        with self._lock:
            while True:
                if self._checkpointing.catch_up():
                    self._forget()
                try:
                    return self._record_once(items)
                except _Moved:
                    continue

    def _record_once(self, items: Sequence[_Read]) -> list[Recorded]:
        group = _Group(self, items)
        try:
            with self._store.writing() as writing:
                self._require_covered(writing)
                results = [group.append(writing, item) for item in items]
                group.check_slot_pairs()
        except Refused as refusal:
            if refusal.code == "id-used":
                self._keep_refused(items, refusal)
            raise
        self._keys = group.keys
        self._sessions.update(group.sessions)
        if not all(result.repeated for result in results):
            self._last_append = group.reading
            self._checkpointing.cover()
        return results

    def _require_covered(self, writing: Writing) -> None:
        """Nothing is put on top of entries that this process has not seen: they would be signed unverified."""
        if not self._checkpointing.is_covered(writing.head()):
            raise _Moved

    def _forget(self) -> None:
        """Another process wrote: what was remembered of keys and sessions is read again."""
        self._keys = key_history(self._store)
        self._check_signing_keys()
        self._sessions = {}

    def _check_signing_keys(self) -> None:
        """Another process may have retired the log key that this one holds."""
        check_signing_keys(self._keys.log_keys(), self._checkpointing.vkeys, self._store.head().size + 1)

    def receipt(self, position: int) -> bytes:
        """The offline proof that the entry at a position is in the log; see `Checkpointing.receipt`."""
        return self._checkpointing.receipt(position)

    def checkpoint(self) -> Checkpoint:
        """The newest checkpoint; raises `not-covered` in an empty log."""
        return self._checkpointing.covered

    def commit_heads(self) -> int:
        """
        The position of a new heads entry, which commits to the last row of every record.

        With it "these are all events of this record" can be proved; made daily and before every bundle.
        """
        with self._lock:
            while True:
                if self._checkpointing.catch_up():
                    self._forget()
                try:
                    with self._store.writing() as writing:
                        self._require_covered(writing)
                        position = append_heads(self._store, writing)
                except _Moved:
                    continue
                self._checkpointing.cover()
                return position

    def _read(self, submission: Submission) -> _Read:
        envelope = parse_envelope(submission.envelope)
        payload = envelope.payload
        if payload.ledger != self._store.origin:
            raise Refused("other-ledger", "This was signed for another ledger.", field="ledger")
        blocks = open_blocks(payload, submission.blocks)
        if len(blocks) != len(payload.blocks):
            raise Invalid(
                "block-missing",
                "A sealed block that was signed is not handed in.",
                field="blocks",
                remedy="Send the text of every block with the event.",
            )
        return _Read(envelope, blocks, read_event(payload, blocks), submission.handed_in_by)

    def _keep_refused(self, items: Sequence[_Read], refusal: Refused) -> None:
        at = Reading.of(self._clock).wall.isoformat()
        for item in items:
            if item.envelope.payload.id in refusal.message:
                self._store.keep_refused(RefusedEnvelope(at, refusal.code, item.envelope.raw))

    def session(self, session_id: str) -> Session:
        """The state of a session as recorded so far; reads its three records the first time."""
        known = self._sessions.get(session_id)
        if known is None:
            known = Session(session_id)
            for placed in _session_events(self._store, session_id):
                known = evolve(known, placed)
        return known


class _Group:
    """One transaction's worth of recording: what it sees of its own, not yet committed events."""

    def __init__(self, recorder: Recorder, items: Sequence[_Read]) -> None:
        self._recorder = recorder
        self._store: Store = recorder._store  # noqa: SLF001  # one idea in two classes
        self.reading = Reading.of(recorder._clock)  # noqa: SLF001
        touches_keys = any(isinstance(item.event, KEY_EVENTS) for item in items)
        self.keys = recorder._keys.copy() if touches_keys else recorder._keys  # noqa: SLF001
        self.sessions: dict[str, Session] = {}
        self._sealing = Sealing(self._store, recorder._subject_keys, recorder._entropy)  # noqa: SLF001
        self._slots: set[str] = set()
        self._gates = recorder._gates  # noqa: SLF001
        self._placed: list[PlacedEvent] = []

    def append(self, writing: Writing, item: _Read) -> Recorded:
        """Record one item inside the open transaction; raises what `Recorder.record` says."""
        payload, dig = item.envelope.payload, item.envelope.dig
        if (known := writing.by_dig(dig)) is not None:
            quarantined = self._is_quarantined(known.position, payload)
            return _recorded(known, repeated=True, quarantined=quarantined)
        if writing.by_id(payload.id) is not None:
            raise Refused(
                "id-used",
                f"Another event has the id {payload.id} already; these bytes were kept for the alarm.",
                field="id",
            )
        self._append_daily_heads(writing)
        position = writing.head().size
        self._check_keys(position, item)
        session = self._session(payload.stream)
        decide(item.event, payload, session, lambda stream: self._is_known(writing, stream))
        tag = stream_tag(self._store.origin, payload.stream)
        end = writing.stream_end(tag)
        received = received_at(
            writing.head().received_at,
            self.reading,
            self._recorder._last_append,  # noqa: SLF001
            correcting=isinstance(item.event, ClockCorrected),
        )
        self._ask_gates(item, received)
        entry = EventEntry(
            env=item.envelope.env,
            prev=None if end is None else end.leaf.hex(),
            received_at=received,
            stream=tag,
            version=1 if end is None else end.version + 1,
        )
        for digest in item.blocks:
            if writing.has_block(digest):
                raise Refused("block-repeated", "This sealed block was recorded before.", field="blocks")
        sealed = self._sealing.seal(item.event, payload.id, payload.stream, item.blocks)
        writing.append(
            NewEvent(
                entry=entry.bytes(),
                tag=tag,
                version=entry.version,
                received_at=received,
                stream=payload.stream,
                type=payload.type,
                event_id=payload.id,
                dig=dig,
                envelope=item.envelope.raw,
                blocks=sealed,
            )
        )
        if isinstance(item.event, KEY_EVENTS):
            self.keys.apply(position, item.event)
        placed = PlacedEvent(position, entry.version, received, dig, payload, item.event)
        self._placed.append(placed)
        if session is not None:
            self.sessions[session.id] = evolve(session, placed)
        quarantined = self._is_quarantined(position, payload)
        return Recorded(position, entry.version, dig, payload.id, received, repeated=False, quarantined=quarantined)

    def _is_quarantined(self, position: int, payload: Payload) -> bool:
        return any(self.keys.state(signer.key, position) == "quarantined" for signer in payload.attested)

    def _ask_gates(self, item: _Read, received: str) -> None:
        """Pass when no gate objects to an authorisation; a fact passes none."""
        if not type(item.event).AUTHORISES:
            return
        asked = (gate.objections(item.event, item.envelope.payload, received, self._placed) for gate in self._gates)
        objections = [objection for each in asked for objection in each]
        if objections:
            raise Refused(
                "gate-closed",
                " ".join(f"{each.rule}: {each.message}" for each in objections),
                remedy="Put right what the rules name; if it happened all the same, record the fact.",
                objections=objections,
            )

    def check_slot_pairs(self) -> None:
        """
        Pass when no slot got its key without the other: an enrolment must not tell who took part.

        Raises:
            Refused: `slot-keys-together`.
        """
        for owner in self._slots:
            twin = f"{owner[:-1]}{'b' if owner.endswith('a') else 'a'}"
            if not self.keys.keys_of(twin):
                raise Refused(
                    "slot-keys-together",
                    "Both slots of a session get their keys together.",
                    field="owner",
                    remedy="Hand in both enrolments in one request.",
                )

    def _check_keys(self, position: int, item: _Read) -> None:
        envelope = item.envelope
        if position == 0 and not isinstance(item.event, LedgerOpened):
            raise Refused("genesis", "A ledger begins with ledger-opened.")
        states = check_signers(self.keys, position, envelope.payload, item.event)
        if "quarantined" in states:
            check_handed_in(self.keys, position, envelope.payload, item.handed_in_by)
        own = {kid: public for kid, (_, public) in own_keys(item.event).items()}
        check_signatures(envelope, lambda kid: own.get(kid) or self.keys.public_key(kid))
        if isinstance(item.event, KEY_EVENTS):
            check_key_event(self.keys, position, item.event, envelope.payload.attested)
        if isinstance(item.event, LedgerOpened):
            self._check_log_keys(item.event)
        if isinstance(item.event, LogKeyRetired):
            self._check_not_signing(item.event)
        if isinstance(item.event, KeyEnrolled) and item.event.owner.startswith("session/"):
            self._slots.add(item.event.owner)

    def _check_log_keys(self, event: LedgerOpened) -> None:
        missing = set(self._recorder._checkpointing.vkeys) - set(event.log_keys)  # noqa: SLF001
        if missing:
            raise Refused("genesis", "A ledger is opened with the key that signs its checkpoints.", field="log_keys")

    def _check_not_signing(self, event: LogKeyRetired) -> None:
        """The next checkpoint covers the retirement, and the retired key may not sign it."""
        if event.vkey in self._recorder._checkpointing.vkeys:  # noqa: SLF001
            raise Refused(
                "log-key-signing",
                "This log key signs the checkpoints here.",
                field="vkey",
                remedy="Change it with session-ledger rotate-log-key.",
            )

    def _append_daily_heads(self, writing: Writing) -> None:
        """Before the first event of another day (UTC): commit to the last row of every record so far."""
        before = writing.head().received_at
        if before is not None and before[:10] < to_instant(self.reading.wall)[:10]:
            append_heads(self._store, writing)

    def _session(self, stream: str) -> Session | None:
        parts = stream.split("/")
        if parts[0] != "session":
            return None
        session_id = f"session/{parts[1]}"
        return self.sessions.get(session_id) or self._recorder.session(session_id)

    def _is_known(self, writing: Writing, stream: str) -> bool:
        return writing.stream_end(stream_tag(self._store.origin, stream)) is not None


def append_heads(store: Store, writing: Writing) -> int:
    """The position of a heads entry over all committed rows; it commits to nothing of this transaction."""
    size = store.head().size
    rows = [HeadRow(bytes.fromhex(tag), version, leaf) for tag, version, leaf in store.stream_ends(size)]
    return writing.append_heads(heads_entry(len(rows), heads_root(rows), size))


def _session_events(store: Store, session_id: str) -> Iterator[PlacedEvent]:
    rows: list[EventRow] = []
    for stream in (session_id, f"{session_id}/a", f"{session_id}/b"):
        rows.extend(store.stream_rows(stream))
    for row in sorted(rows, key=lambda row: row.position):
        yield place(store, row)


def _recorded(row: EventRow, *, repeated: bool, quarantined: bool) -> Recorded:
    entry = parse_event_entry(row.entry)
    return Recorded(row.position, entry.version, row.dig, row.event_id, entry.received_at, repeated, quarantined)
