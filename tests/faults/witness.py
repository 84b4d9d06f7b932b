"""
Somebody outside who heard every word: each receipt that was given out, and each root that was ever signed.

After every death it is asked whether the ledger still is what it said.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from api.commands.verify import verify_folder
from api.folder import Folder, read_pin
from ledger.entry import parse_event_entry
from ledger.store.head_store import FileHeadStore
from ledger.store.port import EventRow
from ledger.store.sqlite import open_for_audit
from ledger.tlog.checkpoint import Checkpoint, open_checkpoint
from ledger.tlog.note import parse_vkey
from ledger.tlog.receipt import check_receipt, parse_receipt


class Loss(AssertionError):
    """Something that was said is no longer so."""


class Witness:
    """The memory of what was said, over all runs on one ledger."""

    def __init__(self, folder: Path) -> None:
        """Begin with the roots that are stored already."""
        self.pin = read_pin(Folder(folder).pin_file).pin
        self.acknowledged: dict[str, tuple[int, bytes]] = {}
        self.roots: dict[int, bytes] = {}
        self.errors: list[str] = []
        self.deaths = self.said = 0
        self._vkeys = [parse_vkey(self.pin.vkey)]
        self._take_stored(folder)

    def hear(self, lines: Iterable[bytes]) -> None:
        """Take in what a child said."""
        for line in lines:
            words = json.loads(line)
            if "receipt" in words:
                self._take_receipt(words["dig"], words["position"], words["receipt"].encode())
            elif "error" in words:
                self.errors.append(words["error"])

    def check(self, folder: Path) -> None:
        """
        Everything that was said still holds in this folder, as it lies there.

        Raises:
            Loss: with what does not.
        """
        self._take_stored(folder)
        with closing(open_for_audit(Folder(folder).database, self.pin.origin)) as store:
            size = store.head().size
            for dig, (position, entry) in self.acknowledged.items():
                row = store.row(position)
                if not isinstance(row, EventRow) or (row.dig, row.entry) != (dig, entry):
                    raise Loss(f"the entry at {position} was acknowledged and is gone (size {size})")
                if hashlib.sha256(row.envelope).hexdigest() != parse_event_entry(entry).env:
                    raise Loss(f"the envelope at {position} is another one")
        signed = FileHeadStore(Folder(folder).head).read()
        newest = max((position for position, _ in self.acknowledged.values()), default=-1)
        if signed is None or signed.size <= newest:
            raise Loss(f"the head store is behind a receipt for {newest}: {signed}")
        self._take_root(Checkpoint(signed.origin, signed.size, signed.root))

    def audit(self, folder: Path, *, closed: bool = True) -> None:
        """
        The whole log verifies; `closed` says that nothing may be left unsigned at its end.

        Raises:
            Loss: with the first problem.
        """
        report = verify_folder(folder, without_keys=True)
        problems = [problem for problem in report.problems if closed or problem.code != "not-covered"]
        if problems:
            raise Loss(f"the audit finds {problems[0]}")

    def _take_receipt(self, dig: str, position: int, text: bytes) -> None:
        receipt = parse_receipt(text)
        self._take_root(check_receipt(receipt, self._vkeys, self.pin.origin))
        known = self.acknowledged.setdefault(dig, (position, receipt.entry))
        if known != (position, receipt.entry) or receipt.position != position:
            raise Loss(f"the same event was acknowledged at {known[0]} and at {position}")
        self.said += 1

    def _take_stored(self, folder: Path) -> None:
        with closing(open_for_audit(Folder(folder).database, self.pin.origin)) as store:
            for _, note in store.checkpoints():
                self._take_root(open_checkpoint(note, self._vkeys, self.pin.origin))

    def _take_root(self, checkpoint: Checkpoint) -> None:
        if self.roots.setdefault(checkpoint.size, checkpoint.root) != checkpoint.root:
            raise Loss(f"two roots were signed for {checkpoint.size} entries")
