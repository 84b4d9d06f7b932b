"""Groups too small to be shown, and those by which they could be reckoned."""

from __future__ import annotations

import pytest

from projections.questions.small_groups import SMALLEST, hidden_note, large_enough


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


def test_the_note_counts_what_is_hidden() -> None:
    assert hidden_note({"a": [0] * 7, "b": [0] * 4, "c": [0] * 9})[0].startswith("Not shown: 2 groups")
    assert hidden_note({"a": [0] * 7, "b": []}) == ()
