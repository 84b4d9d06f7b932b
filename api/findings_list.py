"""What became of the findings, in a form for programs: the same for the service and the command line."""

from __future__ import annotations

from typing import Any

from projections.findings.act import Act
from projections.findings.became import Became
from projections.findings.place import Places
from projections.findings.register import Registered


def became_said(each: Registered, places: Places) -> dict[str, Any]:
    """
    The state of a finding and all that led to it; `state` is null for a verdict that never was a finding.

    `by_itself` says that what is known did it and nobody; ages are whole days of the local calendar. `did` had a
    part in it, and so neither dispose of it nor close it.
    """
    became = each.became
    return {
        "state": None if became is None else became.state,
        "state_since": None if became is None else became.since,
        "by_itself": became is not None and became.by_itself,
        "opened_at": each.opened_at,
        "age_days": each.age_days,
        "outcome": None if became is None or became.disposition is None else became.disposition.outcome,
        "acts": [] if became is None else [_act(act, places) for act in became.acts],
        "turns": [] if became is None else _turns(became),
        "did": [{"id": name, "code": places.code(name)} for name in each.did],
        "place": {"id": each.place.location, "code": each.place.code, "room": each.place.room},
    }


def _act(act: Act, places: Places) -> dict[str, Any]:
    return {
        "kind": act.kind,
        "at": act.at,
        "by": [{"id": name, "code": places.code(name)} for name in act.by],
        "role": act.role,
        "position": act.position,
        "dig": act.dig,
        "event_id": act.event_id,
        "outcome": act.outcome,
        "reason": act.reason,
        "action": act.action,
        "due": act.due,
    }


def _turns(became: Became) -> list[dict[str, Any]]:
    return [{"kind": turn.kind, "at": turn.at, "position": turn.position} for turn in became.turns]
