"""CS-11: the clinic's stock on its way to a retreat and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.ledger.clinic import MD1, OWN_A, PT1, RN1
from tests.projections.rules.custody_words import CLINIC, RELINQUISHED, clinic, sent
from tests.projections.rules.day import Day, instant
from tests.projections.rules.standing import VIAL, handed_in, received
from tests.projections.rules.stock_words import counted, found

OPEN, CLOSE = "retreat-open", "retreat-close"
ALONE = (RELINQUISHED,)


def vial() -> Day:
    """A vial at the clinic L-1; the retreat R-1 is another place."""
    return received(clinic(Day().opens()), location=CLINIC)


def there(**changes: Any) -> Day:
    """It came to the retreat the day before."""
    return sent(vial(), "15 09:00", "15 12:00", **changes)


def given(day: Day | None = None, at: str = "10:00") -> Day:
    return (day or there()).gives("a", at, "40", container=VIAL)


def home(day: Day, at: str = "17 09:00", **changes: Any) -> Day:
    """It goes back."""
    return sent(day, at, "17 12:00", back=True, **changes)


WHOLE = "met met met met"
STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("it stays at the clinic", vial, ""),
    ("it is under way", lambda: sent(vial(), "15 09:00"), "pending"),
    ("under way without seals", lambda: sent(vial(), "15 09:00", seals=()), "breached"),
    ("it arrived", there, "met pending"),
    ("it arrived without seals", lambda: there(seals=()), "breached pending"),
    ("nobody received it", lambda: there(who=ALONE), "breached pending"),
    ("it was received later", lambda: there(who=ALONE).signs("15 13:00", gives="received"), "met pending"),
    ("who handed it over received it too", lambda: there(who=ALONE).signs("15 13:00", by=RN1, gives="received"),
     "breached pending"),
    ("counted on opening", lambda: counted(there(), "08:00", "500", kind=OPEN), "met met"),
    ("counted on opening, then a dose", lambda: given(counted(there(), "09:59", "500", kind=OPEN)), "met met"),
    ("counted in the minute of the dose", lambda: given(counted(there(), "10:00", "500", kind=OPEN)), "met breached"),
    ("counted after the dose", lambda: counted(given(), "10:30", "460", kind=OPEN), "met breached"),
    ("never counted", given, "met breached"),
    ("a count of another kind", lambda: given(counted(there(), "08:00", "500", kind="shift")), "met breached"),
    ("a count that left it out", lambda: given(counted(there(), "08:00", found(OWN_A, "1"), kind=OPEN)),
     "met breached"),
    ("a count before it arrived", lambda: given(counted(there(), "15 11:59", "500", kind=OPEN)), "met breached"),
    ("a count elsewhere", lambda: given(counted(there(), "08:00", "500", kind=OPEN, place=CLINIC)), "met breached"),
    ("there and back", lambda: home(counted(given(counted(there(), "08:00", "500", kind=OPEN)), "17 08:00", "460",
     kind=CLOSE)), WHOLE),
    ("no count on closing", lambda: home(given(counted(there(), "08:00", "500", kind=OPEN))),
     "met met met breached"),
    ("a count in the minute it left", lambda: home(counted(given(counted(there(), "08:00", "500", kind=OPEN)),
     "17 09:00", "460", kind=CLOSE)), "met met met breached"),
    ("nothing was given there", lambda: home(counted(there(), "17 08:00", "500", kind=CLOSE)),
     "met not-applicable met met"),
    ("own medication is no stock", lambda: sent(handed_in(clinic(Day().opens())), "12:00", "13:00", back=True,
     container=OWN_A), ""),
]  # fmt: skip
MOMENTS = ("20 18:00",)


def said(day: Day, **asked: Any) -> str:
    return " ".join(each.verdict for each in day.findings("CS-11", **({"as_of": "20 18:00"} | asked)))


@pytest.mark.parametrize(("name", "story", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], expected: str) -> None:
    assert said(story()) == expected, name


def told_twice(seals: Sequence[str] = ("S-1",), departed: str = "15 09:00", **changes: Any) -> Day:
    """One entry when it left and another when it arrived."""
    return sent(sent(vial(), "15 09:00"), departed, "15 12:00", seals=seals, **changes)


def test_a_way_that_was_told_by_two_entries_is_one_way() -> None:
    assert said(told_twice()) == "met pending"
    assert said(told_twice(departed="15 09:01")) == "met pending", "two people, a minute apart"


def test_other_seals_at_its_end_and_a_missing_signature_there_are_found() -> None:
    (way, _) = told_twice(("S-2",), who=ALONE).findings("CS-11", as_of="20 18:00")

    assert (way.verdict, way.causes) == ("breached", ("other-seals", "not-received"))
    assert way.sentence == (
        "V-1: the way that began Fri 15 May 09:00: it arrived with other seals than it left with; "
        "nobody signed that they received it."
    )


def test_the_finding_of_a_way_keeps_its_identity_when_it_arrives() -> None:
    day = sent(vial(), "15 09:00")
    (under_way,) = day.findings("CS-11", as_of="15 10:00")
    (arrived, _) = sent(day, "15 09:00", "15 12:00").findings("CS-11", as_of="20 18:00")

    assert (under_way.verdict, arrived.verdict) == ("pending", "met")
    assert under_way.identity == arrived.identity


def test_a_late_count_leaves_the_finding_and_says_when_it_was_made() -> None:
    day = counted(given(), "10:30", "460", kind=OPEN)
    (_, count) = day.findings("CS-11", as_of="20 18:00")

    assert (count.due, count.made_at) == (instant("10:00"), instant("10:30"))
    assert count.causes == ("no-count-open",)


def test_a_second_visit_wants_its_own_count() -> None:
    day = home(counted(given(counted(there(), "08:00", "500", kind=OPEN)), "17 08:00", "460", kind=CLOSE))
    sent(day, "18 09:00", "18 12:00").gives("a", "19 10:00", "40", container=VIAL)

    assert said(day) == f"{WHOLE} met breached"


def test_a_signature_that_comes_later_changes_it_now_and_not_then() -> None:
    day = there(who=ALONE)
    size = len(day.placed)
    day.signs("15 13:00", by=MD1, gives="received")

    assert said(day, known_at=size) == "breached pending"
    assert said(day) == "met pending"
    assert PT1 not in str(day.findings("CS-11"))
