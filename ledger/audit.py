"""
The audit: the whole log checked from its bytes, with no store, no server and no trust in either.

It recomputes every leaf from the entry, every entry's link to its envelope, every signature from the stored
bytes, every key's standing from the stream `keys`, and the tree up to every signed checkpoint.
What it takes for granted is only what the auditor pinned: the log's verifier key and the first leaf,
and, better, a checkpoint the auditor has kept.

Nothing is fetched and nothing is corrected; a problem is named with the first position at which it shows,
and the rest is still looked at, so that one flipped byte is not reported as a hundred.
"""

from __future__ import annotations

import bisect
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ledger.absences import Absences, Listed
from ledger.audit_report import QUESTIONS, Answer, AuditReport, Problem, Question
from ledger.block import Block, parse_block, text_digest
from ledger.coverage import Coverage
from ledger.entry import FIRST_LINE, EventEntry, parse_event_entry, stream_tag
from ledger.envelope import Envelope, check_signatures, parse_envelope
from ledger.errors import Invalid, LedgerError, Refused
from ledger.events.base import Event
from ledger.events.erasure import RetentionEnded, SubjectErased
from ledger.events.fields import Gone
from ledger.events.governance import ClockCorrected
from ledger.events.keys import KeyEnrolled, KeyRevoked, LedgerOpened, LogKeyAdded, LogKeyRetired
from ledger.key_changes import check_key_event
from ledger.keys import KeyHistory, check_signers, own_keys
from ledger.payload import Payload
from ledger.reading import read_event
from ledger.signers import check_meanings
from ledger.standing import custody_counts, doubts
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.heads import HeadRow, heads_root, parse_heads_entry
from ledger.tlog.tree import leaf_hash


@dataclass(frozen=True, slots=True)
class BlockFault:
    """A sealed block that is there but is not what was signed: what was wrong with it."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class LogRow:
    """
    One row of the log as bytes: an entry, its envelope (None for a heads entry, or when it is not there), its blocks.

    `blocks` maps digests to the block's text, to `Gone` when it is lawfully not at hand, or to its fault.
    `leaf` is the leaf hash the store keeps; proof of nothing, it helps to name the very entry that was changed.
    """

    position: int
    entry: bytes
    envelope: bytes | None
    blocks: Mapping[str, str | Gone | BlockFault]
    leaf: bytes | None = None


@dataclass(frozen=True, slots=True)
class Pin:
    """What an auditor holds from the start: which ledger, the log's verifier key, and the first leaf."""

    origin: str
    vkey: str
    first_leaf: bytes


def _ignore(_: int) -> None:
    return


def _unlisted(_: int, __: Payload) -> None:
    return None


def audit(
    rows: Iterable[LogRow],
    checkpoints: Sequence[tuple[int, bytes]],
    pin: Pin,
    *,
    held: Sequence[Checkpoint] = (),
    listed: Listed = _unlisted,
    progress: Callable[[int], None] = _ignore,
) -> AuditReport:
    """
    The report over all rows of a log, in order of position from 0.

    `checkpoints` are the stored signed notes by size, ascending; `held` are checkpoints kept elsewhere
    (the head store's, or an auditor's own), which the log must still contain.
    `listed` gives the lists of what was lawfully erased; without it, what is said to be erased counts as withheld.
    `progress` is told each position looked at.
    Costs about two signature checks and a few hashes an event; memory grows with events by their two names.
    """
    auditor = _Auditor(pin, checkpoints, held, listed)
    for row in rows:
        auditor.take(row)
        progress(row.position)
    return auditor.finish()


