"""
What signed checkpoints cover: the tree of the entries seen so far, compared with every root that was signed over it.

A checkpoint that does not fit names the entries between the last one that did and itself.
The pinned log key counts, and every later one to which trust was handed on (`ledger.log_keys`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ledger.audit_report import Problem
from ledger.errors import Invalid
from ledger.log_keys import LogKey, LogKeyChain
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.peaks import Peaks


class Coverage:
    """
    The growing tree of one log against its stored checkpoints and those held elsewhere.

    `compared` counts stored checkpoints, `held` those held elsewhere; `covered` is the size of the largest that fits.
    `log_keys` gives the log keys that the entries taken so far name; `chain` says which of them are believed.
    """

    def __init__(
        self,
        origin: str,
        pinned_vkey: str,
        checkpoints: Sequence[tuple[int, bytes]],
        held: Iterable[Checkpoint],
        log_keys: Callable[[], Sequence[LogKey]] = tuple,
    ) -> None:
        self._log_keys = log_keys
        self.chain = LogKeyChain(origin, pinned_vkey)
        self._stored = list(reversed(checkpoints))
        self._held = sorted((c for c in held if c.size > 0), key=lambda checkpoint: -checkpoint.size)
        self._tree = Peaks()
        self._mismatch = False
        self.covered = 0
        self.compared = 0
        self.held = 0

    @property
    def size(self) -> int:
        """Entries so far."""
        return self._tree.size

    @property
    def root(self) -> bytes:
        """The root over the entries so far."""
        return self._tree.root

    @property
    def until_next(self) -> int:
        """How many entries, at least one, until a checkpoint has something to say; 2^63 when there is none left."""
        sizes = [self._stored[-1][0]] if self._stored else []
        sizes += [self._held[-1].size] if self._held else []
        return max(1, min(sizes) - self.size) if sizes else 2**63

    def take(self, leaves: bytes, doubted: Sequence[Problem]) -> list[Problem]:
        """
        The tree grows by these joined leaves, no more than `until_next`; what its checkpoints say about that.

        `doubted` are problems found so far: one of them inside a mismatch says where it begins.
        """
        self._tree.extend(leaves)
        found: list[Problem] = []
        while self._stored and self._stored[-1][0] <= self.size:
            found += self._compare_stored(*self._stored.pop(), doubted)
        while self._held and self._held[-1].size <= self.size:
            self.held += 1
            found += self._compare(self._held.pop(), "a checkpoint held elsewhere", doubted)
        return found

    def finish(self) -> list[Problem]:
        """What was promised over more entries than there are, and entries that nobody promised."""
        promised = [size for size, _ in self._stored] + [checkpoint.size for checkpoint in self._held]
        if promised:
            message = f"A checkpoint was signed over {max(promised)} entries; from here on they are missing."
            return [Problem(self.size, "complete", "tail-cut", message)]
        if self.covered < self.size and not self._mismatch:
            message = "No signed checkpoint covers this entry and those after it."
            return [Problem(self.covered, "complete", "not-covered", message)]
        return []

    def _compare_stored(self, size: int, note: bytes, doubted: Sequence[Problem]) -> list[Problem]:
        self.compared += 1
        try:
            checkpoint = self.chain.open(note, self._log_keys())
        except Invalid as error:
            self._mismatch = True
            return [Problem(self.covered, "complete", error.code, f"The checkpoint of size {size}: {error.message}")]
        if checkpoint.size != size:
            self._mismatch = True
            message = f"The checkpoint of size {size} is of another."
            return [Problem(self.covered, "complete", "checkpoint-size", message)]
        return self._compare(checkpoint, "a signed checkpoint", doubted)

    def _compare(self, checkpoint: Checkpoint, what: str, doubted: Sequence[Problem]) -> list[Problem]:
        if checkpoint.size == self.size and checkpoint.root == self.root:
            self.covered = max(self.covered, checkpoint.size)
            return []
        if self._mismatch:
            return []
        self._mismatch = True
        inside = [problem.position for problem in doubted if self.covered <= problem.position < checkpoint.size]
        message = f"From position {self.covered} to {checkpoint.size - 1} the entries are not those that {what} covers."
        return [Problem(min(inside, default=self.covered), "complete", "tree-root", message)]
