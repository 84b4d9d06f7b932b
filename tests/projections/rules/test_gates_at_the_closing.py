"""The gates before a closing and the other authorisations: what closes each, who may override, and what that leaves."""

from __future__ import annotations

import pytest

from ledger.errors import Objection
from ledger.events.base import Event
from tests.ledger.chart import countersignature
from tests.ledger.clinic import ANA, MD1, PLACE, RN1, SESSION, SLOT_A, make, uuid
from tests.projections.rules.afterwards_words import begun
from tests.projections.rules.day import Day, instant
from tests.projections.rules.gate_words import (
    OVERRIDING,
    Case,
    Door,
    before_the_opening,
    evidence_of,
    finding_of,
    goes_ahead,
    of,
    opening,
    overridden,
)
from tests.projections.rules.standing import FORM, SCOPE, TEXT, VIAL, consented, received
from tests.projections.rules.stock_words import dea_registered, drawn
from tests.projections.rules.test_rel_10 import closing, until_evening

DIRECTOR = "medical-director"
ELSEWHERE = f"location/{uuid(23)}"
CLOSING = Door(
    lambda _: closing(follow_up_booked_a=True),
    partner=False,
    at="14:00",
    who=(RN1, "reviewed", "nurse"),
    permits="closing",
)
UNBOOKED = Door(
    lambda _: closing(follow_up_booked_a=False), partner=False, at="14:00", who=CLOSING.who, permits="closing"
)
NOBODY = Door(
    lambda day: opening(day).model_copy(update={"prescriber": None}),
    partner=False,
    at="09:00",
    who=(RN1, "authorised", "nurse"),
    permits="opening",
)
NEAR = {"choices": {}, "supervision": {"prescriber": "on-site"}}
CALLED = Door(
    lambda day: opening(day).model_copy(update={"presence": "reachable"}),
    partner=False,
    at="09:00",
    who=NOBODY.who,
    permits="opening",
)


def went_badly() -> Day:
    return begun().goes_badly("a", "10:41").leaves("a", "13:00").leaves("b", "13:05")


def left_over() -> Day:
    """35 mg were drawn up for A, and 30 given."""
    day = drawn(received(Day().opens()), "a", "10:00", "L-A", "35")
    return day.gives("a", "10:02", "30", container=VIAL, label="L-A").leaves("a", "13:00").leaves("b", "13:05")


CASES = (
    (Case("still here", "REL-10", until_evening, slot="b"), CLOSING),
    (
        Case(
            "not booked", "REL-10", lambda: until_evening().leaves("b", "13:06"), evidence=("participant-departed/1",)
        ),
        UNBOOKED,
    ),
    (Case("neither outcome nor plan", "AE-04", went_badly, evidence=("adverse-event-recorded/1",)), CLOSING),
    (Case("left over", "CS-02", left_over, evidence=("dose-prepared/1", "dose-administered/1")), CLOSING),
    (Case("no prescriber", "SUP-04", before_the_opening, slot="", evidence=("protocol-published/1",)), NOBODY),
    (
        Case("none on site", "SUP-04", lambda: before_the_opening(**NEAR), slot="", evidence=("protocol-published/2",)),
        CALLED,
    ),
)

each_case = pytest.mark.parametrize(("case", "door"), CASES, ids=[str(case) for case, _ in CASES])


@each_case
def test_it_closes_and_names_rule_version_evidence_and_who_may_override(case: Case, door: Door) -> None:
    day = case.day()

    (found,) = of(case, door, day)

    assert (found.rule, found.version, found.override) == (case.rule, "1", DIRECTOR)
    assert evidence_of(found, day) == case.evidence


@each_case
def test_an_override_by_the_medical_director_opens_it_and_the_finding_is_declared(case: Case, door: Door) -> None:
    before = "13:59" if door.permits == "closing" else "08:59"
    day = overridden(case.day(), case, door, DIRECTOR, before)
    override = day.placed[-1].position
    assert of(case, door, day) == []

    day = day.put(door.event(day), SESSION, door.at, who=(door.who,))
    day = day if door.permits == "closing" else day.gives("a", "10:00")

    assert finding_of(day, case).declared_by == override


