"""
Checkpoints: when the log key signs, and why it can never sign two roots for one size.

After every commit: prove that the new tree extends the one the head store holds, move the head store there by
compare-and-swap, and only then sign.
The head store lives beside the log key, not in the database, so that a database restored from a backup, or
whose tail was cut, is refused at the next start instead of being signed again in another form.
Source: format v1, section 6.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from ledger.audit import Pin, audit
from ledger.bracket import root_of_first
from ledger.errors import Conflict, Invalid, Refused, TamperDetected
from ledger.follow import key_history, log_rows
from ledger.log_keys import check_signing_keys, open_covering
from ledger.practice import check_note
from ledger.store.head_store import HeadStore, SignedHead, check_going_on
from ledger.store.port import Head, Left, Store
from ledger.tlog.checkpoint import Checkpoint, sign_checkpoint
from ledger.tlog.note import LogSigner
from ledger.tlog.peaks import Peaks
from ledger.tlog.proofs import check_consistency, prove_consistency, prove_inclusion
from ledger.tlog.receipt import Receipt, format_receipt
from ledger.tlog.tiles import TILE_BYTES, TILE_HEIGHT, ReadTile, load_edge


@dataclass(frozen=True, slots=True)
class _Newest:
    """The newest checkpoint as it is given out, and the tiles at the right edge of its tree once they were read."""

    size: int
    note: bytes
    edge: dict[tuple[int, int], bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Continued:
    """A head that was seen to continue the signed one, and the peaks of its tree."""

    head: Head
    peaks: Peaks


class Checkpointing:
    """One origin's log key and head store over its store."""

    def __init__(self, store: Store, head_store: HeadStore, signers: Sequence[LogSigner]) -> None:
        self._store = store
        self._head_store = head_store
        self._signers = tuple(signers)
        self._signed: SignedHead | None = None
        self._peaks: tuple[SignedHead | None, Peaks] = (None, Peaks())
        self._newest: _Newest | None = None
        self._full_tiles: dict[tuple[int, int], bytes] = {}
        self.taken_up = 0
        """How many entries that nobody had signed this process has verified and signed."""

    @property
    def vkeys(self) -> tuple[str, ...]:
        """The verifier keys of the log keys that sign here."""
        return tuple(str(signer.vkey) for signer in self._signers)

    @property
    def covered(self) -> Checkpoint:
        """
        The newest checkpoint of this process.

        Raises:
            Invalid: `not-covered`, in an empty log.
        """
        if self._signed is None:
            raise Invalid("not-covered", "Nothing was signed yet.")
        return Checkpoint(self._signed.origin, self._signed.size, self._signed.root)

    def is_covered(self, head: Head) -> bool:
        """Whether this head is exactly what this process knows to be signed, so that nothing unseen is below it."""
        if self._signed is None:
            return head.size == 0
        return (self._signed.size, self._signed.root) == (head.size, head.root)

    def check_going_on(self) -> None:
        """Pass unless signing was stopped by whatever process; raises `two-histories`. One look for a file."""
        if self._head_store.is_stopped():
            check_going_on(self._head_store.stopped_by())

    def catch_up(self) -> bool:
        """
        Agree with the store and the head store, at a start and before every writing; whether anything had changed.

        What another process signed is taken up.
        Entries that nobody signed (a process died after its commit, or another hand appended them) are verified,
        the whole log with them, before the log key covers them.

        Raises:
            TamperDetected: `restored-backup` when the database holds less than was signed, `tree-root` when it holds
                something else, or the first problem of an entry that nobody had covered yet.
            TamperDetected: `two-histories`, once signing was stopped.
            Refused: `head-store-missing`, `other-ledger`, `log-key-retired`, `log-key-unknown`.
        """
        self.check_going_on()
        if self._signed is None:
            self._store.settle()
        before, signed, head = self._signed, self._head_store.read(), self._store.head()
        if signed is not None and signed == before and self.is_covered(head):
            return False
        if signed is None:
            self._require_new(head)
        elif signed.size > head.size:
            raise TamperDetected(
                "restored-backup",
                f"The log key has signed {signed.size} entries, the database holds {head.size}.",
                position=head.size,
                remedy="Restore the newer database, or open a new ledger that continues this one.",
            )
        else:
            self._prove_extension(signed, head.size, head.root)
        self._signed = signed
        if not self.is_covered(head):
            self._verify_uncovered()
            self.taken_up += head.size - (0 if signed is None else signed.size)
            self._advance(signed, head)
        elif signed is not None:
            if before is None:
                with suppress(Conflict):  # a failed sync may have left it in memory only
                    self._head_store.advance(signed, signed)
            self._take_up(signed)
        return True

    def continued_by(self, left: Left) -> Continued:
        """
        What is signed once this is committed: the signed tree with exactly these leaves behind it.

        That it is that is computed here once more, and not taken from the store; about two hashes a leaf.

        Raises:
            TamperDetected: `tree-root`, when the head to be committed is another one.
        """
        signed, head = self._signed, left.head
        peaks = self._signed_peaks()
        for leaf in left.leaves:
            peaks.add(leaf)
        if (peaks.size, peaks.root) != (head.size, head.root):
            raise _no_continuation(0 if signed is None else signed.size)
        return Continued(head, peaks)

    def cover(self, continued: Continued) -> None:
        """
        Sign what this process has just committed on top of what it knew to be signed.

        Costs one fsync of the head store and a signature.

        Raises:
            TamperDetected: as in `catch_up`.
        """
        self._advance(self._signed, continued.head)
        if self._signed is not None and self._signed.root == continued.head.root:
            self._peaks = (self._signed, continued.peaks)

    def hand_in(self, note: bytes) -> Checkpoint:
        """
        Compare a checkpoint that somebody kept, such as a device, with this log; what it says when they agree.

        A contradiction under the log's own key means that somebody has signed two histories with it. Then
        signing stops for good: in this process, in all others, and after every restart.

        Raises:
            Invalid: `note-unsigned`, when no log key that counts has signed it; and what `open_checkpoint` raises.
            Refused: `practice-ledger` or `real-ledger`.
            TamperDetected: `two-histories`, and as in `catch_up`.
        """
        check_note(self._store.origin, note, "checkpoint")
        kept = open_covering(note, key_history(self._store).log_keys(), self._store.origin)
        self.catch_up()
        signed = self.covered
        if kept.size <= signed.size and root_of_first(kept.size, self._store.read_tile) == kept.root:
            return kept
        self._head_store.stop(note)
        check_going_on(note)
        return kept

    def receipt(self, position: int) -> bytes:
        """
        The tlog-proof of one entry under the newest checkpoint: it says *logged*, not *valid*.

        Raises:
            Invalid: `not-covered`, when no checkpoint covers this position.
        """
        newest, entry = self._newest, self._store.entry(position)
        if newest is None or entry is None or position >= newest.size:
            raise Invalid("not-covered", "There is no signed entry at this position.", field="position")
        with self._store.tiles() as read_tile:
            proof = prove_inclusion(position, newest.size, partial(self._tile, newest, read_tile))
        return format_receipt(Receipt(entry, position, proof, newest.note))

    def _tile(self, newest: _Newest, read_tile: ReadTile, level: int, index: int) -> bytes:
        """
        A tile for a proof under the newest checkpoint.

        Those above the leaves are kept once they are full and never change: 8 KiB for 65,536 entries. Those at the
        right edge, one a level, which every proof needs, are kept as long as the checkpoint is the newest.
        """
        name = (level, index)
        known = self._full_tiles.get(name) or newest.edge.get(name)
        if known is None:
            known = read_tile(level, index)
            if level and len(known) == TILE_BYTES:
                self._full_tiles[name] = known
            elif index == newest.size >> TILE_HEIGHT * (level + 1):
                newest.edge[name] = known
        return known

    def _advance(self, signed: SignedHead | None, head: Head) -> None:
        new = SignedHead(self._store.origin, head.size, head.root)
        try:
            self._head_store.advance(signed, new)
        except Conflict:  # another process verified and signed it first, perhaps with more behind it
            self.catch_up()
            return
        self._signed = new
        self._sign(new, self._store.checkpoint_soon)

    def _take_up(self, signed: SignedHead) -> None:
        """The checkpoint of what was signed is the one that is kept, or made again."""
        log_keys = key_history(self._store).log_keys()
        for size, note in self._store.checkpoints(signed.size)[:1]:
            with suppress(Invalid):
                if open_covering(note, log_keys, signed.origin) == Checkpoint(signed.origin, size, signed.root):
                    self._newest = _Newest(size, note)
                    return
        check_signing_keys(log_keys, self.vkeys, signed.size)
        self._sign(signed, self._store.save_checkpoint)

    def _sign(self, head: SignedHead, keep: Callable[[int, bytes], None]) -> None:
        if head.size > 0:
            note = sign_checkpoint(Checkpoint(head.origin, head.size, head.root), self._signers)
            self._newest = _Newest(head.size, note)
            keep(head.size, note)

    def _require_new(self, head: Head) -> None:
        """Without a head store only the very first event may be there."""
        if head.size > 1 or self._store.latest_checkpoint() is not None:
            raise Refused(
                "head-store-missing",
                "This database was signed before, but the record of what was signed is not there.",
                remedy="Put the head store back beside the log key; see docs/operations.md.",
            )

    def _prove_extension(self, signed: SignedHead, size: int, root: bytes) -> None:
        if signed.origin != self._store.origin:
            raise Refused(
                "other-ledger",
                "The head store beside the log key belongs to another ledger.",
                remedy="Put the log/ folder of this ledger back.",
            )
        if signed.size == 0:
            return
        with self._store.tiles() as read_tile:
            proof = prove_consistency(signed.size, size, read_tile)
        try:
            check_consistency(signed.size, signed.root, size, root, proof)
        except Invalid:
            raise _no_continuation(signed.size) from None

    def _signed_peaks(self) -> Peaks:
        """Those of the tree that was signed last; read from the store when this process has not signed it itself."""
        signed, peaks = self._peaks
        if signed != self._signed and self._signed is not None:
            with self._store.tiles() as read_tile:
                edge = load_edge(self._signed.size, read_tile)
            peaks = Peaks(edge.size, edge.peaks)
            if peaks.root != self._signed.root:
                raise _no_continuation(self._signed.size)
        return peaks.copy()

    def _verify_uncovered(self) -> None:
        first = self._store.row(0)
        if first is None:
            return
        pin = Pin(self._store.origin, str(self._signers[0].vkey), first.leaf)
        report = audit(log_rows(self._store), self._store.checkpoints(), pin)
        for problem in report.problems:
            if problem.code != "not-covered":
                raise TamperDetected(problem.code, problem.message, position=problem.position)
        check_signing_keys(report.log_keys, self.vkeys, report.size)


def _no_continuation(signed: int) -> TamperDetected:
    return TamperDetected(
        "tree-root",
        f"The first {signed} entries are no longer those the log key signed.",
        remedy="Stop, keep the files as they are, and run session-ledger verify.",
    )
