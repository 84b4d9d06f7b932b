"""Question 27: waste that no second person saw, or that was written down late, and how much of it each one wastes."""

from __future__ import annotations

from tests.ledger.clinic import MD1, PT1, RN1, SESSION
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day
from tests.projections.rules.standing import VIAL, credential, received
from tests.projections.rules.stock_words import PERFORMED, wasted

TWICE = (PERFORMED, (RN1, "witnessed", "nurse"))


def vial() -> Day:
    day = received(Day().opens())
    credential(credential(day, MD1, "licence", profession="md"), RN1, "licence", profession="rn")
    return day.gives("b", "10:00", "40", container=VIAL)


def problems(day: Day) -> list[tuple[object, ...]]:
    return [each[1:] for each in told(asked(day, "27"), "of", "problem", "mg", "signed") if each[0] == "waste"]


def test_a_waste_in_order_is_not_listed() -> None:
    answer = asked(wasted(vial(), "10:12", "5"), "27")

    assert (counted(answer, "count"), counted(answer, "wastes")) == (0, 1)


def test_without_a_witness_by_oneself_or_entered_late() -> None:
    day = wasted(vial(), "10:12", "5", who=(PERFORMED,))
    wasted(day, "10:20", "6", who=TWICE)
    wasted(day, "10:30", "7", recorded="11:01")
    wasted(day, "10:40", "8", recorded="11:10")
    wasted(day, "10:50", "9", session=None, who=(PERFORMED,))

    assert problems(day) == [
        ("no-witness", "5", None),
        ("same-person", "6", None),
        ("entered-late", "7", "10:30"),
        ("no-witness", "9", None),
    ]
    assert counted(asked(day, "27"), "count") == 4


def test_a_witness_who_signs_late_is_one_and_cs_02_tells_of_it() -> None:
    day = wasted(vial(), "10:12", "5", who=(PERFORMED,)).signs("11:30", gives="witnessed")

    assert problems(day) == []


def test_the_share_of_each_who_gave_or_wasted() -> None:
    day = wasted(vial(), "10:12", "10")
    day.gives("a", "10:15", "30", container=VIAL, who=((MD1, "performed", "prescriber"),))
    wasted(day, "10:30", "30", who=((MD1, "performed", "prescriber"), (RN1, "witnessed", "nurse")))
    day.gives("a", "10:45", "100", container=VIAL, who=((PT1, "performed", "therapist"),))

    rows = [
        each[1:] for each in told(asked(day, "27"), "of", "staff", "given", "mg", "percent", "z") if each[0] == "staff"
    ]
    assert rows == [
        (MD1, "30", "30", "50.0", "1.30"),
        (RN1, "40", "10", "20.0", "-0.16"),
        (PT1, "100", "0", "0.0", "-1.14"),
    ]


def test_two_people_are_not_compared() -> None:
    day = wasted(vial(), "10:12", "5", who=((MD1, "performed", "prescriber"), (RN1, "witnessed", "nurse")))

    assert {each[0] for each in told(asked(day, "27"), "z")} == {None}


def test_a_waste_is_told_with_its_session_and_what_it_rests_on() -> None:
    day = wasted(vial(), "10:12", "5", who=(PERFORMED,))
    (found, *_) = asked(day, "27").rows

    assert found.values["session"] == SESSION
    assert [day.placed[position].payload.type for position in found.evidence] == ["wastage-recorded/2"]
