"""Question 46: whose records may go and have not, went too early, or are under a hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ledger.clinic import ANA
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day
from tests.projections.rules.test_cs_09 import erased
from tests.projections.rules.test_rec_13 import held, seen, shown, treated


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        (lambda: seen(9), []),
        (lambda: seen(10), [("past its date", None, None)]),
        (lambda: shown(7), [("past its date", None, None)]),
        (lambda: held(seen(12)), [("under a hold", "H-1", None)]),
        (lambda: erased(seen(9, days=350)), [("destroyed too early", None, "breached")]),
        (lambda: erased(seen(11)), [("destroyed", None, "met")]),
    ],
)
def test_only_what_is_not_simply_kept_is_told(story: Callable[[], Day], expected: list[tuple[object, ...]]) -> None:
    assert told(asked(story(), "46", person=ANA, as_of="17 18:00"), "state", "holds", "judged") == expected


@pytest.mark.parametrize(("as_of", "rows"), [("15 18:00", 0), ("16 18:00", 2)])
def test_on_the_day_itself_it_may_go(as_of: str, rows: int) -> None:
    assert len(asked(treated(10), "46", as_of=as_of).rows) == rows


def test_the_last_encounter_may_be_a_session_and_the_longest_term_counts() -> None:
    found = asked(seen(10), "46", as_of="17 18:00")

    assert told(found, "encounter", "until") == [("2016-05-05", "2026-05-05")]
    assert counted(found, "overdue") == 1
