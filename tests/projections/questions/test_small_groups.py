"""Groups too small to be shown, and those by which they could be reckoned."""

from __future__ import annotations

import pytest

from projections.questions.small_groups import SMALLEST, large_enough
from tests.projections.questions.words import asked
from tests.projections.rules.day import Day


def shown(*sizes: int) -> list[int]:
    """The sizes of the groups that are shown."""
    return [len(items) for items in large_enough({str(i): [0] * size for i, size in enumerate(sizes)}).values()]


@pytest.mark.parametrize(
    ("sizes", "left"),
    [
        ((SMALLEST,), [5]),
        ((SMALLEST - 1,), []),
        ((0, 5), [5]),
        ((7, 4), []),
        ((7, 4, 9), [9]),
        ((7, 4, 4), [7]),
        ((7, 2, 2, 9), [9]),
        ((7, 3, 2, 9), [7, 9]),
        ((6, 8), [6, 8]),
        ((), []),
    ],
)
def test_a_small_group_is_hidden_and_what_would_give_it_away(sizes: tuple[int, ...], left: list[int]) -> None:
    assert shown(*sizes) == left


@pytest.mark.parametrize("name", ["15", "17", "20"])
def test_every_answer_about_many_says_that_small_groups_are_not_shown_whether_there_are_any_or_not(name: str) -> None:
    (note,) = asked(Day().opens(), name).notes

    assert str(SMALLEST) in note
