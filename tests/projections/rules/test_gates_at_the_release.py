"""The gates before a release: what closes each, who may let somebody go all the same, and what that leaves."""

from __future__ import annotations

import pytest

from ledger.events.base import Event
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from projections.compliance.objecting import asked_before
from projections.compliance.releases import to_come
from tests.ledger.clinic import MD1, PT1, SESSION, blank, make
from tests.projections.rules.day import Day, instant
from tests.projections.rules.gate_words import (
    OVERRIDING,
    Case,
    Door,
    asked,
    before_the_release,
    evidence_of,
    finding_of,
    goes_ahead,
    going_home,
    of,
    overridden,
)
from tests.projections.rules.leaving import assessed, promised, release
from tests.projections.rules.standing import plans_the_way_home

PRESCRIBER = "prescriber"
WHO = (MD1, "authorised-release", PRESCRIBER)
DOOR = Door(going_home, partner=True, at="13:00", who=WHO, permits="release")
ALONE = Door(lambda _: release(disposition="other"), partner=True, at="13:00", who=WHO, permits="release")
BY_THERAPIST = Door(
    going_home, partner=True, at="13:00", who=(PT1, "authorised-release", "therapist"), permits="release"
)
TOO_EARLY = Door(lambda _: release("17 09:59"), partner=True, at="13:00", who=WHO, permits="release")
DOSE, LOOK = "dose-administered/1", "discharge-assessed/1"
PARTNER = {"name": "Ben", "person": None, "relationship": "partner"}


def rides_alone() -> Day:
    day = before_the_release("way-home", "escort")
    return plans_the_way_home(day, "a", "09:20", mode="solo-rideshare")


CASES = (
    (
        Case(
            "too early",
            "REL-01",
            lambda: before_the_release().gives("a", "11:01"),
            evidence=(DOSE, DOSE),
            by=PRESCRIBER,
        ),
        DOOR,
    ),
    (Case("no values", "REL-02", lambda: before_the_release("assessment"), by=PRESCRIBER), DOOR),
    (
        Case(
            "a low saturation",
            "REL-02",
            lambda: assessed(before_the_release("assessment"), spo2=90),
            evidence=(LOOK,),
            by=PRESCRIBER,
        ),
        DOOR,
    ),
    (
        Case(
            "a low score",
            "REL-03",
            lambda: assessed(before_the_release("assessment"), aldrete=8),
            evidence=(LOOK,),
            by=PRESCRIBER,
        ),
        DOOR,
    ),
    (
        Case(
            "not steady",
            "REL-04",
            lambda: assessed(before_the_release("assessment"), gait_steady=False),
            evidence=(LOOK,),
            by=PRESCRIBER,
        ),
        DOOR,
    ),
    (Case("by a therapist", "REL-05", before_the_release), BY_THERAPIST),
    (Case("no promise", "REL-06", lambda: before_the_release("promise"), by=PRESCRIBER), DOOR),
    (
        Case("no escort", "REL-07", lambda: before_the_release("escort"), evidence=(DOSE,), by=PRESCRIBER),
        DOOR,
    ),
    (
        Case(
            "the dosed partner as escort",
            "REL-07",
            lambda: before_the_release("escort").gives("b", "10:02").verifies("a", "12:50", PARTNER),
            evidence=(DOSE, DOSE, "escort-verified/1"),
        ),
        DOOR,
    ),
    (
        Case("alone in a hired car", "REL-08", rides_alone, evidence=("transport-plan-signed/1",), by=PRESCRIBER),
        ALONE,
    ),
    (Case("to drive too early", "REL-13", before_the_release, evidence=(DOSE,)), TOO_EARLY),
)

each_case = pytest.mark.parametrize(("case", "door"), CASES, ids=[str(case) for case, _ in CASES])
MAY = [(case, door) for case, door in CASES if case.by is not None]
NEVER = [(case, door) for case, door in CASES if case.by is None]


def test_with_everything_in_order_nothing_objects() -> None:
    assert asked(DOOR, before_the_release()) == []


def test_somebody_who_was_not_dosed_goes_as_they_please() -> None:
    assert asked(DOOR, before_the_release("assessment", "promise", "escort", "way-home"), "b") == []


@each_case
def test_it_closes_and_names_rule_version_evidence_and_who_may_override(case: Case, door: Door) -> None:
    day = case.day()

    (found,) = of(case, door, day)

    assert (found.rule, found.version, found.override) == (case.rule, "1", case.by)
    assert evidence_of(found, day) == case.evidence


