"""REC-14: whoever showed a part of a record wrote down to whom, what, what for and on what ground."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.errors import Invalid
from ledger.events.requests import DisclosureMade
from tests.ledger.clinic import ANA
from tests.projections.rules.day import Day
from tests.projections.rules.records_words import desk
from tests.projections.rules.standing import unreadable

STORIES: list[tuple[str, Callable[[], Day], list[str]]] = [
    ("nothing was shown", desk, []),
    ("all of it", lambda: desk().discloses("11:00"), ["met"]),
    ("no part of the record is named", lambda: desk().discloses("11:00", content=[]), ["breached"]),
    (
        "the recipient is gone",
        lambda: unreadable(desk().discloses("11:00"), DisclosureMade, "identity"),
        ["cannot-judge"],
    ),
    ("the rest is gone", lambda: unreadable(desk().discloses("11:00"), DisclosureMade, "sensitive"), ["cannot-judge"]),
    ("two, each for itself", lambda: desk().discloses("11:00", content=[]).discloses("12:00"), ["breached", "met"]),
]


@pytest.mark.parametrize(("name", "story", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], expected: list[str]) -> None:
    assert [f.verdict for f in story().findings("REC-14")] == expected, name


@pytest.mark.parametrize("field", ["recipient", "purpose", "basis"])
def test_what_else_is_asked_for_no_entry_can_leave_out(field: str) -> None:
    for nothing in ("", None):
        left_out: dict[str, Any] = {field: nothing}
        with pytest.raises(Invalid, match=field):
            desk().discloses("11:00", **left_out)


def test_it_says_what_is_left_out_and_nothing_that_is_said() -> None:
    (found,) = desk().discloses("11:00", content=[]).findings("REC-14")

    assert found.sentence == "A disclosure of Sat 16 May 11:00 does not say what."
    assert (found.subject, found.severity, found.causes) == (ANA, "M", ("missing",))
    assert "St M" not in repr(found)


def test_a_correction_that_says_it_cures_it_now_and_not_then() -> None:
    day = desk().discloses("11:00", content=[])
    known = len(day.placed)
    day.corrects("12:00", sensitive=[("content", [], ["sessions"])]).signs("12:05", role="privacy-officer")

    assert [f.verdict for f in day.findings("REC-14")] == ["met"]
    assert [f.verdict for f in day.findings("REC-14", known_at=known)] == ["breached"]
