"""The gates before a session is opened: what closes each, who may open it all the same, and what that leaves."""

from __future__ import annotations

import pytest

from tests.ledger.clinic import RN1, SESSION
from tests.projections.rules.day import Day
from tests.projections.rules.gate_words import (
    OVERRIDING,
    Case,
    Door,
    asked,
    before_the_opening,
    evidence_of,
    finding_of,
    goes_ahead,
    of,
    opening,
    overridden,
)
from tests.projections.rules.standing import checked_in, evaluated, is_ready, screened
from tests.projections.rules.stock_words import dea_registered

DOOR = Door(opening, partner=False, at="09:00", who=(RN1, "authorised", "nurse"), permits="opening")
DIRECTOR = "medical-director"
EVALUATION, SCREEN, CHECK = (
    "evaluation-completed/1",
    "private-safety-screen-completed/1",
    "emergency-readiness-checked/1",
)


def on_the_list(kind: str) -> Day:
    """The last evaluation of A leaves something on the list unresolved."""
    return evaluated(before_the_opening(), "a", "6 10:00", contraindications=[_item(kind)])


def _item(kind: str) -> dict[str, object]:
    return {"kind": kind, "resolved": False}


CASES = (
    Case("no evaluation", "ELIG-01", lambda: before_the_opening("evaluation-a")),
    Case(
        "not eligible",
        "ELIG-01",
        lambda: evaluated(before_the_opening(), "a", "6 10:00", outcome="deferred"),
        evidence=(EVALUATION,),
    ),
    Case("no registration", "ELIG-02", lambda: before_the_opening("dea"), evidence=(EVALUATION,)),
    Case("no licence", "ELIG-02", lambda: before_the_opening("licence"), slot="b", evidence=(EVALUATION,)),
    Case("an absolute item", "ELIG-05", lambda: on_the_list("psychosis-or-mania"), evidence=(EVALUATION,)),
    Case("a relative item", "ELIG-05", lambda: on_the_list("relative"), evidence=(EVALUATION,), by=DIRECTOR),
    Case("no screen", "ELIG-08", lambda: before_the_opening("screen-b"), slot="b", by=DIRECTOR),
    Case(
        "not alone",
        "ELIG-08",
        lambda: screened(before_the_opening(), "a", "6 10:30", alone=False),
        evidence=(SCREEN,),
        by=DIRECTOR,
    ),
    Case(
        "registered until yesterday",
        "CS-07",
        lambda: dea_registered(before_the_opening(), "2024-06-01", "2026-05-15"),
        slot="",
        evidence=("location-registration-changed/1",),
        by=DIRECTOR,
    ),
    Case("not looked at", "PRE-07", lambda: before_the_opening("readiness"), slot="", by=DIRECTOR),
    Case(
        "looked at the day before last",
        "PRE-07",
        lambda: is_ready(before_the_opening("readiness"), "14 08:30"),
        slot="",
        evidence=(CHECK,),
        by=DIRECTOR,
    ),
)

each_case = pytest.mark.parametrize("case", CASES, ids=str)
MAY = [case for case in CASES if case.by is not None]


def test_with_everything_in_order_nothing_objects() -> None:
    assert asked(DOOR, before_the_opening()) == []


@each_case
def test_it_closes_and_names_rule_version_evidence_and_who_may_override(case: Case) -> None:
    day = case.day()

    (found,) = of(case, DOOR, day)

    assert (found.rule, found.version, found.override) == (case.rule, "1", case.by)
    assert evidence_of(found, day) == case.evidence


@each_case
def test_nothing_else_closes_for_that_reason(case: Case) -> None:
    assert {each.rule for each in asked(DOOR, case.day())} <= {case.rule, "ELIG-05"}, "no evaluation, no checklist"


@pytest.mark.parametrize("case", MAY, ids=str)
def test_an_override_by_the_role_it_names_opens_it_and_the_finding_is_declared(case: Case) -> None:
    day = overridden(case.day(), case, DOOR, DIRECTOR, "08:55")
    override = day.placed[-1].position
    assert of(case, DOOR, day) == []

    day = goes_ahead(day, case, DOOR).gives("a", "10:00").gives("b", "10:02")

    assert finding_of(day, case).declared_by == override


@each_case
def test_an_override_in_another_role_opens_nothing(case: Case) -> None:
    for role in OVERRIDING:
        if role != case.by:
            assert len(of(case, DOOR, overridden(case.day(), case, DOOR, role, "08:55"))) == 1


@pytest.mark.parametrize("case", [case for case in MAY if case.slot], ids=str)
def test_nor_one_that_permits_something_else_or_is_for_the_other_partner(case: Case) -> None:
    other = Case(case.name, case.rule, case.day, slot="b" if case.slot == "a" else "a")

    assert len(of(case, DOOR, overridden(case.day(), case, DOOR, DIRECTOR, "08:55", permits="dose"))) == 1
    assert len(of(case, DOOR, overridden(case.day(), other, DOOR, DIRECTOR, "08:55"))) == 1


def test_a_partner_who_comes_to_accompany_needs_no_evaluation_and_yet_a_screen() -> None:
    day = before_the_opening("evaluation-b", "screen-b")
    sober = opening(day).model_copy(update={"role_b": "sober-support"})

    assert [(o.rule, o.slot) for o in day.objections(sober, SESSION, "09:00")] == [("ELIG-08", "b")]


def test_the_opening_that_is_asked_about_counts_and_not_one_that_was_recorded_before() -> None:
    case = next(each for each in CASES if each.name == "not looked at")
    day = goes_ahead(before_the_opening(), case, DOOR)

    said = day.objections(opening(day), SESSION, "17 09:00", who=(DOOR.who,))

    assert "PRE-07" in [each.rule for each in said], "it was looked at the day before, and that was more than a day ago"


def test_what_is_found_out_between_the_opening_and_the_dose_ends_as_a_finding() -> None:
    case = next(each for each in CASES if each.name == "an absolute item")
    day = before_the_opening()
    assert asked(DOOR, day) == []
    day = goes_ahead(day, case, DOOR)
    checked_in(day, "a", "09:30", contraindications=[_item("psychosis-or-mania")]).gives("a", "10:00")

    assert finding_of(day, case).declared_by is None
