"""CS-12: the clinic's stock outside the staffed hours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.ledger.clinic import OWN_A, PLACE
from tests.projections.rules.custody_words import CLINIC, clinic, given_out, returned, sent
from tests.projections.rules.day import Day, later
from tests.projections.rules.standing import VIAL, handed_in, received
from tests.projections.rules.stock_words import counted, opened


def vial(*, protocol: bool = True, **figures: Any) -> Day:
    return received(Day().opens(protocol=protocol, **figures))


def night(start: str, end: str) -> dict[str, Any]:
    return {"substance": {"access_from": start, "access_to": end}}


STORIES: list[tuple[str, Callable[[], Day], str, list[str]]] = [
    ("nobody was at it", vial, VIAL, []),
    ("at seven sharp", lambda: opened(vial(), "07:00"), VIAL, ["met"]),
    ("a minute before seven", lambda: opened(vial(), "06:59"), VIAL, ["breached"]),
    ("at nine in the evening", lambda: opened(vial(), "21:00"), VIAL, ["met"]),
    ("a minute after nine", lambda: opened(vial(), "21:01"), VIAL, ["breached"]),
    ("given out at night", lambda: given_out(vial(), "22:00"), VIAL, ["breached"]),
    ("returned at night", lambda: returned(given_out(vial(), "09:00"), "23:00"), VIAL, ["breached"]),
    ("each act outside is one finding", lambda: returned(given_out(vial(), "06:00"), "23:00"), VIAL,
     ["breached", "breached"]),
    ("a count in the day", lambda: counted(vial(), "17:00", "500"), PLACE, ["met"]),
    ("a count at night", lambda: counted(vial(), "21:30", "500"), PLACE, ["breached"]),
    ("a count that found nothing", lambda: counted(vial(), "21:30"), PLACE, ["breached"]),
    ("own medication is no stock", lambda: given_out(handed_in(Day().opens()), "22:00", OWN_A), OWN_A, []),
    ("hours over midnight, inside", lambda: opened(vial(**night("20:00", "06:00")), "23:00"), VIAL, ["met"]),
    ("hours over midnight, at their end", lambda: opened(vial(**night("20:00", "06:00")), "17 06:00"), VIAL, ["met"]),
    ("hours over midnight, outside", lambda: opened(vial(**night("20:00", "06:00")), "12:00"), VIAL, ["breached"]),
    ("no protocol was in effect", lambda: opened(vial(protocol=False), "22:00"), VIAL, ["cannot-judge"]),
]  # fmt: skip
MOMENTS = ("17 18:00",)


def said(day: Day, about: str = VIAL, **asked: Any) -> list[str]:
    found = day.findings("CS-12", **({"as_of": "17 18:00"} | asked))
    return [each.verdict for each in found if each.about == about]


@pytest.mark.parametrize(("name", "story", "about", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], about: str, expected: list[str]) -> None:
    assert said(story(), about) == expected, name


def test_a_second_after_the_hours_is_outside_them() -> None:
    day = vial()
    event = opened(vial(), "09:00").placed[-1].event
    day.put(event, VIAL, later("21:00", seconds=1), precision="s")

    assert said(day) == ["breached"]


def test_the_clock_is_that_of_the_place_where_the_container_is_kept() -> None:
    day = received(clinic(Day().opens(), "America/Los_Angeles"), location=CLINIC)

    assert said(opened(day, "09:59")) == ["breached"], "06:59 there"
    assert said(opened(received(clinic(Day().opens(), "America/Los_Angeles"), location=CLINIC), "10:00")) == ["met"]


def test_after_it_arrived_it_is_the_clock_of_the_other_place() -> None:
    day = received(clinic(Day().opens(), "America/Los_Angeles"), location=CLINIC)
    sent(day, "2 12:00", "2 20:00")

    assert said(opened(day, "07:00")) == ["met"], "07:00 at the retreat"


def test_a_way_is_judged_by_the_end_at_which_it_was_told() -> None:
    day = received(clinic(Day().opens(), "America/Los_Angeles"), location=CLINIC)

    assert said(sent(day, "14 09:30")) == ["breached"], "left at 06:30 there"
    assert said(sent(day, "14 09:30", "14 20:00")) == ["breached"], "and arrived in the hours"


def test_it_says_when_by_the_local_clock_and_by_which_protocol() -> None:
    day = opened(vial(), "21:01")
    (finding,) = day.findings("CS-12", as_of="17 18:00")

    assert finding.sentence == "The stock was opened Sat 16 May 21:01; the place is staffed from 07:00 to 21:00."
    assert finding.protocol == 1
    assert finding.evidence == (len(day.placed) - 1,)


def test_a_correction_of_the_time_changes_it_now_and_not_then() -> None:
    day = opened(vial(), "21:01")
    size = len(day.placed)
    day.voids("21:10").signs("21:12")
    opened(day, "20:59")

    assert said(day) == ["met"]
    assert said(day, known_at=size) == ["breached"]
