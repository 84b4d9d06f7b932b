"""
The register of findings: each with its state, where it is, and how old it is, as of both times of a question.

Everything is judged once for a question, as for any other; what is known of the past beside is remembered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Literal, TypeAlias

from ledger.encoding import to_instant
from ledger.errors import Refused
from projections.compliance.finding import Finding, Verdict
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from projections.compliance.own_findings import who_did
from projections.compliance.reader import Compliance
from projections.compliance.rule import LedgerRule
from projections.findings.act import Acts
from projections.findings.became import Became, became
from projections.findings.opening import age_in_days, opened_at
from projections.findings.place import Place, Places
from projections.findings.turns import Turned, Turns, no_longer
from projections.findings.turns_elsewhere import TurnsElsewhere


@dataclass(frozen=True, slots=True)
class Registered:
    """
    A verdict with what became of it; `became` is None for one that never was a finding.

    `opened_at` is since when it is so and known, `age_days` the days from then until it was closed, or to now.
    `did` are those who had a part in it, and so neither dispose of it nor close it; `rested` are the entries that it
    rested on when it was found last, which may be others than those of the verdict now.
    """

    finding: Finding
    became: Became | None
    opened_at: str | None
    age_days: int | None
    place: Place
    did: tuple[str, ...] = ()
    rested: tuple[int, ...] = ()

    @property
    def evidence(self) -> tuple[int, ...]:
        """Everything behind it: what it rests on, what it rested on when it was found, and what became of it."""
        declared = () if self.finding.declared_by is None else (self.finding.declared_by,)
        since = () if self.became is None else self.became.evidence
        return tuple(sorted({*self.finding.evidence, *self.rested, *declared, *since}))


WantedState: TypeAlias = Literal[
    "open", "acknowledged", "explained", "dispositioned", "closed", "reopened", "any", "unclosed"
]
"""A state, or any, or all but closed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; None leaves everything. `place` is a code or a record, `older_than` a number of days."""

    state: WantedState | None = None
    rule: str | None = None
    place: str | None = None
    older_than: int | None = None
    verdict: Verdict | None = None

    def leaves(self, each: Registered) -> bool:
        """Whether one is among what is asked for."""
        return (
            self.rule in (None, each.finding.rule)
            and self.verdict in (None, each.finding.verdict)
            and (self.state is None or (each.became is not None and self._is_in(each.became)))
            and (self.place is None or self.place in _names(each.place))
            and (
                self.older_than is None
                or (each.became is not None and each.age_days is not None and each.age_days > self.older_than)
            )
        )

    def _is_in(self, became: Became) -> bool:
        if self.state == "unclosed":
            return not became.is_closed
        return self.state in ("any", became.state)


class Register:
    """The findings of one ledger with their states; safe to use from several threads."""

    def __init__(self, compliance: Compliance) -> None:
        """Over what a reader of the rules knows."""
        self._compliance = compliance
        self._turns = Turns(self._judge_at)
        beside = [rule.id for rule in compliance.rules if isinstance(rule, LedgerRule) or rule.elsewhere is not None]
        self._elsewhere = TurnsElsewhere(self._judge_elsewhere_at, beside)
        self._lock = Lock()

    def forget(self) -> None:
        """Let go of everything, as after an erasure."""
        with self._lock:
            self._turns.forget()
            self._elsewhere.forget()

    def at(self, *, as_of: str, known_at: int | None = None) -> LedgerAt:
        """See `Compliance.at`."""
        return self._compliance.at(as_of=as_of, known_at=known_at)

    def registered(
        self, ledger: LedgerAt, session: str | None = None, wanted: Wanted | None = None
    ) -> list[Registered]:
        """
        The verdicts on a session, or on everything, with what became of them.

        What was found once and is not so by what is known now stands behind what the rules say now.

        Raises:
            Refused: `not-found` for an unknown session or place.
        """
        wanted = wanted or Wanted()
        if wanted.place is not None:
            place_named(ledger, wanted.place)
        found = self._compliance.judged(ledger, session)
        sessions = [session] if session is not None else [each.session for each in found if each.session]
        every = self._told(ledger, found, list(dict.fromkeys(sessions)), beside=session is None)
        return [each for each in every if wanted.leaves(each)]

    def of_sessions(self, ledger: LedgerAt, sessions: Sequence[str]) -> list[Registered]:
        """The verdicts on these sessions, one after the other, with what became of them; nothing that is about none."""
        found = [finding for name in sessions for finding in self._compliance.judged(ledger, name)]
        return self._told(ledger, found, sessions, beside=False)

    def _told(
        self, ledger: LedgerAt, found: Sequence[Finding], sessions: Sequence[str], *, beside: bool
    ) -> list[Registered]:
        places, acts = Places(ledger), Acts(ledger)
        turned = self._turned(ledger, acts, sessions, found, beside=beside)
        now = {each.identity for each in found}
        gone = [no_longer(each) for identity, each in turned.as_found.items() if identity not in now]
        if beside:
            told = {*now, *turned.as_found}
            gone += [no_longer(each) for each in self._acted_on(ledger, acts, told)]
        return [self._one(ledger, places, acts, turned, each) for each in (*found, *gone)]

    def _turned(
        self, ledger: LedgerAt, acts: Acts, sessions: Sequence[str], found: Sequence[Finding], *, beside: bool
    ) -> Turned:
        all_turned = Turned({}, {})
        with self._lock:
            for name in sessions:
                one = self._turns.of(ledger, name, acts.about(name))
                all_turned.turns.update(one.turns)
                all_turned.as_found.update(one.as_found)
            if beside:
                one = self._elsewhere.of(ledger, acts.points(), [each for each in found if not each.session])
                all_turned.turns.update(one.turns)
                all_turned.as_found.update(one.as_found)
        return all_turned

    def _acted_on(self, ledger: LedgerAt, acts: Acts, now: Collection[str]) -> Iterator[Finding]:
        """Verdicts about no session that no rule gives any more, as they were when somebody first acted on them."""
        for identity, (rule_id, act) in acts.elsewhere().items():
            rule = next((each for each in self._compliance.rules if each.id == rule_id), None)
            if identity in now or rule is None:
                continue
            then = LedgerAt(ledger.known, size=act.position, as_of=to_second(act.at))
            found = rule.findings(then) if isinstance(rule, LedgerRule) else rule.findings_elsewhere(then)
            yield from [each for each in found if each.identity == identity][:1]

    def _one(self, ledger: LedgerAt, places: Places, acts: Acts, turned: Turned, finding: Finding) -> Registered:
        place = places.of(finding)
        mine, turns = acts.on(finding), turned.turns.get(finding.identity, ())
        if finding.verdict != "breached" and not mine and not turns:
            return Registered(finding, None, None, None, place)
        as_found = turned.as_found.get(finding.identity, finding)
        opened = opened_at(ledger.known, as_found)
        since = None if opened is None else to_instant(opened)
        again = opened_at(ledger.known, finding) if finding.verdict == "breached" else None
        state = became(
            finding.verdict, mine, turns, opened_at=since, again_at=None if again is None else to_instant(again)
        )
        ended = state.since if state is not None and state.is_closed else None
        until = ledger.as_of if ended is None else min(ledger.as_of, to_second(ended))
        did = tuple(sorted(who_did(ledger, finding)))
        age = age_in_days(opened, until, place.zone)
        return Registered(finding, state, since, age, place, did, as_found.evidence)

    def _judge_elsewhere_at(self, size: int, as_of: datetime, rules: frozenset[str]) -> list[Finding]:
        return self._compliance.judged_beside(self._compliance.at(as_of=to_instant(as_of), known_at=size), rules)

    def _judge_at(self, size: int, as_of: datetime, session: str) -> list[Finding]:
        try:
            return self._compliance.judged(self._compliance.at(as_of=to_instant(as_of), known_at=size), session)
        except Refused:  # nothing of this session was known yet
            return []


def _names(place: Place) -> tuple[str | None, ...]:
    return (place.code, place.location, (place.location or "").removeprefix("location/"))


def place_named(ledger: LedgerAt, text: str) -> str:
    """
    The place of this code or number.

    Raises:
        Refused: `not-found`.
    """
    places = Places(ledger)
    for name in ledger.names("location"):
        if text in (name, name.removeprefix("location/"), places.code(name)):
            return name
    raise Refused(
        "not-found",
        "There is no such place here as of then.",
        field="place",
        remedy="Check it for a slip; a place is asked for by its code, such as R-1.",
    )
