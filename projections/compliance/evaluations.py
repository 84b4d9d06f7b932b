"""
Evaluations: which one a dose rests on, and the dates that are compared.

Source: the exact rules, section 0, item 3, and ELIG-01.
"""

from __future__ import annotations

from datetime import date, datetime

from ledger.events.eligibility import EvaluationCompleted
from ledger.vocabulary import Slot
from projections.compliance.history import History
from projections.compliance.known import Fact
from projections.compliance.occasions import Occasion


def latest_evaluation(history: History, slot: Slot, before: datetime) -> Fact | None:
    """The last evaluation of one partner that was completed strictly before a moment."""
    found = [fact for fact in history.personal(slot, EvaluationCompleted) if fact.at < before]
    return found[-1] if found else None


def days_between(history: History, first: datetime, second: datetime) -> int:
    """The difference of two local dates at the session's place, in days."""
    return (date.fromisoformat(history.day(second)) - date.fromisoformat(history.day(first))).days


def is_first_ever(history: History, slot: Slot, act: Occasion) -> bool:
    """Whether this ledger knows no earlier dosed session of this partner."""
    return not any(
        doses[0].at < act.at for other, _, doses in history.dosed_sessions(slot) if other.session != history.session
    )