@pytest.mark.parametrize(("case", "door"), MAY, ids=[str(case) for case, _ in MAY])
def test_an_override_by_a_prescriber_opens_it_and_the_finding_is_declared(case: Case, door: Door) -> None:
    day = overridden(case.day(), case, door, PRESCRIBER, "12:59")
    override = day.placed[-1].position
    assert of(case, door, day) == []

    day = goes_ahead(day, case, door).leaves("a", "13:05", alone=True, mode="solo-rideshare")

    assert finding_of(day, case).declared_by == override


@each_case
def test_an_override_in_another_role_opens_nothing(case: Case, door: Door) -> None:
    for role in OVERRIDING:
        if role != case.by:
            assert len(of(case, door, overridden(case.day(), case, door, role, "12:59"))) == 1


@pytest.mark.parametrize(("case", "door"), NEVER, ids=[str(case) for case, _ in NEVER])
def test_a_release_that_arrives_all_the_same_is_a_finding_that_nobody_declared(case: Case, door: Door) -> None:
    day = goes_ahead(overridden(case.day(), case, door, PRESCRIBER, "12:59"), case, door)
    day.leaves("a", "13:05", PARTNER)

    assert finding_of(day, case).declared_by is None


@pytest.mark.parametrize(("case", "door"), MAY, ids=[str(case) for case, _ in MAY])
def test_nor_one_that_permits_the_dose_or_comes_afterwards(case: Case, door: Door) -> None:
    assert len(of(case, door, overridden(case.day(), case, door, PRESCRIBER, "12:59", permits="dose"))) == 1
    assert len(of(case, door, overridden(case.day(), case, door, PRESCRIBER, "13:01"))) == 1


# -- REL-08 before a release


def objects(day: Day, event: Event | None = None) -> list[str]:
    """The rules that object to a release to somewhere else than home with an escort."""
    asked_for = release(disposition="other") if event is None else event
    return [o.rule for o in day.objections(asked_for, f"{SESSION}/a", "13:00", who=(WHO,)) if o.rule == "REL-08"]


def found_instead(day: Day, at: str, alternative: str | None) -> Day:
    """Something else was found than planned."""
    fields = blank("transport-plan-deviation-recorded/1") | {"alternative": alternative}
    return day.put(make("transport-plan-deviation-recorded/1", **fields), f"{SESSION}/a", at)


def test_what_was_found_instead_of_the_plan_is_what_counts_at_the_door() -> None:
    assert objects(rides_alone()) == ["REL-08"]
    assert objects(found_instead(rides_alone(), "12:30", "accompanied-ride")) == []
    assert objects(found_instead(before_the_release(), "12:30", "solo-rideshare")) == ["REL-08"]
    assert objects(found_instead(rides_alone(), "12:30", None)) == ["REL-08"]
    assert objects(found_instead(rides_alone(), "13:01", "accompanied-ride")) == ["REL-08"]


def test_where_it_is_permitted_or_somebody_stays_or_nothing_was_planned_the_door_is_open() -> None:
    assert objects(rides_alone(), release(disposition="onsite-lodging")) == []
    assert objects(before_the_release("way-home")) == []
    permitted = before_the_release("way-home", release={"solo_rideshare": True})
    assert objects(plans_the_way_home(permitted, "a", "09:20", mode="solo-rideshare")) == []


# -- beforehand


def beforehand(day: Day) -> list[str]:
    """What a page says at 13:00 would speak against it."""
    known, at = day.known(), to_second(instant("13:00"))
    history = LedgerAt(known, size=len(day.placed), as_of=at).session(SESSION)
    return [o.rule for o in asked_before(known, to_come(history, "a", "home-with-escort"), at)]


def test_what_speaks_against_a_release_is_told_beforehand_and_nothing_of_what_it_will_say_itself() -> None:
    assert beforehand(before_the_release()) == []
    assert beforehand(before_the_release("assessment", "promise", "escort")) == [f"REL-0{n}" for n in (2, 3, 4, 6, 7)]
    assert beforehand(before_the_release(release={"released_by": ["medical-director"]})) == []


# -- races


def test_a_dose_that_comes_to_be_known_after_the_release_ends_as_a_finding() -> None:
    case = Case("a dose known later", "REL-01", before_the_release)
    assert asked(DOOR, case.day()) == []

    day = goes_ahead(case.day(), case, DOOR).gives("a", "12:00", recorded="13:30")

    assert finding_of(day, case).declared_by is None


def test_a_promise_before_the_last_dose_is_none() -> None:
    day = promised(before_the_release("promise").gives("a", "10:30"), at="10:20")

    assert [o.rule for o in asked(DOOR, day)] == ["REL-06", "REL-13"]
