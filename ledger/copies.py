"""
A copy of a session or of one partner's part, checked without the ledger: by the file and the pinned key alone.

Every line is one entry with its envelope, its opened blocks and its receipt. Checked is that the signed log holds each
of them, that the envelope and the blocks are what was signed, that no entry of a record is left out in between, that
nothing of the other partner is in a partner's copy, and who signed: by the enrolments that the first line brings, each
of which has to be in the log too, from the pinned first leaf on.
What was recorded after the copy was made, or on a record behind its last entry, no copy can show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ledger.audit_report import Problem, Question
from ledger.copy_report import CopyReport
from ledger.entry import EventEntry, parse_event_entry, stream_tag
from ledger.envelope import Envelope, check_signatures, parse_envelope
from ledger.errors import Invalid, LedgerError
from ledger.evidence import Pin
from ledger.key_changes import check_key_event
from ledger.keys import KEY_EVENTS, KeyHistory, check_signers, own_keys
from ledger.log_keys import LogKey, covering_keys
from ledger.reading import open_blocks, read_event
from ledger.standing import DOUBTED
from ledger.tlog.checkpoint import Checkpoint, open_checkpoint
from ledger.tlog.receipt import check_receipt, parse_receipt
from ledger.tlog.tree import leaf_hash

FORMAT = "session-ledger/copy/v1"
"""The name in the first line of every copy; ours, and no part of format v1."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One line whose entry is proven to stand in the signed log, at its position."""

    position: int
    leaf: bytes
    entry: EventEntry
    envelope: Envelope | None
    said: dict[str, Any]


def check_session_copy(first: dict[str, Any], lines: Sequence[Any], pin: Pin, log_keys: Sequence[LogKey]) -> CopyReport:
    """
    What a copy of a session holds, and what of it does not.

    Raises:
        Invalid: `copy-format`, when the first line is none; what `open_checkpoint` raises for its checkpoint.
    """
    return _Checking(first, pin, log_keys).over(lines)


