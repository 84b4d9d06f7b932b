"""Question 19: the protocol of each session, whether it was retired, and what its newest version would change."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ledger.clinic import ANA, BEN, MD1, blank, make, uuid
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import PROTOCOL, Day
from tests.projections.rules.standing import reference

NEWER = f"protocol/{uuid(52)}"
WOULD = ("newest", "appear", "go")


def held(released: str = "12:10") -> Day:
    """A is dosed at 10:00 on the 16th, under v1, and released."""
    return Day().opens().gives("a", "10:00").releases("a", released)


def publishes(day: Day, at: str, version: str = "v2", name: str = "KAP-COUPLE-SL", **figures: Any) -> Day:
    """Another version is published, in effect from the day of its publication."""
    parts = day.figures.model_dump()
    for part, values in figures.items():
        parts[part] |= values
    effective = f"2026-05-{int(at.split(maxsplit=1)[0]):02}"
    event = make(
        "protocol-published/1", effective=effective, name=name, parameters=parts, rule_set="rules-1", version=version
    )
    return day.put(event, NEWER, at)


def retires(day: Day, effective: str, at: str, *, recorded: str = "") -> Day:
    """The version of the session is retired from a day on."""
    placed = next(each for each in day.placed if each.stream == PROTOCOL)
    old = {"dig": placed.dig, "id": placed.payload.id}
    event = make("protocol-retired/1", effective=effective, protocol=old, replaced_by=None)
    return day.put(event, PROTOCOL, at, recorded=recorded)


def test_the_version_that_was_pinned_is_told() -> None:
    found = asked(held(), "19")

    assert told(found, "opened", "protocol", "version", "rule_set", "retired", "on_retired") == [
        ("09:00", "KAP-COUPLE-SL", "v1", "rules-1", None, False)
    ]
    assert told(found, *WOULD) == [("v1", 0, 0)]


def test_nobody_opened_gives_no_row_and_no_protocol_gives_empty_cells() -> None:
    assert asked(Day().plans(), "19").rows == ()
    found = asked(Day().opens(protocol=False), "19")
    assert told(found, "protocol", "on_retired", *WOULD) == [(None, False, None, None, None)]
    assert found.notes == ("1 sessions were opened without a published protocol.",)


@pytest.mark.parametrize(
    ("effective", "on_retired"), [("2026-05-15", True), ("2026-05-16", True), ("2026-05-17", False)]
)
def test_from_the_day_of_its_retirement_on_a_version_is_retired(effective: str, on_retired: bool) -> None:
    found = asked(retires(held(), effective, "17:00"), "19")

    assert told(found, "retired", "on_retired") == [(effective, on_retired)]
    assert counted(found, "retired") == on_retired


def test_a_retirement_that_was_recorded_later_is_known_now_and_was_not_then() -> None:
    day = held()
    known = len(day.placed)
    retires(day, "2026-05-10", "10 09:00", recorded="17:00")

    assert told(asked(day, "19"), "on_retired") == [(True,)]
    assert told(asked(day, "19", known_at=known), "on_retired") == [(False,)]


def test_the_newest_version_says_what_would_appear_and_what_would_go() -> None:
    longer = publishes(held(), "17 09:00", release={"min_observation_min": 150})
    shorter = publishes(held("11:50"), "17 09:00", release={"min_observation_min": 100})

    assert told(asked(longer, "19", as_of="18 12:00"), *WOULD) == [("v2", 1, 0)]
    assert told(asked(shorter, "19", as_of="18 12:00"), *WOULD) == [("v2", 0, 1)]


def test_only_a_version_of_this_name_in_effect_by_then_is_the_newest() -> None:
    later = publishes(held(), "17 09:00", release={"min_observation_min": 150})
    other = publishes(held(), "17 09:00", name="OTHER", release={"min_observation_min": 150})

    assert told(asked(later, "19"), *WOULD) == [("v1", 0, 0)]
    assert told(asked(other, "19", as_of="18 12:00"), *WOULD) == [("v1", 0, 0)]


def test_a_newest_version_that_is_retired_again_is_none() -> None:
    day = publishes(held(), "17 09:00", release={"min_observation_min": 150})
    event = make("protocol-retired/1", effective="2026-05-18", protocol=reference(day), replaced_by=None)
    day.put(event, NEWER, "17 10:00")

    assert told(asked(day, "19", as_of="17 12:00"), *WOULD) == [("v2", 1, 0)]
    assert told(asked(day, "19", as_of="18 12:00"), *WOULD) == [("v1", 0, 0)]


def test_about_one_participant_only_theirs_would_change() -> None:
    day = publishes(held(), "17 09:00", release={"min_observation_min": 150})

    assert told(asked(day, "19", as_of="18 12:00", person=ANA), "appear") == [(1,)]
    assert told(asked(day, "19", as_of="18 12:00", person=BEN), "appear") == [(0,)]


@pytest.mark.parametrize(("version", "count"), [("1", 0), ("0", 1)])
def test_a_verdict_that_was_recorded_in_another_version_of_its_rule_is_counted(version: str, count: int) -> None:
    day = held("11:50")
    fields = blank("finding-acknowledged/2") | {
        "evidence": [reference(day)],
        "finding": "a" * 32,
        "rule": "REL-01",
        "rule_version": version,
    }
    who = ((MD1, "acknowledged", "medical-director"),)
    day.put(make("finding-acknowledged/2", **fields), f"governance/{uuid(91)}", "13:00", who=who)

    assert counted(asked(day, "19"), "other_versions") == count
