"""SUP-11: who did it signs what somebody else wrote down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ledger.events.paper import Performer
from tests.ledger.clinic import MD1, PT1, RN1, SESSION, check, make
from tests.projections.rules.day import Day
from tests.projections.rules.standing import causes, verdicts

MOMENTS = ("18:00", "17 18:00", "17 19:00")
TYPIST = PT1
SIGNS: dict[str, Any] = {"by": RN1, "gives": "performed", "role": "nurse"}


def by_sheet(day: Day, *names: tuple[str, str, str]) -> Day:
    """The last entry was typed from a sheet, which names those who did it."""
    performers = tuple(Performer.model_validate({"by": by, "meaning": what, "role": role}) for by, what, role in names)
    day.placed[-1] = replace(day.placed[-1], performed=performers)
    return day


def typed(at: str = "10:15", recorded: str = "18:00", by: str = RN1, **day: Any) -> Day:
    """A check of 10:15 by RN1, typed in at 18:00."""
    story = Day().opens(**day)
    story.put(check(), f"{SESSION}/a", at, recorded=recorded, who=((TYPIST, "transcribed", "therapist"),))
    return by_sheet(story, (by, "performed", "nurse"))


STORIES: list[tuple[str, Callable[[], Day], str, str]] = [
    ("nothing was typed", lambda: Day().opens().looks_at("a", "10:15"), "18:00", "not-applicable"),
    ("who typed it did it", lambda: typed(by=TYPIST), "18:00", "not-applicable"),
    ("not signed yet", typed, "18:30", "pending"),
    ("not signed after 24 h", typed, "17 18:00", "pending"),
    ("not signed after 24 h and a minute", typed, "17 18:01", "breached"),
    ("signed after 24 h", lambda: typed().signs("17 18:00", **SIGNS), "17 19:00", "met"),
    ("signed a minute later", lambda: typed().signs("17 18:01", **SIGNS), "17 19:00", "breached"),
    ("signed by somebody else", lambda: typed().signs("18:30", by=MD1, gives="performed"), "17 19:00", "breached"),
    ("another signature", lambda: typed().signs("18:30", **(SIGNS | {"gives": "reviewed"})), "17 19:00", "breached"),
    ("disputed", lambda: typed().signs("18:30", verdict="disputes", **SIGNS), "17 19:00", "breached"),
    (
        "voided",
        lambda: typed().voids("18:30", by=MD1).signs("18:35", by=RN1, role="nurse"),
        "17 19:00",
        "not-applicable",
    ),
    ("no figures", lambda: typed(protocol=False).gives("a", "10:00"), "17 19:00", "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "as_of", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, verdict: str) -> None:
    assert verdicts(story(), "SUP-11", "a", as_of=as_of) == [verdict], name


def test_a_signature_that_came_late_stays_in_the_finding() -> None:
    day = typed().signs("17 18:01", **SIGNS)

    assert causes(day, "SUP-11", "a", as_of="17 19:00") == [("late",)]
    assert causes(typed(), "SUP-11", "a", as_of="17 19:00") == [("missing",)]


def test_each_person_whom_the_sheet_names_signs_for_themselves() -> None:
    day = Day().opens()
    day.put(check(), f"{SESSION}/a", "10:15", recorded="18:00", who=((TYPIST, "transcribed", "therapist"),))
    by_sheet(day, (RN1, "performed", "nurse"), (MD1, "observed", "prescriber")).signs("18:30", **SIGNS)

    found = {each.staff: each.verdict for each in day.findings("SUP-11", slot="a", as_of="17 19:00")}

    assert found == {RN1: "met", MD1: "breached"}


def test_what_concerns_both_is_found_once() -> None:
    day = Day().opens()
    event = make("monitor-assigned/1", covers=["a", "b"], in_person=True, monitor=RN1)
    day.put(event, SESSION, "09:30", recorded="18:00", who=((TYPIST, "transcribed", "therapist"),))
    by_sheet(day, (RN1, "received", "nurse"))

    found = [(f.slot, f.verdict) for f in day.findings("SUP-11", as_of="17 19:00") if f.verdict != "not-applicable"]

    assert found == [("", "breached")]
