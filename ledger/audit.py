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

from collections.abc import Callable, Iterable, Sequence

from ledger.absences import Absences, Listed
from ledger.audit_report import QUESTIONS, Answer, AuditReport, Problem, Question
from ledger.chains import Chains
from ledger.coverage import Coverage
from ledger.crew import ALONE, Crew
from ledger.errors import LedgerError, TamperDetected
from ledger.events.base import Event
from ledger.events.erasure import RetentionEnded, SubjectErased
from ledger.events.fields import Gone
from ledger.events.governance import ClockCorrected
from ledger.events.keys import LogKeyAdded, LogKeyRetired
from ledger.evidence import BlockFault, Log, LogRow, Pin
from ledger.examination import Examined, ExaminedEntry, ExaminedEnvelope, Flaw, Untried
from ledger.key_changes import check_key_event
from ledger.keys import KEY_EVENTS, KeyHistory, check_signers, own_keys
from ledger.payload import Payload
from ledger.standing import custody_counts, doubts
from ledger.stretch import Stretch
from ledger.tally import Tally
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.heads import Heads
from ledger.tlog.tree import HASH_SIZE

__all__ = ["BlockFault", "LogRow", "Pin", "audit"]


def _ignore(_: int) -> None:
    return


def _unlisted(_: int, __: Payload) -> None:
    return None


