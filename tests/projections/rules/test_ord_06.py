"""ORD-06: far enough apart, not too many in a week, a course that is reviewed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ledger.events.course import CourseReviewed
from tests.ledger.clinic import ANA, blank, make, uuid
from tests.projections.rules.day import OTHER, Day
from tests.projections.rules.standing import unknown_person, unreadable, verdicts


def held(*earlier: str, **figures: int) -> Day:
    """A session at each of these times before, and this one at 10:00 on the 16th."""
    day = Day()
    for index, at in enumerate(earlier):
        session = f"session/{uuid(200 + index)}"
        day.plans(session, a=ANA, at="1 06:00").gives("a", at, session=session)
    return day.opens(dose=figures).gives("a", "10:00")


def reviewed(day: Day, at: str, extended_to: int | None = None) -> Day:
    fields = blank("course-reviewed/1") | {
        "decision": "continue",
        "extended_to": extended_to,
        "liver_tests_reviewed": True,
        "sessions_given": 1,
        "urinary_screened": True,
    }
    return day.put(make("course-reviewed/1", **fields), ANA, at)


DAYS = ("8 09:00", "9 09:00", "10 09:00", "11 09:00", "12 09:00", "13 09:00")
MET = "met met met met"

STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: Day().opens(), "not-applicable"),
    ("the first session ever", held, "not-applicable met met met"),
    ("at a retreat after 20 h", lambda: held("15 14:00"), MET),
    ("at a retreat after less", lambda: held("15 14:01"), "breached met met met"),
    ("two in 168 h, this one included", lambda: held("9 10:01"), MET),
    ("three in 168 h", lambda: held("9 10:01", "12 10:00"), "met breached met met"),
    ("the oldest exactly 168 h ago, which is out", lambda: held("9 10:00", "12 10:00"), MET),
    ("the sixth without a review", lambda: held(*DAYS[:5], per_7_days=9), MET),
    ("the seventh without one", lambda: held(*DAYS, per_7_days=9), "met met breached met"),
    ("the seventh after one", lambda: reviewed(held(*DAYS, per_7_days=9), "14 09:00"), MET),
    ("the last of a course", lambda: held(*DAYS[:2], course_max=3, per_7_days=9), MET),
    ("beyond the course", lambda: held(*DAYS[:3], course_max=3, per_7_days=9), "met met met breached"),
    (
        "extended by a review",
        lambda: reviewed(held(*DAYS[:3], course_max=3, per_7_days=9), "14 09:00", 4),
        MET,
    ),
    (
        "whether it was extended cannot be read",
        lambda: unreadable(
            reviewed(held(*DAYS[:3], course_max=3, per_7_days=9), "14 09:00", 4), CourseReviewed, "clinical"
        ),
        "met met met cannot-judge",
    ),
    ("nobody knows whose", lambda: unknown_person(held()), "cannot-judge cannot-judge cannot-judge cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "ORD-06") == verdict.split(), name


def test_at_a_clinic_the_gap_is_longer() -> None:
    day = held("15 09:00", gap_retreat_h=20, gap_clinic_h=72)
    place = next(each for each in day.placed if each.event.type == "location-registered/1")
    clinic = place.event.model_copy(update={"kind": "clinic"})
    day.placed[place.position] = replace(place, event=clinic)

    assert verdicts(day, "ORD-06") == ["breached", "met", "met", "met"]


def test_the_gap_runs_from_the_last_dose_of_the_session_before() -> None:
    day = Day().plans(OTHER, a=ANA, at="1 06:00").gives("a", "15 12:00", session=OTHER)
    day.gives("a", "15 14:30", "50", session=OTHER).opens().gives("a", "10:00")

    assert verdicts(day, "ORD-06")[0] == "breached"
    assert day.findings("ORD-06", slot="a")[0].sentence == (
        "A: 19 h 30 after the last dose of the session before; at least 20 h are asked for."
    )
