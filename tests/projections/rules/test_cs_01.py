"""CS-01: of every container what was counted is what should be there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.ledger.clinic import OWN_A, PLACE, uuid
from tests.projections.rules.day import Day, local
from tests.projections.rules.standing import VIAL, handed_in, received
from tests.projections.rules.stock_words import counted, found, mass, no_longer_kept, opened, own_counted, wasted

OTHER = f"stock/{uuid(78)}"


def vial(*, protocol: bool = True, **figures: Any) -> Day:
    """A vial of 500 mg, 50 mg in each mL, opened; 40 and 30 mg of it were given, 5 wasted."""
    day = opened(received(Day().opens(protocol=protocol, **figures)))
    day.gives("b", "10:00", "40", container=VIAL).gives("a", "10:02", "30", container=VIAL)
    return wasted(day, "10:12", "5")


def own(count: str, **figures: Any) -> Day:
    day = handed_in(Day().opens(**figures)).gives("a", "10:00", "150")
    return own_counted(day, "17:00", count)


def twice(second: str) -> Day:
    return counted(counted(vial(), "17:00", "419.5"), "19 09:00", second)


def two(second: dict[str, Any] | None) -> Day:
    """Two vials at the place; the count names the first, and the other as is said."""
    day = received(vial(), "2 11:00", OTHER, code="V-2", amount=mass("250"), volume="5")
    return counted(day, "17:00", "425", *([] if second is None else [second]))


STORIES: list[tuple[str, Callable[[], Day], str, list[tuple[str, ...]]]] = [
    ("counted to the mg", lambda: counted(vial(), "17:00", "425"), VIAL, [("met",)]),
    ("5 mg short is the tolerance", lambda: counted(vial(), "17:00", "420"), VIAL, [("met",)]),
    ("5.5 mg short is beyond it", lambda: counted(vial(), "17:00", "419.5"), VIAL, [("breached", "missing")]),
    ("5 mg too many", lambda: counted(vial(), "17:00", "430"), VIAL, [("met",)]),
    ("5.001 mg too many", lambda: counted(vial(), "17:00", "430.001"), VIAL, [("breached", "too-many")]),
    ("a vial nobody opened has none", lambda: counted(received(Day().opens()), "17:00", "499.9"), VIAL,
     [("breached", "missing")]),
    ("another figure of the protocol", lambda: counted(vial(substance={"tolerance_ml_per_vial": "0.2"}), "17:00",
     "415"), VIAL, [("met",)]),
    ("found twice, one finding", lambda: twice("419.5"), VIAL, [("breached", "missing")]),
    ("found once, then there", lambda: twice("425"), VIAL, [("breached", "missing")]),
    ("never counted", vial, VIAL, [("not-applicable",)]),
    ("own, as it should be", lambda: own("8.5"), OWN_A, [("met",)]),
    ("own, a quarter short", lambda: own("8.25"), OWN_A, [("breached", "missing")]),
    ("own, within a figure of the protocol", lambda: own("8.25", substance={"tolerance_own_units": "0.25"}), OWN_A,
     [("met",)]),
    ("no protocol was in effect", lambda: counted(vial(protocol=False), "17:00", "425"), VIAL,
     [("cannot-judge", "no-protocol")]),
    ("its record is no longer kept", lambda: no_longer_kept(counted(vial(), "17:00", "425")), VIAL,
     [("cannot-judge", "expired")]),
    ("both vials counted", lambda: two(found(OTHER, "250")), PLACE, []),
    ("one vial left out", lambda: two(None), PLACE, [("breached", "left-out")]),
    ("a spot check names what it likes", lambda: counted(received(vial(), "2 11:00", OTHER), "17:00", "425",
     kind="spot"), PLACE, []),
    ("one left out, but the other is beyond its tolerance", lambda: counted(received(vial(), "2 11:00", OTHER),
     "17:00", "400"), PLACE, []),
    ("the first part alone is no whole count", lambda: counted(received(vial(), "2 11:00", OTHER), "17:00", "425",
     parts=2), PLACE, []),
]  # fmt: skip
MOMENTS = ("20 18:00",)


def said(day: Day, about: str, **asked: Any) -> list[tuple[str, ...]]:
    return [
        (each.verdict, *each.causes) for each in day.findings("CS-01", as_of="20 18:00", **asked) if each.about == about
    ]


@pytest.mark.parametrize(("name", "story", "about", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], about: str, expected: list[tuple[str, ...]]) -> None:
    assert said(story(), about) == expected, name


def test_two_per_cent_of_what_was_drawn_is_allowed_when_it_is_more_than_a_tenth_of_a_millilitre() -> None:
    def given() -> Day:
        return vial().gives("a", "11:00", "225", container=VIAL)  # 300 mg drawn: 6 mg are allowed

    assert said(counted(given(), "17:00", "194"), VIAL) == [("met",)]
    assert said(counted(given(), "17:00", "193.999"), VIAL) == [("breached", "missing")]


@pytest.mark.parametrize(("mg", "verdict"), [("195", "met"), ("194.999", "breached")])
def test_what_was_drawn_before_the_count_before_allows_nothing_now(mg: str, verdict: str) -> None:
    day = counted(vial().gives("a", "11:00", "225", container=VIAL), "17:00", "200")

    assert [each[0] for each in said(counted(day, "19 09:00", mg), VIAL)] == [verdict]


def test_the_finding_tells_the_numbers_and_leads_to_everything_they_were_worked_out_from() -> None:
    day = twice("419.5")
    (one,) = [each for each in day.findings("CS-01", as_of="20 18:00") if each.about == VIAL]

    assert one.sentence == (
        "V-1, Sat 16 May 17:00: 419.5 mg counted, 425 mg expected, 5.5 mg missing; at most 5 mg apart are allowed."
    )
    kinds = [day.placed[position].payload.type.partition("/")[0] for position in one.evidence]
    assert kinds == ["stock-received", "dose-administered", "dose-administered", "wastage-recorded",
                     "inventory-counted", "inventory-counted"]  # fmt: skip
    assert (one.subject, one.session, one.slot, local(one.made_at), one.protocol) == (VIAL, "", "", "17:00", 1)


def test_a_place_is_told_which_containers_its_count_left_out() -> None:
    (one,) = [each for each in two(None).findings("CS-01") if each.about == PLACE]

    assert one.sentence == "The count of Sat 16 May 17:00 names nothing of V-2 (250 mg), which should be there."


def test_a_waste_recorded_afterwards_explains_it_now_and_not_then() -> None:
    day = counted(vial(), "17:00", "415")
    then = len(day.placed)
    wasted(day, "10:20", "10", recorded="18 09:00")

    assert said(day, VIAL) == [("met",)]
    assert said(day, VIAL, known_at=then) == [("breached", "missing")]


def test_a_correction_of_the_dose_counts_once_a_second_person_has_signed_it() -> None:
    day = received(Day().opens())
    opened(day).gives("a", "10:00", "30", container=VIAL)
    at = len(day.placed) - 1
    counted(day, "17:00", "460").corrects(
        "18:00", ("mass", {"unit": "mg", "value": "30"}, {"unit": "mg", "value": "40"}), of=at
    )

    assert said(day, VIAL) == [("breached", "missing")]
    day.signs("18:10")
    assert said(day, VIAL) == [("met",)]


def test_a_dose_corrected_to_another_container_is_of_that_one() -> None:
    day = received(handed_in(Day().opens())).gives("a", "10:00", "100", container=VIAL)
    at = len(day.placed) - 1
    counted(day, "17:00", "500").corrects("18:00", ("container", VIAL, OWN_A), of=at)

    assert said(own_counted(day, "18:30", "9"), OWN_A) == [("met",)]
    assert said(day, VIAL) == [("met",)]


def test_a_void_of_the_count_leaves_nothing_to_judge_once_it_is_signed() -> None:
    day = counted(vial(), "17:00", "419.5").voids("18:00").signs("18:05")

    assert said(day, VIAL) == [("not-applicable",)]