def audit(
    rows: Log | Iterable[LogRow],
    checkpoints: Sequence[tuple[int, bytes]],
    pin: Pin,
    *,
    held: Sequence[Checkpoint] = (),
    listed: Listed = _unlisted,
    progress: Callable[[int], None] = _ignore,
    crew: Crew = ALONE,
) -> AuditReport:
    """
    The report over all rows of a log, in order of position from 0, up to where its file is damaged.

    `checkpoints` are the stored signed notes by size, ascending; `held` are checkpoints kept elsewhere
    (the head store's, or an auditor's own), which the log must still contain.
    `listed` gives the lists of what was lawfully erased; without it, what is said to be erased counts as withheld.
    `progress` is told the last position looked at, every few hundred rows at least.
    `crew` examines the rows; the report is the same whether it is one process or several.
    Costs about two signature checks an event, one of them spent on signatures; memory grows by some 300 bytes an event.
    """
    auditor = _Auditor(pin, checkpoints, held, listed)
    examined = crew.examined(rows, pin.origin)
    while True:
        try:
            row = next(examined, None)
        except TamperDetected as damage:
            auditor.stop(damage)
            break
        if row is None:
            break
        if isinstance(row, Stretch):
            auditor.take_stretch(row)
            progress(row.start + len(row) - 1)
        else:
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
        self._chains = Chains()
        self._tally = Tally()
        self._received_at: str | None = None
        self._events = self._withheld = 0
        self._unread: list[int] = []
        self._gap_named = False
        self._is_pinned = False

    def take(self, row: Examined) -> None:
        """Look at the next row."""
        position = self._coverage.size
        if row.position != position and not self._gap_named:
            self._gap_named = True
            self._find(position, "complete", "entry-missing", f"The next row claims to be at {row.position}.")
        if not row.leaf_kept:
            self._find(position, "complete", "entry-edited", "The entry is not the one its stored leaf was made from.")
        self._is_pinned = self._is_pinned or (position == 0 and row.leaf == self._pin.first_leaf)
        if position == 0 and not self._is_pinned:
            self._find(0, "complete", "other-genesis", "The first entry is not the pinned one: this is another ledger.")
        self._chains.take(row.leaf)
        if row.is_event:
            self._events += 1
        match row.entry:
            case ExaminedEntry() as entry:
                self._take_event(position, row, entry)
            case Heads() as heads:
                self._take_heads(position, heads)
            case Flaw() as fault:
                self._find(position, "content", *fault)
        self._problems += self._coverage.take(row.leaf, self._problems)

    def take_stretch(self, stretch: Stretch) -> None:
        """Look at the next rows, which say nothing wrong for themselves: at once, or else one by one."""
        if not self._takes_at_once(stretch):
            for row in stretch.rows():
                self.take(row)

    def _takes_at_once(self, stretch: Stretch) -> bool:
        """Whether nothing is wrong with these rows in their place either; they are taken in if so, and only then."""
        first, last = stretch.times
        went_back = self._received_at is not None and first < self._received_at
        if not 0 < self._coverage.size == stretch.start or went_back or not self._chains.joined_by(stretch.links):
            return False
        try:
            for kind in stretch.kinds:
                check_signers(self._keys, stretch.start, kind, None)
        except LedgerError:
            return False
        if not self._tally.take_all(stretch.event_ids(), stretch.block_digests()):
            return False
        self._received_at = last
        self._chains.extend(stretch.links, stretch.leaves)
        self._events += len(stretch)
        self._checked["order"] += len(stretch)
        self._checked["content"] += len(stretch)
        for kind, positions in stretch.signers():
            self._checked["keys"] += len(kind.attested) * len(positions)
            self._checked["signatures"] += len(kind.attested) * len(positions)
            self._tally.signed(kind.attested, positions)
        leaves = stretch.leaves
        while leaves:
            end = self._coverage.until_next * HASH_SIZE
            self._problems += self._coverage.take(leaves[:end], self._problems)
            leaves = leaves[end:]
        return True

    def stop(self, damage: TamperDetected) -> None:
        """Nothing behind the last row can be read: what it is read from is damaged."""
        position = self._coverage.size if damage.position is None else damage.position
        self._find(position, "content", damage.code, damage.message)

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
            doubts=doubts(self._keys, self._tally.signed_at),
            custody=custody_counts(self._keys, self._tally.signed_at),
            log_keys=self._keys.log_keys(),
            unread=tuple(self._unread),
            withheld=self._withheld + self._absences.unlisted,
            checkpoints=self._coverage.compared,
            held=self._coverage.held,
            erased=self._absences.erased,
            expired=self._absences.expired,
            for_persons=self._tally.for_persons,
        )

    # -- one event ----------------------------------------------------------------------------------

    def _take_event(self, position: int, row: Examined, entry: ExaminedEntry) -> None:
        self._checked["order"] += 1
        if expected := self._chains.continues(position, entry.tag, entry.version, entry.prev):
            self._find(
                position,
                "order",
                "stream-order",
                f"The entry says version {entry.version} of its record; version {expected} comes next.",
            )
        envelope = row.envelope
        if envelope is None:
            self._absences.envelope(position, entry.env)
            return
        if not row.envelope_named:
            self._find(position, "content", "envelope-edited", "The envelope is not the one this entry was made for.")
        if isinstance(envelope, Flaw):
            self._find(position, "content", *envelope)
            return
        if envelope.place is not None:
            self._find(position, "content", *envelope.place)
        if self._tally.repeats_event(envelope.event_id):
            self._find(position, "content", "event-repeated", "This event stands in the log already.")
        self._check_content(position, envelope)
        self._check_time(position, entry, envelope.event)
        self._check_keys(position, envelope)
        self._check_signatures(position, envelope)
        if isinstance(envelope.event, KEY_EVENTS):
            self._change_keys(position, envelope)

    def _check_content(self, position: int, envelope: ExaminedEnvelope) -> None:
        self._checked["content"] += 1
        for digest, state in envelope.blocks:
            if self._tally.repeats_block(digest):
                self._find(position, "content", "block-repeated", "This sealed block stands in the log already.")
            match state:
                case True:
                    pass
                case Flaw():
                    self._find(position, "content", *state)
                case Gone("withheld"):
                    self._withheld += 1
                case Gone() | None:
                    self._absences.block(position, digest.hex(), claimed=state is not None)
        if envelope.foreign_block:
            self._find(position, "content", "block-foreign", "A sealed block stands here that was not signed here.")
        if envelope.unread is not None:
            if envelope.unread.code == "unknown-type":
                self._unread.append(position)
            else:
                self._find(position, "content", *envelope.unread)
        if isinstance(envelope.event, SubjectErased | RetentionEnded) and envelope.payload is not None:
            self._problems += self._absences.take(position, envelope.payload, envelope.event)

    def _check_time(self, position: int, entry: ExaminedEntry, event: Event | None) -> None:
        went_back = self._received_at is not None and entry.received_at < self._received_at
        if went_back and not isinstance(event, ClockCorrected):
            self._find(position, "order", "time-order", "It was received before the entry in front of it.")
        self._received_at = entry.received_at

    def _check_keys(self, position: int, envelope: ExaminedEnvelope) -> None:
        self._checked["keys"] += len(envelope.attested)
        try:
            check_signers(self._keys, position, envelope, envelope.event)
        except LedgerError as error:
            self._find(position, "keys", error.code, f"{error.message} ({error.field})")
        self._tally.signed(envelope.attested, (position,))

    def _check_signatures(self, position: int, envelope: ExaminedEnvelope) -> None:
        """Nothing is said of a signature by a key that nobody enrolled so far, nor of those behind it."""
        self._checked["signatures"] += len(envelope.attested)
        own = own_keys(envelope.event)
        for index, (signer, signature) in enumerate(zip(envelope.attested, envelope.signatures, strict=True)):
            public_key = own[signer.key][1] if signer.key in own else self._keys.public_key(signer.key)
            if public_key is None:
                break
            if not (signature.fits(public_key) if isinstance(signature, Untried) else signature):
                message = f"The signature does not fit the bytes it came with. (signatures[{index}])"
                self._find(position, "signatures", "signature", message)
                break
        if envelope.meanings is not None:
            self._find(position, "signatures", *envelope.meanings)

    def _change_keys(self, position: int, envelope: ExaminedEnvelope) -> None:
        event = envelope.event
        if not isinstance(event, KEY_EVENTS):
            return
        try:
            check_key_event(self._keys, position, event, envelope.attested)
        except LedgerError as error:
            self._find(position, "keys", error.code, error.message)
            if isinstance(event, LogKeyAdded | LogKeyRetired):
                return
        self._keys.apply(position, event)
        if position == 0 and self._is_pinned:
            self._coverage.chain.believe_genesis(self._keys.log_keys())

    # -- heads --------------------------------------------------------------------------------------

    def _take_heads(self, position: int, heads: Heads) -> None:
        self._checked["order"] += 1
        if heads.size > position or self._chains.ends_below(heads.size) != (heads.count, heads.root):
            self._find(
                position, "order", "heads-root", "It does not commit to the last entry of every record, as it says."
            )

    def _find(self, position: int, question: Question, code: str, message: str) -> None:
        self._problems.append(Problem(position, question, code, message))
