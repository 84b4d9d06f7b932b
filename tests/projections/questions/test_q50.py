"""Question 50: a rule that was never asked is not one that was always kept, and of few sessions nothing is said."""

from __future__ import annotations

import pytest

from projections.compliance.rule import Rule
from projections.compliance.rules import RULES
from projections.questions.answer import Found
from projections.questions.small_groups import NOTE, SMALLEST
from tests.ledger.clinic import uuid
from tests.projections.questions.test_q49 import several
from tests.projections.questions.words import asked, counted
from tests.projections.rules.day import Day
from tests.projections.rules.standing import received

OF_SESSIONS = {rule.id for rule in RULES if isinstance(rule, Rule)}


def what(found: Found) -> dict[str, object]:
    return {str(each.values["rule"]): each.values["what"] for each in found.rows}


def released(sessions: int, early: int) -> Day:
    """Everybody is dosed and released, in some sessions too early."""
    day = several(sessions)
    for number in range(sessions):
        at = "10:30" if number < early else "13:00"
        event = Day().releases("a", at).placed[-1].event
        day.put(event, f"session/{uuid(300 + number)}/a", at)
    return day


def test_a_rule_that_nothing_set_going_was_never_asked_and_one_that_was_kept_never_found_anything() -> None:
    found = asked(released(SMALLEST, 0), "50")

    assert what(found)["REL-01"] == "never found anything"
    assert what(found)["SUP-12"] == what(found)["CS-06"] == "never asked"
    (never,) = [each for each in found.rows if each.values["rule"] == "SUP-12"]
    assert (never.values["asked"], never.values["found"], never.values["counted"]) == (0, 0, SMALLEST)
    assert counted(found, "never_asked") == sum(each == "never asked" for each in what(found).values())


@pytest.mark.parametrize(("sessions", "early", "told"), [(10, 1, None), (9, 1, "often"), (10, 2, "often")])
def test_often_is_more_than_a_tenth_of_the_sessions(sessions: int, early: int, told: str | None) -> None:
    found = asked(released(sessions, early), "50")

    assert what(found).get("REL-01") == told


def test_the_events_behind_often_are_those_of_every_finding() -> None:
    day = released(SMALLEST, SMALLEST)
    (often,) = [each for each in asked(day, "50").rows if each.values["rule"] == "REL-01"]

    releases = {each.position for each in day.placed if each.event.type == "release-authorised/1"}
    assert (often.values["found"], often.values["percent"]) == (SMALLEST, 100)
    assert releases <= set(often.evidence)


def test_of_fewer_sessions_nothing_is_said_neither_that_a_rule_was_kept_nor_that_it_was_not() -> None:
    found = asked(released(SMALLEST - 1, 1), "50")

    assert not OF_SESSIONS & set(what(found))
    assert found.notes == (NOTE,)
    assert found.figures == ()


def test_a_rule_about_records_is_said_of_enough_records_or_of_none() -> None:
    """CS-04 is about what is received: three containers are too few, five are enough."""
    day = several(SMALLEST)
    assert what(asked(day, "50"))["CS-04"] == "never asked"
    for number in range(3):
        received(day, "2 10:00", f"stock/{uuid(400 + number)}", code=f"V-{number}")
    assert "CS-04" not in what(asked(day, "50"))
    for number in range(3, SMALLEST):
        received(day, "2 10:00", f"stock/{uuid(400 + number)}", code=f"V-{number}", supplier_dea="none")
    found = asked(day, "50")
    assert what(found)["CS-04"] == "often"
    (row,) = [each for each in found.rows if each.values["rule"] == "CS-04"]
    assert (row.values["of"], row.values["counted"], row.values["found"]) == ("records", SMALLEST, 2)


def test_a_rule_whose_findings_are_not_for_who_asks_is_left_out() -> None:
    day = several(SMALLEST)

    assert "AE-05" in what(asked(day, "50"))
    assert "AE-05" not in what(asked(day, "50", unread=("AE-05",)))