class _Auditor:
    """The state of one pass: what must hold for the next row."""

    def __init__(
        self, pin: Pin, checkpoints: Sequence[tuple[int, bytes]], held: Sequence[Checkpoint], listed: Listed
    ) -> None:
        self._pin = pin
        self._absences = Absences(listed)
        self._problems: list[Problem] = []
        self._checked: dict[Question, int] = dict.fromkeys(QUESTIONS, 0)
        self._keys = KeyHistory()
        self._coverage = Coverage(pin.origin, pin.vkey, checkpoints, held, self._keys.log_keys)
        self._streams: dict[str, list[tuple[int, int, bytes]]] = {}
        self._digs: set[str] = set()
        self._ids: set[str] = set()
        self._block_digests: set[str] = set()
        self._received_at: str | None = None
        self._events = self._withheld = 0
        self._signed_at: dict[str, list[int]] = {}
        self._unread: list[int] = []
        self._gap_named = False
        self._is_pinned = False

    def take(self, row: LogRow) -> None:
        """Look at the next row."""
        position = self._coverage.size
        if row.position != position and not self._gap_named:
            self._gap_named = True
            self._find(position, "complete", "entry-missing", f"The next row claims to be at {row.position}.")
        leaf = leaf_hash(row.entry)
        if row.leaf is not None and row.leaf != leaf:
            self._find(position, "complete", "entry-edited", "The entry is not the one its stored leaf was made from.")
        self._is_pinned = self._is_pinned or (position == 0 and leaf == self._pin.first_leaf)
        if position == 0 and not self._is_pinned:
            self._find(0, "complete", "other-genesis", "The first entry is not the pinned one: this is another ledger.")
        if row.entry.startswith(FIRST_LINE):
            self._take_event(position, row, leaf)
        else:
            self._take_heads(position, row.entry)
        self._problems += self._coverage.take(leaf, self._problems)

    def finish(self) -> AuditReport:
        """Compare what is left with what was promised."""
        self._problems += self._coverage.finish()
        if all(key.vkey != self._pin.vkey for key in self._keys.log_keys()):
            self._find(0, "keys", "log-key-unknown", "The pinned log key is not one that this ledger ever named.")
        self._problems += self._absences.finish()
        self._problems.sort(key=lambda problem: problem.position)
        self._checked["complete"] = self._coverage.compared + self._coverage.held
        answers = tuple(
            Answer(question, self._checked[question], tuple(p for p in self._problems if p.question == question))
            for question in QUESTIONS
        )
        return AuditReport(
            origin=self._pin.origin,
            size=self._coverage.size,
            root=self._coverage.root,
            events=self._events,
            answers=answers,
            doubts=doubts(self._keys, self._signed_at),
            custody=custody_counts(self._keys, self._signed_at),
            log_keys=self._keys.log_keys(),
            unread=tuple(self._unread),
            withheld=self._withheld + self._absences.unlisted,
            checkpoints=self._coverage.compared,
            held=self._coverage.held,
            erased=self._absences.erased,
            expired=self._absences.expired,
        )

    # -- one event ----------------------------------------------------------------------------------

    def _take_event(self, position: int, row: LogRow, leaf: bytes) -> None:
        self._events += 1
        try:
            entry = parse_event_entry(row.entry)
        except Invalid as error:
            self._find(position, "content", error.code, error.message)
            return
        self._check_chain(position, entry, leaf)
        if row.envelope is None:
            self._absences.envelope(position, entry.env)
            return
        if hashlib.sha256(row.envelope).hexdigest() != entry.env:
            self._find(position, "content", "envelope-edited", "The envelope is not the one this entry was made for.")
        try:
            envelope = parse_envelope(row.envelope)
        except Invalid as error:
            self._find(position, "content", error.code, error.message)
            return
        payload = envelope.payload
        self._check_place(position, entry, envelope)
        event = self._read(position, payload, row)
        if isinstance(event, SubjectErased | RetentionEnded):
            self._problems += self._absences.take(position, payload, event)
        self._check_time(position, entry, event)
        self._check_signed(position, envelope, event)

    def _check_chain(self, position: int, entry: EventEntry, leaf: bytes) -> None:
        self._checked["order"] += 1
        rows = self._streams.setdefault(entry.stream, [])
        version, before = (rows[-1][1], rows[-1][2].hex()) if rows else (0, None)
        if (entry.version, entry.prev) != (version + 1, before):
            self._find(
                position,
                "order",
                "stream-order",
                f"The entry says version {entry.version} of its record; version {version + 1} comes next.",
            )
        rows.append((position, entry.version, leaf))

    def _check_time(self, position: int, entry: EventEntry, event: Event | None) -> None:
        went_back = self._received_at is not None and entry.received_at < self._received_at
        if went_back and not isinstance(event, ClockCorrected):
            self._find(position, "order", "time-order", "It was received before the entry in front of it.")
        self._received_at = entry.received_at

    def _check_place(self, position: int, entry: EventEntry, envelope: Envelope) -> None:
        payload = envelope.payload
        if payload.ledger != self._pin.origin:
            self._find(position, "content", "other-ledger", "It was signed for another ledger.")
        elif stream_tag(self._pin.origin, payload.stream) != entry.stream:
            self._find(position, "content", "other-stream", "It was signed for another record than its entry says.")
        dig = envelope.dig
        if dig in self._digs or payload.id in self._ids:
            self._find(position, "content", "event-repeated", "This event stands in the log already.")
        self._digs.add(dig)
        self._ids.add(payload.id)

    def _read(self, position: int, payload: Payload, row: LogRow) -> Event | None:
        self._checked["content"] += 1
        blocks: dict[str, Block] = {}
        for digest in payload.blocks:
            if digest in self._block_digests:
                self._find(position, "content", "block-repeated", "This sealed block stands in the log already.")
            self._block_digests.add(digest)
            match row.blocks.get(digest):
                case str(text):
                    try:
                        blocks[digest] = parse_block(text)
                    except Invalid as error:
                        self._find(position, "content", error.code, error.message)
                        continue
                    if text_digest(text) != digest:
                        self._find(position, "content", "block-digest", "A sealed block is not the signed one.")
                case Gone("withheld"):
                    self._withheld += 1
                case BlockFault(code, message):
                    self._find(position, "content", code, message)
                case Gone() | None as absent:
                    self._absences.block(position, digest, claimed=absent is not None)
        if row.blocks.keys() - set(payload.blocks):
            self._find(position, "content", "block-foreign", "A sealed block stands here that was not signed here.")
        try:
            return read_event(payload, blocks)
        except Invalid as error:
            if error.code == "unknown-type":
                self._unread.append(position)
            else:
                self._find(position, "content", error.code, f"{error.message} ({error.field})")
            return None

    def _check_signed(self, position: int, envelope: Envelope, event: Event | None) -> None:
        own = {kid: public for kid, (_, public) in own_keys(event).items()}
        try:
            self._checked["keys"] += len(envelope.signatures)
            check_signers(self._keys, position, envelope.payload, event)
        except LedgerError as error:
            self._find(position, "keys", error.code, f"{error.message} ({error.field})")
        for signer in envelope.payload.attested:
            self._signed_at.setdefault(signer.key, []).append(position)
        try:
            self._checked["signatures"] += len(envelope.signatures)
            check_signatures(envelope, lambda kid: own.get(kid) or self._keys.public_key(kid))
        except Invalid as error:
            if error.code != "key-not-enrolled":
                self._find(position, "signatures", error.code, f"{error.message} ({error.field})")
        if event is not None:
            try:
                check_meanings(event, envelope.payload)
            except Refused as error:
                self._find(position, "signatures", error.code, f"{error.message} ({error.field})")
        if isinstance(event, LedgerOpened | KeyEnrolled | KeyRevoked | LogKeyAdded | LogKeyRetired):
            try:
                check_key_event(self._keys, position, event, envelope.payload.attested)
            except LedgerError as error:
                self._find(position, "keys", error.code, error.message)
                if isinstance(event, LogKeyAdded | LogKeyRetired):
                    return
            self._keys.apply(position, event)
            if position == 0 and self._is_pinned:
                self._coverage.chain.believe_genesis(self._keys.log_keys())

    # -- heads and checkpoints ----------------------------------------------------------------------

    def _take_heads(self, position: int, entry: bytes) -> None:
        try:
            heads = parse_heads_entry(entry)
        except Invalid as error:
            self._find(position, "content", "entry-unknown", f"Neither an event nor a heads entry: {error.message}")
            return
        self._checked["order"] += 1
        rows = self._ends_below(heads.size)
        if heads.size > position or len(rows) != heads.count or heads_root(rows) != heads.root:
            self._find(
                position, "order", "heads-root", "It does not commit to the last entry of every record, as it says."
            )

    def _ends_below(self, size: int) -> list[HeadRow]:
        rows = []
        for tag, entries in self._streams.items():
            count = bisect.bisect_left(entries, (size,))
            if count:
                _, version, leaf = entries[count - 1]
                rows.append(HeadRow(bytes.fromhex(tag), version, leaf))
        return rows

    def _find(self, position: int, question: Question, code: str, message: str) -> None:
        self._problems.append(Problem(position, question, code, message))
