"""The gates before a dose is authorised: what closes each, who may let it be given, and what that leaves."""

from __future__ import annotations

import pytest

from tests.ledger.clinic import BEN, MD1, uuid
from tests.projections.rules.day import Day
from tests.projections.rules.gate_words import (
    OVERRIDING,
    Case,
    Door,
    asked,
    before_the_dose,
    dose_to_come,
    evidence_of,
    finding_of,
    goes_ahead,
    of,
    overridden,
)
from tests.projections.rules.standing import (
    ASKED,
    checked_in,
    declined,
    evaluated,
    handed_in,
    measured,
    ordered,
    plans_the_way_home,
    withdrawn,
)

DOOR = Door(dose_to_come, partner=True, at="10:00", who=(MD1, "authorised", "prescriber"), permits="dose")
PRESCRIBER = "prescriber"
CHECKED_IN, DOSE = "participant-checked-in/1", "dose-administered/1"
EVALUATION, MEASURED = "evaluation-completed/1", "pre-dose-assessed/1"
LAST_MAY = f"session/{uuid(33)}"


def after_a_dose(at: str) -> Day:
    """A was given 100 mg at this time, and further doses are ordered."""
    day = ordered(before_the_dose("order"), "a", max_redoses=3)
    return day.gives("a", at)


def after_two_doses() -> Day:
    return ordered(before_the_dose("order"), "a", max_redoses=3).gives("a", "08:00").gives("a", "09:00")


def dosed_the_day_before() -> Day:
    """A was dosed 15 h earlier, at the same place."""
    return before_the_dose().plans(LAST_MAY).gives("a", "15 19:00", session=LAST_MAY)


CASES = (
    Case("no evaluation", "ELIG-01", lambda: before_the_dose("evaluation")),
    Case("no registration", "ELIG-02", lambda: before_the_dose("dea"), evidence=(EVALUATION,), by=PRESCRIBER),
    Case("no consent", "ELIG-03", lambda: before_the_dose("consent")),
    Case(
        "consent withdrawn",
        "ELIG-03",
        lambda: withdrawn(before_the_dose(), "a", "09:55"),
        evidence=("consent-withdrawn/1",),
    ),
    Case(
        "an absolute item",
        "ELIG-05",
        lambda: evaluated(before_the_dose("check-in"), "a", "6 10:00", contraindications=[_item("intoxication")]),
        evidence=(EVALUATION,),
    ),
    Case(
        "a relative item",
        "ELIG-05",
        lambda: evaluated(before_the_dose("check-in"), "a", "6 10:00", contraindications=[_item("relative")]),
        evidence=(EVALUATION,),
        by=PRESCRIBER,
    ),
    Case("not asked", "ELIG-06", lambda: before_the_dose("check-in"), by=PRESCRIBER),
    Case("no order", "ORD-01", lambda: before_the_dose("order"), by=PRESCRIBER),
    Case(
        "less was ordered",
        "ORD-02",
        lambda: ordered(before_the_dose("order"), "a", mg="50"),
        evidence=("order-signed/1",),
        by=PRESCRIBER,
    ),
    Case(
        "above the cap",
        "ORD-03",
        lambda: before_the_dose(dose={"max_mg": {"sublingual": "50"}}),
        by=PRESCRIBER,
    ),
    Case("a third dose", "ORD-04", after_two_doses, evidence=(DOSE, DOSE), by=PRESCRIBER),
    Case("too soon after one", "ORD-05", lambda: after_a_dose("09:20"), evidence=(DOSE,), by=PRESCRIBER),
    Case("too soon after a session", "ORD-06", dosed_the_day_before, evidence=(DOSE,), by=PRESCRIBER),
    Case(
        "somebody else's",
        "ORD-07",
        lambda: handed_in(before_the_dose("medication"), owner=BEN),
        evidence=("own-medication-checked-in/1",),
    ),
    Case(
        "out of date",
        "ORD-08",
        lambda: handed_in(before_the_dose("medication"), expires="2026-05-15"),
        evidence=("dose-prepared/1", "own-medication-checked-in/1"),
        by=PRESCRIBER,
    ),
    Case("said no", "ORD-09", lambda: declined(before_the_dose(), "a", "09:56"), evidence=("dose-declined/1",)),
    Case("no values", "PRE-01", lambda: before_the_dose("values"), by=PRESCRIBER),
    Case(
        "a hold",
        "PRE-02",
        lambda: measured(before_the_dose("values"), "a", pressure=(150, 80)),
        evidence=(MEASURED,),
        by=PRESCRIBER,
    ),
    Case(
        "above the hard limit",
        "PRE-02",
        lambda: measured(before_the_dose("values"), "a", pressure=(161, 80)),
        evidence=(MEASURED,),
    ),
    Case(
        "low saturation",
        "PRE-03",
        lambda: measured(before_the_dose("values"), "a", spo2=93),
        evidence=(MEASURED,),
        by=PRESCRIBER,
    ),
    Case(
        "took something",
        "PRE-05",
        lambda: checked_in(before_the_dose(), "a", "09:40", taken_lately=ASKED | {"opioids": True}),
        evidence=(CHECKED_IN,),
        by=PRESCRIBER,
    ),
    Case(
        "no way home",
        "PRE-06",
        lambda: before_the_dose("way-home"),
        evidence=("no-driving-acknowledged/1",),
        by=PRESCRIBER,
    ),
)