class _Checking:
    """One copy under check."""

    def __init__(self, first: dict[str, Any], pin: Pin, log_keys: Sequence[LogKey]) -> None:
        self._first, self._pin = first, pin
        self._note = text_of(first, "checkpoint").encode()
        self._vkeys = covering_keys(self._note, log_keys)
        self._checkpoint: Checkpoint = open_checkpoint(self._note, self._vkeys, pin.origin)
        self._problems: list[Problem] = []
        self._absent: Counter[str] = Counter()
        self._places: list[int] = []
        self._doubted: list[int] = []
        self._signed = 0
        self._keys = self._key_history()

    def over(self, lines: Sequence[Any]) -> CopyReport:
        """The whole of it."""
        first = self._first
        if len(lines) != first.get("entries"):
            self._find(
                -1, "complete", "copy-incomplete", f"It has {len(lines)} entries, and says {first.get('entries')}."
            )
        proven = [line for each in lines if (line := self._proven(each)) is not None]
        if [each.position for each in proven] != sorted({each.position for each in proven}):
            self._find(
                -1, "order", "copy-incomplete", "Its entries are not in the order of the log, or one stands twice."
            )
        self._check_chains(proven)
        for line in proven:
            self._check_line(line)
        return CopyReport(
            what=str(first.get("what")),
            origin=self._pin.origin,
            session=first.get("session"),
            partner=first.get("partner"),
            made_for=str(first.get("made_for")),
            purpose=str(first.get("purpose")),
            size=self._checkpoint.size,
            entries=len(proven),
            signed=None if self._keys is None else self._signed,
            absent=dict(self._absent),
            places=tuple(self._places),
            doubted=tuple(self._doubted),
            problems=tuple(sorted(self._problems, key=lambda each: each.position)),
        )

    # -- one entry ----------------------------------------------------------------------------------

    def _proven(self, said: Any) -> _Line | None:  # noqa: ANN401  # any JSON at all
        position = -1
        try:
            position = int(said["position"])
            entry = said["entry"].encode()
            receipt = parse_receipt(said["receipt"].encode()) if said.get("receipt") else None
            if receipt is None:
                self._find(
                    position, "complete", "copy-unproven", "It has no receipt: nothing shows that it was logged."
                )
                return None
            if (receipt.entry, receipt.position) != (entry, position):
                self._find(position, "complete", "copy-unproven", "Its receipt is another entry's.")
                return None
            check_receipt(receipt, self._vkeys, self._pin.origin)
            envelope = None if said.get("envelope") is None else parse_envelope(said["envelope"].encode())
            return _Line(position, leaf_hash(entry), parse_event_entry(entry), envelope, said)
        except LedgerError as error:
            self._find(position, "complete", "copy-altered", f"{error.message} ({error.code})")
        except (KeyError, TypeError, ValueError, AttributeError):
            self._find(position, "content", "copy-altered", "This line is not an entry as a copy has it.")
        return None

    def _check_line(self, line: _Line) -> None:
        """What was signed there, and by whom."""
        if line.envelope is None:
            self._check_absent(line)
            return
        envelope, payload = line.envelope, line.envelope.payload
        if envelope.env != line.entry.env:
            self._find(
                line.position, "content", "envelope-edited", "The envelope is not the one this entry was made for."
            )
            return
        if payload.ledger != self._pin.origin or stream_tag(self._pin.origin, payload.stream) != line.entry.stream:
            self._find(line.position, "content", "other-stream", "It was signed for another ledger or record.")
        if payload.stream not in self._first.get("records", ()):
            self._find(line.position, "content", "copy-partner", "It stands on a record that this copy is not of.")
        try:
            self._check_signed(line, envelope)
        except LedgerError as error:
            self._find(line.position, "signatures", error.code, error.message)

    def _check_absent(self, line: _Line) -> None:
        self._places.append(line.position)
        if line.entry.stream not in {stream_tag(self._pin.origin, each) for each in self._first.get("records", ())}:
            self._find(line.position, "content", "copy-partner", "It stands on a record that this copy is not of.")

    def _check_signed(self, line: _Line, envelope: Envelope) -> None:
        payload = envelope.payload
        blocks = open_blocks(payload, line.said.get("blocks", ()))
        partner = self._first.get("partner")
        for block in blocks.values():
            if partner is not None and block.name.partition("/")[0] not in (partner, "subject"):
                self._find(line.position, "content", "copy-partner", "It holds a sealed part of the other partner.")
        gone = line.said.get("gone", {})
        for digest in payload.blocks:
            if digest not in blocks:
                self._absent[str(gone.get(digest, "withheld"))] += 1
        event = read_event(payload, blocks)
        keys = self._keys
        if keys is None:
            return
        states = check_signers(keys, line.position, payload, event)
        check_signatures(envelope, keys.public_key)
        self._signed += len(states)
        if any(state in DOUBTED for state in states):
            self._doubted.append(line.position)

    def _check_chains(self, proven: Sequence[_Line]) -> None:
        """Of each record no entry is left out between two that are there, and none in front of the first."""
        ends: dict[str, tuple[int, str]] = {}
        for line in proven:
            version, leaf = ends.get(line.entry.stream, (0, ""))
            follows = line.entry.prev == leaf if version else line.entry.prev is None
            if line.entry.version != version + 1 or not follows:
                self._find(
                    line.position,
                    "complete",
                    "copy-incomplete",
                    f"It is entry {line.entry.version} of its record, and the copy holds {version} in front of it.",
                )
            ends[line.entry.stream] = (line.entry.version, line.leaf.hex())

    # -- keys ---------------------------------------------------------------------------------------

    def _key_history(self) -> KeyHistory | None:
        """The keys that the first line brings, each enrolled in the log; None where it brings none."""
        brought = self._first.get("keys")
        if not isinstance(brought, list) or not brought:
            return None
        history = KeyHistory()
        for line in [line for each in brought if (line := self._proven(each)) is not None]:
            try:
                self._enrol(history, line)
            except LedgerError as error:
                self._find(line.position, "keys", error.code, error.message)
        return history

    def _enrol(self, history: KeyHistory, line: _Line) -> None:
        if line.position == 0 and line.leaf != self._pin.first_leaf:
            self._find(0, "keys", "other-genesis", "The first entry is not the pinned one: this is another ledger.")
            return
        if line.envelope is None or line.envelope.env != line.entry.env:
            self._find(line.position, "keys", "envelope-edited", "The envelope is not the one this entry was made for.")
            return
        payload = line.envelope.payload
        event = read_event(payload, {})
        if payload.stream != "keys" or not isinstance(event, KEY_EVENTS):
            self._find(line.position, "keys", "copy-altered", "It changes nothing about keys.")
            return
        own = {kid: public for kid, (_, public) in own_keys(event).items()}
        check_signers(history, line.position, payload, event)
        check_signatures(line.envelope, lambda kid: own.get(kid) or history.public_key(kid))
        check_key_event(history, line.position, event, payload.attested)
        history.apply(line.position, event)

    def _find(self, position: int, question: Question, code: str, message: str) -> None:
        self._problems.append(Problem(position, question, code, message))


def text_of(first: dict[str, Any], member: str) -> str:
    """
    A text in the first line of a copy.

    Raises:
        Invalid: `copy-format`.
    """
    value = first.get(member)
    if not isinstance(value, str):
        raise Invalid("copy-format", f"The first line of the copy has no {member}.", field=member)
    return value
