"""
The compliance reader: answers questions about findings from one log, which it follows as it is asked.

What it has read it keeps in memory, opened; a restart reads the log again and comes to the same findings.
When a key was destroyed, by whatever process, all of it is let go at the next question, so that nothing
outlives its subject's key here.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache

from ledger.bracket import Bracket, Contradiction, root_of_first
from ledger.devices import Devices
from ledger.encoding import from_instant
from ledger.errors import Objection, Refused
from ledger.events.base import Event
from ledger.events.measures import UntilWhen
from ledger.events.release import ReleaseAuthorised
from ledger.follow import BATCH, events_from
from ledger.payload import Payload
from ledger.reading import PlacedEvent
from ledger.store.port import Store
from ledger.store.subject_keys import SubjectKeys
from ledger.vocabulary import Disposition, Slot
from projections.compliance.finding import Finding
from projections.compliance.history import History
from projections.compliance.judge import judge, next_change
from projections.compliance.known import Fact, Known
from projections.compliance.moments import to_second
from projections.compliance.rule import Rule
from projections.compliance.rules import RULES
from projections.compliance.written import Written


class Compliance:
    """Findings of one ledger; safe to use from several threads."""

    def __init__(self, store: Store, subject_keys: SubjectKeys | None, rules: Sequence[Rule] = RULES) -> None:
        """Know nothing yet; the first question reads the whole log."""
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
        return Known(lru_cache(1024)(lambda size: root_of_first(size, self._store.read_tile)))

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
        history = History(known, session, size=known.size, as_of=found.received_at)
        return found, history.bracket(found), history.contradiction(found)

    def sessions(self) -> list[str]:
        """Every session of which anything is known, in the order they were planned."""
        return list(self._caught_up().sessions)

    def findings(self, session: str | None = None, *, as_of: str, known_at: int | None = None) -> list[Finding]:
        """
        All verdicts on a session (or on every session), as of an instant and as known at a number of entries.

        Raises:
            Refused: `not-found` for an unknown session, `not-known-yet` for more entries than there are.
            Invalid: `instant`.
        """
        at = from_instant(as_of, "as_of").replace(microsecond=0)
        known = self._caught_up()
        size = _size(known.size, known_at)
        return [
            finding
            for each in _asked(known, session, size)
            for finding in judge(History(known, each, size=size, as_of=at), self.rules)
        ]

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
        rules: Sequence[Rule] | None = None,
    ) -> list[Objection]:
        """What the rules have against this authorisation, asked as if it were recorded now."""
        known = self._caught_up()
        position = max([known.size, *(each.position + 1 for each in beside)])
        placed = PlacedEvent(position, 0, received_at, "", payload, event)
        return self._asked_before(known, Fact.of(placed), received_at, [Fact.of(each) for each in beside], rules)

    def release_objections(
        self, session: str, slot: Slot, *, as_of: str, disposition: Disposition = "home-with-escort"
    ) -> list[Objection]:
        """What would speak against releasing this partner at `as_of`, so that a page can say so beforehand."""
        known = self._caught_up()
        release = ReleaseAuthorised(
            assessment=None,
            contact="000",
            instructions=None,
            no_drive_until=UntilWhen(at=as_of, local="2000-01-01 00:00 UTC"),
            disposition=disposition,
            conditions=(),
        )
        proposed = Fact(release, to_second(as_of), f"{session}/{slot}", known.size, "")
        return self._asked_before(known, proposed, as_of, (), None)

    def _asked_before(
        self, known: Known, proposed: Fact, at: str, beside: Sequence[Fact], rules: Sequence[Rule] | None
    ) -> list[Objection]:
        history = History(
            known, proposed.session, size=known.size, as_of=to_second(at), beside=beside, proposed=proposed
        )
        return [
            Objection(
                rule.id,
                rule.version,
                finding.sentence,
                tuple(position for position in finding.evidence if position != proposed.position),
                rule.gate.override_of(finding.causes),
                finding.staff,
                finding.credential,
            )
            for rule in (self.rules if rules is None else rules)
            if rule.gate is not None and isinstance(proposed.event, rule.gate.authorisation)
            for finding in rule.findings(history)
            if proposed.stream in (finding.subject, finding.session) and finding.verdict in ("breached", "cannot-judge")
            if rule.override(history, finding) is None
        ]


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
        return [name for name, facts in list(known.sessions.items()) if facts[0].position < size]
    if not any(fact.position < size for fact in known.sessions.get(session, ())):
        raise Refused(
            "not-found",
            f"There is no session {session} here as of then.",
            field="session",
            remedy="Check it for a slip, or ask about a later position.",
        )
    return [session]
