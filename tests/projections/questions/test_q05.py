"""Question 5: one monitor with more dosed people than allowed, at retreats too."""

from __future__ import annotations

import pytest

from tests.ledger.clinic import MD1, RN1
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.test_sup_03 import Crowded


def couple(*others: str) -> Crowded:
    """RN1 watches both of a couple, dosed at 10:00 and 10:05, and these of another couple at 10:30."""
    day = Crowded().begun()
    if others:
        day.besides()
    day.takes("a", "10:00").takes("b", "10:05")
    for slot in others:
        day.takes(slot, "10:30", of="session/00000000-0000-4000-8000-000000000032")
    return day


def test_a_third_person_is_one_too_many_over_two_sessions() -> None:
    day = couple("a").assigns("10:41", "b", monitor=MD1)
    day.goes("b", "10:50")

    found = asked(day, "5")

    assert told(found, "place", "kind", "monitor", "start", "declared") == [("R-1", "retreat", RN1, "10:30", False)]
    assert "watched 3 dosed persons at once" in str(found.rows[0].values["sentence"])
    assert counted(found, "count") == 1


def test_as_many_as_allowed_are_not_told() -> None:
    assert asked(couple(), "5").rows == ()


@pytest.mark.parametrize(("as_of", "minutes"), [("10:29:59", []), ("10:40", [(10,)]), ("10:40:01", [(11,)])])
def test_while_it_is_still_so_it_lasts_up_to_the_moment_of_the_question(as_of: str, minutes: list[tuple[int]]) -> None:
    assert told(asked(couple("a"), "5", as_of=as_of), "minutes") == minutes


def test_it_ends_when_one_of_them_leaves() -> None:
    day = couple("a").goes("b", "10:50")

    assert told(asked(day, "5"), "start", "end", "minutes") == [("10:30", "10:50", 20)]


def test_a_second_monitor_who_was_written_down_later_is_known_now_and_was_not_then() -> None:
    day = couple("a")
    known = len(day.placed)
    day.assigns("10:10", "b", monitor=MD1, recorded="15:00")

    assert asked(day, "5").rows == ()
    assert counted(asked(day, "5", known_at=known), "count") == 1
