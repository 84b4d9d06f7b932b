"""CS-08: own medication is given to its owner alone, and is never the clinic's stock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.events.stock import OwnMedicationCheckedIn
from tests.ledger.clinic import BEN, OWN_A, SESSION, blank, make
from tests.projections.rules.custody_words import clinic, given_out, returned, sent
from tests.projections.rules.day import OTHER, Day
from tests.projections.rules.standing import VIAL, handed_in, received, unknown_person, unreadable
from tests.projections.rules.stock_words import counted, found, mass


def brought(day: Day | None = None, at: str = "08:40", **changes: Any) -> Day:
    """Ana hands in her lozenges, and signs with the key of her slot."""
    who = ((f"{SESSION}/a", "relinquished", "participant"),)
    day = handed_in(day or Day().opens(), at, **changes)
    placed = day.placed.pop()
    return day.put(placed.event, placed.stream, at, who=who)


def in_need(day: Day, slot: str, at: str, container: str | None) -> Day:
    """Something is given in need."""
    fields = blank("intervention-performed/1") | {"kind": "antihypertensive", "container": container}
    if container is not None:
        fields |= {"mass": mass("50")}
    return day.put(make("intervention-performed/1", **fields), f"{SESSION}/{slot}", at)


def broken_off(day: Day, slot: str, at: str) -> Day:
    """A dose is broken off before it was recorded as one."""
    fields = blank("dose-interrupted/2") | {
        "container": OWN_A,
        "mass_taken": mass("50"),
        "reason": "other",
        "route": "sublingual",
        "stopped_by": "staff",
    }
    return day.put(make("dose-interrupted/2", **fields), f"{SESSION}/{slot}", at)


STORIES: list[tuple[str, Callable[[], Day], list[tuple[str, str]]]] = [
    ("nothing was given", brought, [("a", "not-applicable"), ("b", "not-applicable")]),
    ("the clinic's vial", lambda: received(Day().opens()).gives("a", "10:00", container=VIAL),
     [("a", "not-applicable"), ("b", "not-applicable")]),
    ("her own", lambda: brought().gives("a", "10:00"), [("a", "met"), ("b", "not-applicable")]),
    ("hers, given to him", lambda: brought().gives("b", "10:00"), [("a", "not-applicable"), ("b", "breached")]),
    ("his, handed in by her", lambda: brought(owner=BEN).gives("a", "10:00"),
     [("a", "breached"), ("b", "not-applicable")]),
    ("one dose of two", lambda: brought().gives("b", "10:00").gives("a", "10:05"), [("a", "met"), ("b", "breached")]),
    ("broken off before it was recorded", lambda: broken_off(brought(), "b", "10:00"),
     [("a", "not-applicable"), ("b", "breached")]),
    ("given out as stock", lambda: given_out(brought(), "09:00", OWN_A), [("a", "breached"), ("b", "not-applicable")]),
    ("returned as stock", lambda: returned(brought(), "12:00", OWN_A), [("a", "breached"), ("b", "not-applicable")]),
    ("sent away as stock", lambda: sent(clinic(brought()), "12:00", "15:00", back=True, container=OWN_A),
     [("a", "breached"), ("b", "not-applicable")]),
    ("received from a supplier", lambda: received(brought(), "09:00", OWN_A),
     [("a", "breached"), ("b", "not-applicable")]),
    ("counted as stock", lambda: counted(brought(), "12:00", found(OWN_A, "1000")),
     [("a", "breached"), ("b", "not-applicable")]),
    ("another container was counted", lambda: counted(received(brought()), "12:00", "500"),
     [("a", "not-applicable"), ("b", "not-applicable")]),
    ("handed in for another session before", lambda: given_out(brought(brought(session=OTHER), "09:30"), "09:00",
     OWN_A),
     [("a", "not-applicable"), ("b", "not-applicable")]),
    ("the owner cannot be read", lambda: unreadable(brought().gives("a", "10:00"), OwnMedicationCheckedIn, "identity"),
     [("a", "cannot-judge"), ("b", "not-applicable")]),
    ("nobody knows whose slot it is", lambda: unknown_person(brought().gives("a", "10:00")),
     [("a", "cannot-judge"), ("b", "not-applicable")]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "story", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], expected: list[tuple[str, str]]) -> None:
    assert sorted((each.slot, each.verdict) for each in story().findings("CS-08")) == expected, name


def test_a_dose_of_the_others_own_is_two_findings_one_of_each_rule() -> None:
    day = brought().gives("b", "10:00")

    assert {each.rule for each in day.findings(slot="b") if "not-the-owner" in each.causes} == {"CS-08", "ORD-07"}


def test_it_rests_on_the_handing_in_and_the_dose_and_names_nobody() -> None:
    day = brought().gives("b", "10:00")
    (finding,) = day.findings("CS-08", slot="b")

    assert finding.evidence == (4, 5)
    assert finding.sentence == "B: what was given at 10:00 is out of a container that is somebody else's own."


def test_what_was_given_in_need_counts_as_well() -> None:
    day = in_need(brought(), "b", "10:00", OWN_A)

    assert [each.verdict for each in day.findings("CS-08", slot="b")] == ["breached"]
    assert [each.verdict for each in in_need(brought(), "b", "10:00", None).findings("CS-08", slot="b")] == [
        "not-applicable"
    ]


def test_a_void_changes_it_now_and_not_then() -> None:
    day = given_out(brought(), "09:00", OWN_A)
    size = len(day.placed)
    day.voids("09:10").signs("09:12")

    assert [each.verdict for each in day.findings("CS-08", slot="a")] == ["not-applicable"]
    assert [each.verdict for each in day.findings("CS-08", slot="a", known_at=size)] == ["breached"]


def test_several_bookings_are_several_findings() -> None:
    day = returned(given_out(brought(), "09:00", OWN_A), "12:00", OWN_A)
    found = day.findings("CS-08", slot="a")

    assert [each.causes for each in found] == [("own-in-stock",), ("own-in-stock",)]
    assert len({each.identity for each in found}) == len(found)