def _item(kind: str) -> dict[str, object]:
    return {"kind": kind, "resolved": False}


each_case = pytest.mark.parametrize("case", CASES, ids=str)
MAY = [case for case in CASES if case.by is not None]


def test_with_everything_in_order_nothing_objects() -> None:
    assert asked(DOOR, before_the_dose()) == []


@each_case
def test_it_closes_and_names_rule_version_evidence_and_who_may_override(case: Case) -> None:
    day = case.day()

    found = of(case, DOOR, day)

    assert {(each.rule, each.version, each.override) for each in found} == {(case.rule, "1", case.by)}
    assert evidence_of(found[0], day) == case.evidence


@pytest.mark.parametrize("case", MAY, ids=str)
def test_an_override_by_a_prescriber_opens_it_and_the_finding_is_declared(case: Case) -> None:
    day = overridden(case.day(), case, DOOR, PRESCRIBER, "09:58")
    override = day.placed[-1].position
    assert of(case, DOOR, day) == []

    day = goes_ahead(day, case, DOOR).gives("a", "10:01")

    assert finding_of(day, case).declared_by == override


@each_case
def test_an_override_in_another_role_opens_nothing(case: Case) -> None:
    closed = len(of(case, DOOR, case.day()))
    for role in OVERRIDING:
        if role != case.by:
            assert len(of(case, DOOR, overridden(case.day(), case, DOOR, role, "09:58"))) == closed


@pytest.mark.parametrize("case", MAY, ids=str)
def test_nor_one_that_permits_something_else_or_comes_afterwards(case: Case) -> None:
    closed = len(of(case, DOOR, case.day()))

    for permits in ("opening", "release"):
        assert len(of(case, DOOR, overridden(case.day(), case, DOOR, PRESCRIBER, "09:58", permits=permits))) == closed
    assert len(of(case, DOOR, overridden(case.day(), case, DOOR, PRESCRIBER, "10:01"))) == closed


@pytest.mark.parametrize("case", [case for case in CASES if case.by is None], ids=str)
def test_what_is_given_all_the_same_is_a_finding_that_nobody_declared(case: Case) -> None:
    day = overridden(case.day(), case, DOOR, PRESCRIBER, "09:58").gives("a", "10:01")

    assert finding_of(day, case).declared_by is None


def test_the_directors_word_at_the_opening_is_not_the_prescribers_at_the_dose() -> None:
    case = next(each for each in CASES if each.name == "a relative item")
    day = overridden(case.day(), case, DOOR, "medical-director", "08:55", permits="opening")

    assert [each.override for each in of(case, DOOR, day)] == [PRESCRIBER]


def test_the_partner_is_asked_nothing_for_the_other_ones_dose() -> None:
    assert {each.slot for each in asked(DOOR, before_the_dose("consent", "values", "way-home"))} == {"a"}


def test_a_consent_that_is_withdrawn_between_the_authorisation_and_the_dose_ends_as_a_finding() -> None:
    case = Case("withdrawn meanwhile", "ELIG-03", before_the_dose)
    assert asked(DOOR, case.day()) == []

    day = withdrawn(goes_ahead(case.day(), case, DOOR), "a", "10:01").gives("a", "10:02")

    found = finding_of(day, case)
    assert (found.causes, found.declared_by) == (("withdrawn",), None)
    assert [day.placed[position].event.type for position in found.evidence] == ["consent-withdrawn/1", DOSE]


def test_and_so_does_one_that_was_withdrawn_elsewhere_before_it_and_comes_to_be_known_later() -> None:
    case = Case("known later", "ELIG-03", before_the_dose)
    day = goes_ahead(case.day(), case, DOOR).gives("a", "10:02")
    then = len(day.placed)
    withdrawn(day, "a", "09:59", recorded="10:30")

    assert {f.verdict for f in day.findings("ELIG-03", slot="a", known_at=then)} == {"met"}
    assert finding_of(day, case).causes == ("withdrawn",)


def test_at_a_retreat_the_dose_after_the_night_is_late_enough_at_20_hours() -> None:
    day = before_the_dose().plans(LAST_MAY).gives("a", "15 14:00", session=LAST_MAY)

    assert [each for each in asked(DOOR, day) if each.rule == "ORD-06"] == []


def test_every_closed_gate_is_named_not_only_the_first() -> None:
    day = plans_the_way_home(before_the_dose("consent", "values", "way-home"), "a", "10:00")

    assert [each.rule for each in asked(DOOR, day)] == ["ELIG-03", "PRE-01", "PRE-06"]
