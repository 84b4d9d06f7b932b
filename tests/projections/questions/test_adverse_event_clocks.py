"""The view of adverse events: how each is classed by now, and how each of its clocks stands."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.events.adverse import AdverseEventRecorded
from tests.ledger.clinic import BEN, SESSION, blank, make
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.afterwards_words import After, begun
from tests.projections.rules.day import Day
from tests.projections.rules.standing import unreadable

VIEW = "adverse-events"
CLOCKS = ("clock", "limit", "done", "verdict")
CLASSES: dict[str, Any] = {"outcome": "recovered", "relatedness": "possible", "seriousness": "not-serious"}


def noticed(**changes: Any) -> After:
    """Something goes badly at 10:30."""
    return begun(**changes.pop("figures", {})).goes_badly("a", "10:30", **changes)


def resolved(day: After, at: str, of: int) -> After:
    """It is over."""
    event = make(
        "adverse-event-resolved/1",
        **(blank("adverse-event-resolved/1") | {"adverse_event": day._named(of), "outcome": "recovered"}),
    )
    return day.put(event, f"{SESSION}/a", at)


def clocks(day: Day, **how: Any) -> dict[str, tuple[Any, ...]]:
    """Of each clock its limit, when it was done, and the verdict."""
    return {name: tuple(rest) for name, *rest in told(asked(day, VIEW, **how), *CLOCKS)}


def test_an_adverse_event_nobody_classed_yet_has_a_clock_that_runs() -> None:
    found = asked(noticed(), VIEW, as_of="11:00")

    assert told(found, "partner", "noticed", "term", "severity", "seriousness", "outcome") == [
        ("A", "10:30", "hypertension", 3, "pending", "pending")
    ]
    assert told(found, *CLOCKS, "minutes_left") == [("classed", "10:30", None, "pending", 1410)]
    assert [counted(found, name) for name in ("events", "open", "running", "missed")] == [1, 1, 1, 0]


def test_classed_at_the_limit_is_in_time_and_a_minute_later_is_not() -> None:
    late = noticed().learns("a", "17 10:31", **CLASSES)

    assert clocks(noticed().learns("a", "17 10:30", **CLASSES), as_of="17 12:00")["classed"][2] == "met"
    assert clocks(late, as_of="17 12:00")["classed"] == ("10:30", "10:31", "breached")
    assert counted(asked(late, VIEW, as_of="17 12:00"), "missed") == 1


def test_a_serious_one_has_the_prescribers_clock_and_the_regimes() -> None:
    day = noticed(figures={"choices": {"serious_regime": "rems"}}).turns_serious("a", "11:00")
    found = clocks(day, as_of="11:05")

    assert {name: verdict for name, (*_, verdict) in found.items()} == {
        "classed": "pending",
        "prescriber": "pending",
        "report": "pending",
    }
    assert found["prescriber"][0] == "11:15"
    assert clocks(day.calls("a", "11:10"))["prescriber"] == ("11:15", "11:10", "met")


def test_what_is_not_serious_has_no_such_clock() -> None:
    assert set(clocks(noticed(**CLASSES))) == {"classed"}


def test_closing_the_session_asks_for_an_outcome_or_a_plan() -> None:
    without = noticed()
    without.closes("13:30")
    planned = noticed(plan="A call.")
    planned.closes("13:30")

    assert clocks(without)["outcome or plan"][2] == "breached"
    assert clocks(planned)["outcome or plan"][2] == "met"


def test_what_was_said_last_is_told_and_when_it_was_over() -> None:
    day = noticed()
    first = next(i for i, each in enumerate(day.placed) if isinstance(each.event, AdverseEventRecorded))
    day.learns("a", "11:00", of=first, severity=2, **{**CLASSES, "outcome": "recovering"})
    found = asked(resolved(day, "16:00", first), VIEW)

    assert told(found, "severity", "outcome", "resolved")[0] == (2, "recovered", "16:00")
    assert (counted(found, "open"), counted(asked(day, VIEW, as_of="15:00"), "open")) == (0, 1)


def test_every_row_rests_on_all_that_was_said_of_it() -> None:
    day = noticed().learns("a", "11:00", **CLASSES)
    said = [each.position for each in day.placed if each.event.type.startswith("adverse-event")]

    assert all(set(said) <= set(each.evidence) for each in asked(day, VIEW).rows)


def test_what_was_written_down_later_is_known_now_and_was_not_then() -> None:
    day = noticed()
    size = len(day.placed)
    day.learns("a", "11:00", recorded="17 12:00", **CLASSES)

    assert clocks(day, as_of="17 12:00")["classed"][2] == "met"
    assert clocks(day, as_of="17 11:59", known_at=size)["classed"][2] == "breached"


def test_what_cannot_be_read_says_why() -> None:
    lost = unreadable(noticed(), AdverseEventRecorded, "sensitive")

    assert told(asked(lost, VIEW), "term", "severity", "clock")[0][:2] == ("withheld", "withheld")
    assert "cannot-judge" in {verdict for (*_, verdict) in clocks(lost).values()}


@pytest.mark.parametrize("day", [begun(), begun().goes_badly("a", "10:30")], ids=["nothing", "of the other"])
def test_nothing_on_record_or_of_the_other_is_no_row(day: After) -> None:
    assert asked(day, VIEW, person=BEN).rows == ()


def test_without_a_protocol_there_is_a_row_and_no_clock() -> None:
    day = After()
    day.opens(protocol=False).gives("a", "10:00")
    found = asked(day.goes_badly("a", "10:30"), VIEW)

    assert told(found, "term", *CLOCKS) == [("hypertension", None, None, None, None)]
