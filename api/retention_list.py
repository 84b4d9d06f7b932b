"""What can end by its retention and what cannot yet: each record with what stands against it, and how long still."""

from __future__ import annotations

from typing import Any

from ledger.erasure import KeptUntil
from ledger.retention import Due, RetentionPlan


def as_json(plan: RetentionPlan) -> dict[str, Any]:
    """
    The list for programs, as of the plan's day (UTC).

    `days_left` is how long the last period that runs still runs, 0 for none; `until` is the day on which it is over.
    A hold, an open session, an unanswered request, or another record that is still kept has no day of its own.
    """
    return {
        "on": plan.on.isoformat(),
        "envelopes": {"count": plan.envelopes.count, "root": plan.envelopes.root},
        "records": [_record(each, plan) for each in plan.due],
    }


def _record(due: Due, plan: RetentionPlan) -> dict[str, Any]:
    until = max((each.until for each in due.objections if isinstance(each, KeptUntil)), default=None)
    return {
        "record": due.record,
        "envelopes": len(due.positions),
        "ends": not due.objections,
        "until": None if until is None else until.isoformat(),
        "days_left": 0 if until is None else (until - plan.on).days,
        "held": any(each.rule == "REC-12" for each in due.objections),
        "objections": [
            {"rule": each.rule, "message": each.message, "evidence": list(each.evidence)} for each in due.objections
        ],
    }
