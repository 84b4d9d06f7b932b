"""
What is not there, and whether somebody was allowed to take it away.

A sealed block may be absent only under a signed `subject-erased`, an envelope only under a signed
`retention-ended`; each names its number and one root over the digests.
The list itself is kept beside the log; it is believed only if number and root are the signed ones.
Anything else that is absent is missing.
Source: format v1, section 11.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from ledger.audit_report import Problem
from ledger.events.erasure import Counted, RetentionEnded, SubjectErased
from ledger.payload import Payload
from ledger.tlog.tree import leaf_hash, root_hash

Listed: TypeAlias = Callable[[int, Payload], Sequence[str] | None]
"""
The digests that an erasure, or an end of retention, at this position is about, as kept beside the log.

None when this auditor may not see the list.
"""


def counted(digests: Iterable[str]) -> Counted:
    """These hex digests as they are signed: how many, and the RFC 6962 root over their bytes, ascending."""
    raw = sorted(bytes.fromhex(digest) for digest in digests)
    return Counted(count=len(raw), root=root_hash([leaf_hash(each) for each in raw]).hex())


class Absences:
    """
    What was absent so far, against what was lawfully taken away.

    `erased` and `expired` count what a list covers that fits; `unlisted` what is said to be erased, by an
    erasure whose list this auditor does not have.
    """

    def __init__(self, listed: Listed) -> None:
        self.erased = self.expired = self.unlisted = 0
        self._listed = listed
        self._unseen_lists = False
        self._allowed: dict[str, int] = {}
        self._ended: dict[str, int] = {}
        self._blocks: list[tuple[int, str, bool]] = []
        self._envelopes: list[tuple[int, str]] = []

    def block(self, position: int, digest: str, *, claimed: bool) -> None:
        """A signed block is not there; `claimed` when its keeper says that it was erased."""
        self._blocks.append((position, digest, claimed))

    def envelope(self, position: int, env: str) -> None:
        """The envelope of an entry is not there."""
        self._envelopes.append((position, env))

    def take(self, position: int, payload: Payload, event: SubjectErased | RetentionEnded) -> list[Problem]:
        """An erasure, or an end of retention, stands here: take in its list, if it is the signed one."""
        listed = self._listed(position, payload)
        if listed is None:
            self._unseen_lists = True
            return []
        signed = event.blocks if isinstance(event, SubjectErased) else event.envelopes
        if counted(listed) != signed:
            message = f"The list kept of what was erased here has not the {signed.count} digests that were signed."
            return [Problem(position, "content", "erased-list", message)]
        allowed = self._allowed if isinstance(event, SubjectErased) else self._ended
        for digest in listed:
            allowed.setdefault(digest, position)
        return []

    def finish(self) -> list[Problem]:
        """Everything that is absent and that nobody was allowed to take away."""
        problems = []
        for position, digest, claimed in self._blocks:
            if position < self._allowed.get(digest, -1):
                self.erased += 1
            elif claimed and self._unseen_lists:
                self.unlisted += 1
            else:
                words = "A sealed block that was signed is not there, and no erasure names it."
                problems.append(Problem(position, "content", "block-missing", words))
        for position, env in self._envelopes:
            if position < self._ended.get(env, -1):
                self.expired += 1
            else:
                words = "The entry is there, its envelope is not."
                problems.append(Problem(position, "content", "envelope-missing", words))
        return problems
