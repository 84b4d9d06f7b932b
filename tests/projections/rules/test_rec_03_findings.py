"""REC-03 of findings: who signed what a finding rests on neither disposes of it nor closes it."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.events.base import Event
from tests.ledger.chart import reference
from tests.ledger.clinic import MD1, PT1, RN1, make, uuid
from tests.projections.rules.day import Day

STREAM = f"governance/{uuid(77)}"


def released_early() -> Day:
    return Day().opens().gives("a", "10:00").releases("a", "10:30")


def said(day: Day, kind: str = "finding-dispositioned/2", evidence: list[int] | None = None, **changes: Any) -> Event:
    (found,) = day.findings("REL-01", slot="a")
    fields: dict[str, Any] = {
        "evidence": [reference(day.placed[each]) for each in (found.evidence if evidence is None else evidence)],
        "finding": found.identity,
        "rule": "REL-01",
        "rule_version": "1",
    }
    if kind == "finding-closed/1":
        fields |= {"disposition": None}
    else:
        fields |= {"action": None, "due": None, "outcome": "corrected", "reason": None}
    return make(kind, **(fields | changes))


def verdicts(day: Day) -> list[str]:
    return [each.verdict for each in day.findings("REC-03") if each.about]


@pytest.mark.parametrize(("by", "verdict"), [(RN1, "breached"), (PT1, "met")])
def test_afterwards_it_is_judged_by_the_entries_it_names(by: str, verdict: str) -> None:
    day = released_early()
    day.put(said(day), STREAM, "12:00", who=[(by, "reviewed", "compliance-officer")])

    assert verdicts(day) == [verdict]


def test_one_of_the_first_kind_is_judged_as_well() -> None:
    day = released_early()
    fields = {"credential": None, "rule_version": None, "session": None, "slot": None, "reason": None}
    event = make(
        "finding-dispositioned/1",
        **fields,
        evidence=[],
        outcome="accepted-deviation",
        rule="SUP-02",
        staff=RN1,
    )
    day.put(event, STREAM, "12:00", who=[(RN1, "reviewed", "compliance-officer")])

    assert verdicts(day) == ["breached"], "it is on their account"


def test_where_nothing_was_disposed_of_there_is_nothing_to_say() -> None:
    assert verdicts(released_early()) == []


@pytest.mark.parametrize("kind", ["finding-dispositioned/2", "finding-closed/1"])
@pytest.mark.parametrize(("by", "objects"), [(RN1, True), (PT1, False), (MD1, False)])
def test_the_gate_stops_whoever_signed_what_was_found(kind: str, by: str, objects: bool) -> None:
    day = released_early()

    found = day.objections(said(day, kind), STREAM, "12:00", who=[(by, "reviewed", "compliance-officer")])

    assert [each.rule for each in found] == (["REC-03"] if objects else [])
    assert all(each.override is None for each in found), "nobody may override it"


def test_it_does_not_help_to_leave_out_what_one_signed() -> None:
    day = released_early()
    event = said(day, evidence=[])

    found = day.objections(event, STREAM, "12:00", who=[(RN1, "reviewed", "compliance-officer")])

    assert [each.rule for each in found] == ["REC-03"]
