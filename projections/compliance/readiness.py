"""
What stands between a couple and their session: the gates that are closed before each act ahead, and what opens them.

The gates are asked with a draft of the act (`projections.compliance.acts_ahead`), by the very functions that the desk
asks when somebody signs; nothing of a rule is said here a second time. So a gate that is open here does not refuse
that draft at the same position and instant, and one that is closed does.
Costs five views of the ledger for a session, and some twenty more for the clock (`projections.compliance.by_itself`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ledger.errors import Refused
from ledger.events.lifecycle import SessionCancelled, SessionClosed, SessionRescheduled, SessionScheduled
from projections.compliance.acts_ahead import Act, Plan, ahead_of, plan_of, unplanned
from projections.compliance.by_itself import Outlook
from projections.compliance.finding import Whose
from projections.compliance.gate_ahead import GateAhead, gate_ahead
from projections.compliance.history import History
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.objecting import rules_before, said_before
from projections.compliance.rule import AnyRule
from projections.compliance.rules import RULES
from projections.compliance.unsigned import Unsigned, unsigned


@dataclass(frozen=True, slots=True)
class ActAhead:
    """One authorisation with every gate before it, the closed ones first; none where nothing is asked."""

    act: Act
    gates: tuple[GateAhead, ...]

    @property
    def closed(self) -> tuple[GateAhead, ...]:
        """Those that would refuse it."""
        return tuple(each for each in self.gates if each.state != "open")


@dataclass(frozen=True, slots=True)
class Readiness:
    """All of it, as known at `position` entries and as of an instant; `session` is empty for a couple not planned."""

    position: int
    session: str
    couple: str | None
    status: Literal["unplanned", "scheduled", "cancelled", "open", "closed", "expired"]
    plan: Plan | None
    acts: tuple[ActAhead, ...]
    unsigned: tuple[Unsigned, ...]

    def of(self, name: str) -> tuple[GateAhead, ...]:
        """The closed gates before acts of this name."""
        return tuple(gate for each in self.acts if each.act.name == name for gate in each.closed)


def readiness(ledger: LedgerAt, session: str, *, clock: bool = True, rules: Sequence[AnyRule] = RULES) -> Readiness:
    """
    What stands before the acts ahead of a session; `clock` also says when a gate changes by itself.

    Raises:
        Refused: `not-found`, for a session that nobody knew of then.
    """
    if not session.startswith("session/") or not ledger.on(session):
        raise Refused("not-found", "There is no such session here as of then.", field="session")
    size, ledger = ledger.size, _before_it_opened(ledger, session)
    history = ledger.session(session)
    status = _status(history)
    acts = ahead_of(history) if status in ("scheduled", "open") else []
    outlook = (
        Outlook(ledger, lambda later: ahead_of(later.session(session)), plan_of(history), rules) if clock else None
    )
    told = tuple(_act(ledger, history, act, outlook, rules) for act in acts)
    return Readiness(size, session, history.couple, status, plan_of(history), told, unsigned(history))


def couple_readiness(ledger: LedgerAt, couple: str, *, rules: Sequence[AnyRule] = RULES) -> Readiness:
    """
    The same of a couple that is not planned: what each partner lacks to be planned, opened and dosed now.

    What is about staff and place alone is left out: nobody has planned those yet.

    Raises:
        Refused: `not-found`, for a couple that nobody knew of then.
    """
    found = unplanned(ledger, couple)
    if found is None:
        raise Refused("not-found", "There is no such couple here as of then.", field="couple")
    history, acts = found
    told = [_act(ledger, history, act, None, rules) for act in acts]
    own = tuple(ActAhead(each.act, tuple(gate for gate in each.gates if gate.slot)) for each in told)
    return Readiness(ledger.size, "", couple, "unplanned", None, own, unsigned(history))


def _before_it_opened(ledger: LedgerAt, session: str) -> LedgerAt:
    """Of a session that is known to have opened later, what was known before: an opening is asked about once."""
    opening = ledger.session(session).opening
    if opening is None or ledger.has_happened(opening):
        return ledger
    return LedgerAt(ledger.known, size=opening.position, as_of=ledger.as_of, seen=ledger.seen)


# -- one act ------------------------------------------------------------------------------------------


def _act(ledger: LedgerAt, history: History, act: Act, outlook: Outlook | None, rules: Sequence[AnyRule]) -> ActAhead:
    if act.draft is None:
        return ActAhead(act, ())
    view = LedgerAt(
        ledger.known, size=ledger.size, as_of=ledger.as_of, beside=act.beside, proposed=act.draft, seen=ledger.seen
    )
    figures = view.session(act.draft.session).figures
    gates = [
        gate_ahead(rule, said, history, act, figures, None if outlook is None else outlook.change(act, rule, said))
        for rule in rules_before(act.draft.event, rules)
        for said in said_before(rule, view, act.draft)
    ]
    return ActAhead(act, tuple(sorted(gates, key=lambda gate: (gate.state == "open", _SLOT_ORDER[gate.slot]))))


_SLOT_ORDER: dict[Whose, int] = {"": 0, "a": 1, "b": 2}


# -- what is around it --------------------------------------------------------------------------------


def _status(history: History) -> Literal["scheduled", "cancelled", "open", "closed", "expired"]:
    if history.session in history.ledger.known.last_judged.expired:
        return "expired"
    if history.joint(SessionClosed):
        return "closed"
    if history.opening is not None and history.ledger.has_happened(history.opening):
        return "open"
    planned = history.joint(SessionScheduled, SessionRescheduled, SessionCancelled)
    return "cancelled" if planned and isinstance(planned[-1].event, SessionCancelled) else "scheduled"