@each_case
def test_an_override_in_another_role_or_for_something_else_or_afterwards_opens_nothing(case: Case, door: Door) -> None:
    for role in OVERRIDING:
        if role != DIRECTOR:
            assert len(of(case, door, overridden(case.day(), case, door, role, "08:59"))) == 1
    assert len(of(case, door, overridden(case.day(), case, door, DIRECTOR, "14:01"))) == 1
    other = Case(case.name, "REL-14", case.day, slot=case.slot)
    assert len(of(case, door, overridden(case.day(), other, door, DIRECTOR, "08:59"))) == 1


def test_what_is_done_after_the_closing_was_asked_about_ends_as_a_finding() -> None:
    case = Case("went badly meanwhile", "AE-04", begun)
    day = begun().leaves("a", "13:00").leaves("b", "13:05")
    assert of(case, CLOSING, day) == []

    goes_ahead(day, Case("", "", begun, slot=""), CLOSING)
    day.goes_badly("a", "10:41", recorded="14:10")

    assert finding_of(day, case).declared_by is None


# -- what nobody may override


def widening(day: Day) -> list[Objection]:
    """A agrees to more at 11:00."""
    event = make(
        "consent-signed/1",
        form=FORM,
        text=TEXT,
        version="v3",
        capacity=True,
        scope=SCOPE | {"touch": ["hand"]},
        valid_until="2027-05-01",
    )
    said = day.objections(event, ANA, "11:00", who=((ANA, "consented", "participant"),))
    return [each for each in said if each.rule == "ELIG-04"]


def test_a_consent_made_wider_under_the_effect_of_a_dose_is_overridden_by_nobody() -> None:
    case = Case("wider", "ELIG-04", lambda: consented(Day().opens(), "a").gives("a", "10:00"))
    (found,) = widening(case.day())

    assert (found.rule, found.version, found.override) == ("ELIG-04", "1", None)
    assert evidence_of(found, case.day()) == ("dose-administered/1",)
    for role in OVERRIDING:
        for permits in ("dose", "release", "opening", "closing"):
            assert widening(_overridden(case, role, permits)) != []


def _overridden(case: Case, role: str, permits: str) -> Day:
    return overridden(case.day(), case, CLOSING, role, "10:59", permits=permits)


def own_signature(day: Day) -> list[Objection]:
    """RN1 countersigns what was recorded at 10:00."""
    event: Event = countersignature(next(each for each in day.placed if each.event.type == "dose-administered/1"))
    return day.objections(event, SLOT_A, "11:00", who=((RN1, "countersigned", "nurse"),))


def test_a_signature_under_ones_own_entry_is_overridden_by_nobody() -> None:
    case = Case("own entry", "REC-03", lambda: Day().opens().gives("a", "10:00"))
    (found,) = own_signature(case.day())

    assert (found.rule, found.version, found.override) == ("REC-03", "1", None)
    assert evidence_of(found, case.day()) == ("dose-administered/1",)
    for role in OVERRIDING:
        assert own_signature(_overridden(case, role, "closing")) != []
        without_partner = Case("own entry", "REC-03", case.day, slot="")
        assert own_signature(overridden(case.day(), without_partner, CLOSING, role, "10:59", staff=MD1)) != []


def transfer(day: Day) -> list[Objection]:
    """A vial is to go from this place to one that nobody registered."""
    event = make(
        "custody-transferred/1",
        amount={"unit": "mg", "value": "500"},
        arrived_at=None,
        carrier=None,
        departed_at=instant("15:00"),
        from_dea=None,
        from_location=PLACE,
        seals=[],
        to_dea=None,
        to_location=ELSEWHERE,
        units=None,
        volume=None,
    )
    said = day.objections(event, VIAL, "15:00", who=((RN1, "relinquished", "custodian"),))
    return [each for each in said if each.rule == "CS-07"]


def test_medication_does_not_go_to_a_place_that_is_not_registered_and_nobody_overrides_it() -> None:
    case = Case("a transfer", "CS-07", lambda: received(Day().opens()), slot="")
    until_yesterday = dea_registered(case.day(), "2024-06-01", "2026-05-15", place=ELSEWHERE)
    (found,) = transfer(until_yesterday)

    assert (found.rule, found.version, found.override) == ("CS-07", "1", None)
    assert evidence_of(found, until_yesterday)[0].startswith("location-")
    for role in OVERRIDING:
        assert transfer(overridden(case.day(), case, CLOSING, role, "14:59")) != []
