"""Question 42: what a reader is not shown, and what happened later, is not missing."""

from __future__ import annotations

from dataclasses import replace

from tests.ledger.clinic import make
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day

GOVERNANCE = "governance/00000000-0000-4000-8000-0000000000aa"


def numbered(day: Day) -> Day:
    """Each entry has its version on its record."""
    last: dict[str, int] = {}
    for index, placed in enumerate(day.placed):
        last[placed.stream] = last.get(placed.stream, 0) + 1
        day.placed[index] = replace(placed, version=last[placed.stream])
    return day


def test_an_act_that_compliance_alone_reads_leaves_no_hole() -> None:
    day = Day().opens()
    for rule in ("SUP-05", "AE-05", "SUP-05"):
        act = make("finding-acknowledged/2", evidence=[], finding="a" * 32, rule=rule, rule_version="1")
        day.put(act, GOVERNANCE, "10:00")

    assert asked(numbered(day), "42").rows == ()


def test_what_happened_after_the_moment_of_the_question_leaves_no_hole() -> None:
    day = numbered(Day().opens().looks_at("a", "10:30").looks_at("a", "10:15", recorded="10:40"))

    assert asked(day, "42", as_of="10:20").rows == ()


def test_a_device_is_told_as_of_the_moment_of_the_question() -> None:
    day = numbered(Day().opens().enrols().brings("a", "10:15", 1).brings("a", "10:45", 2))

    assert told(asked(day, "42", as_of="10:20"), "what", "entries", "last") == [("T-1", 1, 1)]
    assert told(asked(day, "keys-and-devices", as_of="10:20"), "name", "used") == [("T-1", 1)]
    assert told(asked(day, "42"), "what", "entries", "last") == [("T-1", 2, 2)]


def test_a_device_that_began_again_or_whose_chain_is_torn_says_so() -> None:
    day = Day().opens().enrols().brings("a", "10:15", 1).brings("a", "10:20", 2)
    assert told(asked(numbered(day), "42"), "missing", "also") == [(0, None)]

    again = asked(numbered(day.brings("a", "10:25", 1, copy=7)), "42")
    assert told(again, "missing", "also") == [(0, "begun again at 1")]
    assert counted(again, "broken") == 1

    torn = Day().opens().enrols().brings("a", "10:15", 1).brings("a", "10:20", 2, before="f" * 64)
    assert told(asked(numbered(torn), "42"), "missing", "also") == [(0, "after none that is here at 2")]
