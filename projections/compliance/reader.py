"""
The compliance reader: answers questions about findings from one log, which it follows as it is asked.

What it has read it keeps in memory, opened; a restart reads the log again and comes to the same findings.
When a key was destroyed, by whatever process, all of it is let go at the next question, so that nothing
outlives its subject's key here.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from ledger.bracket import Bracket, Contradiction, root_of_first
from ledger.devices import Devices
from ledger.encoding import from_instant, to_instant
from ledger.erasure import KEPT_BY_DEFAULT, Retention
from ledger.errors import Objection, Refused
from ledger.events.base import Event
from ledger.follow import BATCH, events_from
from ledger.payload import Payload
from ledger.reading import PlacedEvent
from ledger.store.port import Store
from ledger.store.subject_keys import SubjectKeys
from ledger.vocabulary import Disposition, Slot
from projections.compliance.finding import Finding
from projections.compliance.judge import judge, judge_ledger, next_change
from projections.compliance.known import Fact, Known
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from projections.compliance.objecting import asked_before
from projections.compliance.releases import to_come
from projections.compliance.rule import AnyRule
from projections.compliance.rules import RULES
from projections.compliance.written import Written


class Compliance:
    """Findings of one ledger; safe to use from several threads."""

    def __init__(
        self,
        store: Store,
        subject_keys: SubjectKeys | None,
        rules: Sequence[AnyRule] = RULES,
        retention: Retention = KEPT_BY_DEFAULT,
    ) -> None:
        """Know nothing yet; the first question reads the whole log. `retention` is how long the clinic keeps what."""
        self._retention = retention
        self._store = store
        self._subject_keys = subject_keys
        self.rules = tuple(rules)
        self._epoch = 0
        self._known = self._nothing_known()
        self._lock = threading.Lock()

    def catch_up(self) -> int:
        """
        Take in what was recorded since; the number of entries known then.

        Raises:
            TamperDetected, Invalid: what `events_from` raises; nothing behind that position is taken in.
        """
        return self._caught_up().size

    def _caught_up(self) -> Known:
        """Everything known, with all that is in the log now and can be read now."""
        self._forget_erased()
        known = self._known
        while (start := known.size) < (size := self._store.head().size):
            end = min(start + BATCH, size)
            events = list(events_from(self._store, self._subject_keys, start, end - start))
            with self._lock:  # read outside: a writer who asks a gate holds the store
                if known.size == start:
                    for placed in events:
                        known.take(placed)
                    known.size = end
        return known

    def _forget_erased(self) -> None:
        epoch = 0 if self._subject_keys is None else self._subject_keys.epoch
        with self._lock:
            if epoch != self._epoch:
                self._epoch, self._known = epoch, self._nothing_known()

    def forget(self) -> None:
        """Let go of everything, as after an erasure; the next question reads the log again."""
        with self._lock:
            self._known = self._nothing_known()

    def _nothing_known(self) -> Known:
        root_at = lru_cache(1024)(lambda size: root_of_first(size, self._store.read_tile))
        return Known(root_at, self._retention)

    def devices(self) -> tuple[Devices, int]:
        """Every device that was enrolled or wrote an event, and the size of the log as of which that is."""
        known = self._caught_up()
        return known.devices, known.size

    def written(self, stream: str, position: int) -> tuple[Written, Bracket, Contradiction | None] | None:
        """How an entry of a session was written, its bracket, what is wrong with its checkpoint; None for others."""
        known = self._caught_up()
        session = stream.removesuffix("/a").removesuffix("/b")
        found = next((each for each in known.written.get(session, ()) if each.position == position), None)
        if found is None:
            return None
        history = LedgerAt(known, size=known.size, as_of=found.received_at).session(session)
        return found, history.bracket(found), history.contradiction(found)

    def known_until(self, known_at: int | None) -> datetime | None:
        """The second up to which the first so many entries were all there was; None if they are it still."""
        known = self._caught_up()
        return None if known_at is None else known.index.known_until(_size(known.size, known_at))

    def sessions(self) -> list[str]:
        """Every session of which anything is known, in the order they were planned."""
        return self._caught_up().names("session")

    def findings(self, session: str | None = None, *, as_of: str, known_at: int | None = None) -> list[Finding]:
        """
        All verdicts on a session, or on everything, as of an instant and as known at a number of entries.

        About everything: every session in the order of planning, then what belongs to none.

        Raises:
            Refused: `not-found` for an unknown session, `not-known-yet` for more entries than there are.
            Invalid: `instant`.
        """
        return self._judged_over(self.at(as_of=as_of, known_at=known_at), session, as_of)

    def at(self, *, as_of: str, known_at: int | None = None) -> LedgerAt:
        """
        The whole ledger as of an instant and as known at a number of entries; it never changes.

        Raises:
            Refused: `not-known-yet`.
            Invalid: `instant`.
        """
        at = from_instant(as_of, "as_of").replace(microsecond=0)
        known = self._caught_up()
        return LedgerAt(known, size=_size(known.size, known_at), as_of=at)

    def under_rules(self, rules: Sequence[AnyRule]) -> Compliance:
        """A reader of the same log with these rules in the place of those of the same number, such as a new version."""
        instead = {rule.id: rule for rule in rules}
        other = Compliance(
            self._store, self._subject_keys, [instead.get(each.id, each) for each in self.rules], self._retention
        )
        other._epoch, other._known = self._epoch, self._known
        return other

    def judged(self, ledger: LedgerAt, session: str | None, rules: Collection[str] | None = None) -> list[Finding]:
        """The verdicts on a session of a ledger as it stood, or on everything; of some rules only where named."""
        return self._judged_over(ledger, session, to_instant(ledger.as_of), rules)

    def _judged_over(
        self, ledger: LedgerAt, session: str | None, as_of: str, ids: Collection[str] | None = None
    ) -> list[Finding]:
        known = ledger.known
        rules = self.rules if ids is None else [each for each in self.rules if each.id in ids]
        found = [
            finding
            for each in self._asked(known, session, ledger.size)
            for finding in known.last_judged.over(
                each, self._judged(known, ledger, each, rules), size=ledger.size, as_of=as_of
            )
            if ids is None or finding.rule in ids
        ]
        if session is not None:
            return found
        return found + self._beside(ledger, rules, as_of, ids)

    def judged_beside(self, ledger: LedgerAt, ids: Collection[str]) -> list[Finding]:
        """The verdicts of these rules on what belongs to no session, of a ledger as it stood."""
        return self._beside(ledger, [each for each in self.rules if each.id in ids], to_instant(ledger.as_of), ids)

    def _beside(
        self, ledger: LedgerAt, rules: Sequence[AnyRule], as_of: str, ids: Collection[str] | None
    ) -> list[Finding]:
        kept = ledger.known.last_judged
        found = kept.over_elsewhere(judge_ledger(ledger, rules), size=ledger.size, as_of=as_of)
        return [each for each in found if ids is None or each.rule in ids]

    def _asked(self, known: Known, session: str | None, size: int) -> list[str]:
        expired = known.last_judged.expired
        if session in expired:
            return [session]
        return [
            *_asked(known, session, size),
            *(() if session else (each for each in expired if each not in known.records)),
        ]

    def _judged(self, known: Known, ledger: LedgerAt, session: str, rules: Sequence[AnyRule]) -> list[Finding]:
        """What the rules say; nothing about a session of which something is no longer kept."""
        if session in known.last_judged.expired:
            return []
        return judge(ledger.session(session), rules)

    def next_change(self, session: str | None = None, *, as_of: str) -> str | None:
        """
        The next instant at which a pending verdict changes by itself, None when none will.

        Raises:
            Refused, Invalid: see `findings`.
        """
        return next_change(self.findings(session, as_of=as_of))

    def objections(
        self,
        event: Event,
        payload: Payload,
        received_at: str,
        beside: Sequence[PlacedEvent] = (),
        rules: Sequence[AnyRule] | None = None,
    ) -> list[Objection]:
        """What the rules have against this authorisation, asked as if it were recorded now."""
        known = self._caught_up()
        position = max([known.size, *(each.position + 1 for each in beside)])
        placed = PlacedEvent(position, 0, received_at, "", payload, event)
        return asked_before(
            known,
            Fact.of(placed),
            to_second(received_at),
            beside=[Fact.of(each) for each in beside],
            rules=self.rules if rules is None else rules,
        )

    def release_objections(
        self,
        session: str,
        slot: Slot,
        *,
        as_of: str,
        known_at: int | None = None,
        disposition: Disposition = "home-with-escort",
    ) -> list[Objection]:
        """
        What would speak against releasing this partner at `as_of`, so that a page can say so beforehand.

        What the release itself will say, and who will sign it, is taken to be in order.
        """
        known = self._caught_up()
        size = _size(known.size, known_at)
        at = to_second(as_of)
        proposed = to_come(LedgerAt(known, size=size, as_of=at).session(session), slot, disposition)
        return asked_before(known, replace(proposed, at=at), at, size=size, rules=self.rules)


def _size(size: int, known_at: int | None) -> int:
    if known_at is not None and not 0 <= known_at <= size:
        raise Refused(
            "not-known-yet",
            f"The log has {size} entries, not {known_at}.",
            field="known_at",
            remedy="Ask for a position up to that.",
        )
    return size if known_at is None else known_at


def _asked(known: Known, session: str | None, size: int) -> list[str]:
    if session is None:
        return [name for name in known.names("session") if known.records[name][0].position < size]
    if not session.startswith("session/") or not any(fact.position < size for fact in known.records.get(session, ())):
        raise Refused(
            "not-found",
            f"There is no session {session} here as of then.",
            field="session",
            remedy="Check it for a slip, or ask about a later position.",
        )
    return [session]
