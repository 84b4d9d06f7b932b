"""
A rule: one sentence that may be kept or broken, the function that says which, and what a reader needs to know.

    @rule(id="SUP-05", title="…", severity="M", …)
    def sup_05(history: History) -> Iterator[Ruling]: …

    @ledger_rule(id="CS-03", title="…", severity="C", …)
    def cs_03(ledger: LedgerAt) -> Iterator[Ruling]: …

The first kind is asked about one session, the second about everything else: containers, places, requests.
The words given here are the rule's page: `docs/rules.md` is made from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeAlias

from ledger.events.base import Event
from ledger.vocabulary import Role
from projections.compliance.finding import Finding, Ruling, Severity, Verdict
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from projections.compliance.overrides import PERMITS, given_before, override_for

Judge: TypeAlias = Callable[[History], Iterable[Ruling]]
LedgerJudge: TypeAlias = Callable[[LedgerAt], Iterable[Ruling]]


@dataclass(frozen=True, slots=True)
class GateOf:
    """
    Before which authorisation a rule is asked, and who may override its objection with a reason.

    Nobody may where `override` is None, nor for a cause in `never`; `unlike` names the acts at which it is another.
    `by_the_ledger`: it asks itself, before any rule, as nobody can judge afterwards what is gone (`ledger.keeping`).
    `opened_by` are the types that the rule waits for, `otherwise` says what else opens it; one of the two is there.
    """

    authorisation: type[Event] | tuple[type[Event], ...]
    override: Role | None
    never: frozenset[str] = frozenset()
    unlike: tuple[tuple[type[Event], Role | None], ...] = ()
    by_the_ledger: bool = False
    opened_by: tuple[type[Event], ...] = ()
    otherwise: str = ""

    @property
    def authorisations(self) -> tuple[type[Event], ...]:
        """Every authorisation before which the rule is asked."""
        return self.authorisation if isinstance(self.authorisation, tuple) else (self.authorisation,)

    def before(self, proposed: Event | None) -> tuple[type[Event], ...]:
        """Those of them that this event is; all of them when none is proposed."""
        return tuple(kind for kind in self.authorisations if proposed is None or isinstance(proposed, kind))

    def may_override(self, authorisation: type[Event]) -> Role | None:
        """Who may override an objection before this authorisation, where its cause allows it."""
        return dict(self.unlike).get(authorisation, self.override)

    def override_of(self, causes: Iterable[str], authorisation: type[Event]) -> Role | None:
        """Who may override an objection of these causes before this authorisation."""
        return None if self.never & set(causes) else self.may_override(authorisation)


@dataclass(frozen=True, kw_only=True)
class Page:
    """
    What is said of a rule.

    `severity` is that of a breach, unless the ruling says otherwise; `mode` is how it acts and when it can be
    told: B blocks, F flags, X refuses at the moment of signing; I at an instant, W in a window, S across records,
    R by reconciling. `parameters` are the figures it reads, by their path in a protocol; `verdicts` say in words
    when each is given. `elsewhere` is what a rule about a session says of records that belong to none, if anything.
    """

    id: str
    version: str
    title: str
    severity: Severity
    mode: str
    source: str
    trigger: str
    window: str
    evidence: str
    parameters: tuple[str, ...]
    verdicts: Mapping[Verdict, str] = field(hash=False)
    notes: tuple[str, ...] = ()
    gate: GateOf | None = None
    elsewhere: LedgerJudge | None = None

    def _all(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(frozen=True, kw_only=True)
class Rule(Page):
    """A rule about one session."""

    judge: Judge

    def findings(self, history: History) -> list[Finding]:
        """What this rule says about a session, as it stood."""
        rulings = self.judge(history) if self._has_figures(history) else _without_figures(history)
        position = None if history.protocol is None else history.protocol.position
        rulings = [_with_reason(history, ruling) for ruling in rulings]
        return [
            _finding(self, ruling, history.session, position, self._declared_by(history, ruling)) for ruling in rulings
        ]

    def findings_elsewhere(self, ledger: LedgerAt) -> list[Finding]:
        """What this rule says about records that belong to no session; nothing where it is about sessions alone."""
        rulings = () if self.elsewhere is None else self.elsewhere(ledger)
        return [_finding(self, ruling, "", ruling.protocol, None) for ruling in rulings]

    def override(self, history: History, ruling: Ruling | Finding) -> Fact | None:
        """
        The first override that serves here, given by somebody who may; None when there is none.

        At a gate it has to serve that authorisation; of a fact, any before which the rule was asked.
        """
        if self.gate is None:
            return None
        gate, proposed = self.gate, history.proposed
        found = [
            override_for(
                history,
                self.id,
                gate.override_of(ruling.causes, kind),
                ruling.slot,
                ruling.staff,
                ruling.credential,
                PERMITS.get(kind),
            )
            for kind in gate.before(None if proposed is None else proposed.event)
        ]
        return min((fact for fact in found if fact is not None), key=_position, default=None)

    def _declared_by(self, history: History, ruling: Ruling) -> int | None:
        if ruling.verdict != "breached":
            return None
        found = self.override(history, ruling)
        at = None if ruling.made_at is None else to_second(ruling.made_at)
        return found.position if found is not None and given_before(found, at, ruling.act) else None

    def _has_figures(self, history: History) -> bool:
        """A rule that reads no figure of the protocol is judged without one."""
        return not self.parameters or history.figures is not None


@dataclass(frozen=True, kw_only=True)
class LedgerRule(Page):
    """
    A rule about what belongs to no session, or to several.

    Its rulings say whom or what they are about, and by which protocol. Before an authorisation it is asked about
    that act alone (`LedgerAt.proposed`).
    """

    judge: LedgerJudge

    def findings(self, ledger: LedgerAt) -> list[Finding]:
        """What this rule says about the ledger, as it stood."""
        return [_finding(self, ruling, "", ruling.protocol, None) for ruling in self.judge(ledger)]


AnyRule: TypeAlias = Rule | LedgerRule


class rule(Page):  # noqa: N801  # a decorator
    """The decorator that makes a rule about a session of its function."""

    def __call__(self, judge: Judge) -> Rule:
        """The rule with this page."""
        return Rule(**self._all(), judge=judge)


class ledger_rule(Page):  # noqa: N801  # a decorator
    """The decorator that makes a rule about the ledger of its function."""

    def __call__(self, judge: LedgerJudge) -> LedgerRule:
        """The rule with this page."""
        return LedgerRule(**self._all(), judge=judge)


def _position(fact: Fact) -> int:
    return fact.position


def _finding(page: Page, ruling: Ruling, session: str, protocol: int | None, declared_by: int | None) -> Finding:
    return Finding(
        rule=page.id,
        version=page.version,
        verdict=ruling.verdict,
        severity=ruling.severity or page.severity,
        slot=ruling.slot,
        session=session,
        sentence=ruling.sentence,
        evidence=tuple(sorted(set(ruling.evidence))),
        protocol=protocol,
        anchor=ruling.anchor,
        due=ruling.due,
        limit=ruling.limit,
        made_at=ruling.made_at,
        outstanding=ruling.outstanding,
        causes=ruling.causes,
        staff=ruling.staff,
        credential=ruling.credential,
        declared_by=declared_by,
        about=ruling.about,
    )


_REASONS = {"erased": "What cannot be read was erased.", "expired": "What cannot be read is no longer kept."}


def _with_reason(history: History, ruling: Ruling) -> Ruling:
    """A verdict that rests on what cannot be read any more says so, in words and as a cause."""
    if ruling.verdict != "cannot-judge":
        return ruling
    reasons = [why for why in history.why_gone(ruling.evidence, ruling.slot) if why in _REASONS]
    sentence = " ".join([ruling.sentence, *(_REASONS[why] for why in reasons)])
    return replace(ruling, sentence=sentence, causes=(*ruling.causes, *reasons))


def _without_figures(history: History) -> Iterable[Ruling]:
    """Without a protocol there is nothing to compare with, and nothing is taken for granted."""
    for slot in SLOTS:
        doses = history.doses(slot)
        if doses:
            yield Ruling(
                slot,
                "cannot-judge",
                f"{slot.upper()}: no published protocol was pinned when this session was opened.",
                tuple(dose.fact.position for dose in doses),
                causes=("no-protocol",),
            )
        else:
            yield Ruling(slot, "not-applicable", f"{slot.upper()} was not dosed.")
