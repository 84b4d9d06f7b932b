"""
Checkpoints: when the log key signs, and why it can never sign two roots for one size.

After every commit: prove that the new tree extends the one the head store holds, move the head store there by
compare-and-swap, and only then sign.
The head store lives beside the log key, not in the database, so that a database restored from a backup, or
whose tail was cut, is refused at the next start instead of being signed again in another form.
Source: format v1, section 6.
"""

from __future__ import annotations

from collections.abc import Sequence

from ledger.audit import Pin, audit
from ledger.errors import Invalid, Refused, TamperDetected
from ledger.follow import log_rows
from ledger.store.head_store import HeadStore, SignedHead
from ledger.store.port import Store
from ledger.tlog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from ledger.tlog.note import LogSigner
from ledger.tlog.proofs import check_consistency, prove_consistency, prove_inclusion
from ledger.tlog.receipt import Receipt, format_receipt


class Checkpointing:
    """One origin's log key and head store over its store."""

    def __init__(self, store: Store, head_store: HeadStore, signers: Sequence[LogSigner]) -> None:
        self._store = store
        self._head_store = head_store
        self._signers = tuple(signers)
        self._signed = head_store.read()

    def resume(self) -> None:
        """
        Take up where the last process stopped: refuse a database that lost something, cover what it left uncovered.

        Entries committed but not yet signed (the process died in between) are verified before they are covered.

        Raises:
            TamperDetected: `restored-backup` when the database holds less than was signed, `tree-root` when it holds
                something else, or the first problem of an entry that nobody had covered yet.
            Refused: `head-store-missing`.
        """
        head, signed = self._store.head(), self._signed
        if signed is None:  # only the very first event may be there unsigned
            if head.size > 1 or self._store.latest_checkpoint() is not None:
                raise Refused(
                    "head-store-missing",
                    "This database was signed before, but the record of what was signed is not there.",
                    remedy="Put the head store back beside the log key; see docs/operations.md.",
                )
        elif signed.size > head.size:
            raise TamperDetected(
                "restored-backup",
                f"The log key has signed {signed.size} entries, the database holds {head.size}.",
                position=head.size,
                remedy="Restore the newer database, or open a new ledger that continues this one.",
            )
        else:
            self._prove_extension(signed, head.size, head.root)
        if head.size > 0 and (signed is None or signed.size < head.size):
            self._verify_uncovered()
            self.cover()
        elif signed is not None and head.size > 0:
            self._sign(signed)

    def cover(self) -> Checkpoint:
        """
        The checkpoint over all committed entries, signed and kept; costs one fsync and a signature.

        Raises:
            TamperDetected: `tree-root`, when the tree does not extend the one signed last.
            Conflict: `head-moved`, when another process signed in the meantime.
        """
        head, signed = self._store.head(), self._signed
        if signed is not None and signed.size == head.size:
            return Checkpoint(self._store.origin, head.size, head.root)
        if signed is not None:
            self._prove_extension(signed, head.size, head.root)
        new = SignedHead(self._store.origin, head.size, head.root)
        self._head_store.advance(signed, new)
        self._signed = new
        return self._sign(new)

    def receipt(self, position: int) -> bytes:
        """
        The tlog-proof of one entry under the newest checkpoint: it says *logged*, not *valid*.

        Raises:
            Invalid: `not-covered`, when no checkpoint covers this position.
        """
        note, row = self._store.latest_checkpoint(), self._store.row(position)
        if note is None or row is None:
            raise Invalid("not-covered", "There is no signed entry at this position.", field="position")
        size = open_checkpoint(note, [signer.vkey for signer in self._signers], self._store.origin).size
        proof = prove_inclusion(position, size, self._store.read_tile)
        return format_receipt(Receipt(row.entry, position, proof, note))

    def _sign(self, head: SignedHead) -> Checkpoint:
        checkpoint = Checkpoint(head.origin, head.size, head.root)
        self._store.save_checkpoint(head.size, sign_checkpoint(checkpoint, self._signers))
        return checkpoint

    def _prove_extension(self, signed: SignedHead, size: int, root: bytes) -> None:
        if signed.origin != self._store.origin:
            raise Refused("other-ledger", "The head store beside the log key belongs to another ledger.")
        if signed.size == 0:
            return
        proof = prove_consistency(signed.size, size, self._store.read_tile)
        try:
            check_consistency(signed.size, signed.root, size, root, proof)
        except Invalid:
            raise TamperDetected(
                "tree-root",
                f"The first {signed.size} entries are no longer those the log key signed.",
                remedy="Stop, keep the files as they are, and run session-ledger verify.",
            ) from None

    def _verify_uncovered(self) -> None:
        first = self._store.row(0)
        if first is None:
            return
        pin = Pin(self._store.origin, str(self._signers[0].vkey), first.leaf)
        report = audit(log_rows(self._store), self._store.checkpoints(), pin)
        for problem in report.problems:
            if problem.code != "not-covered":
                raise TamperDetected(problem.code, problem.message, position=problem.position)
