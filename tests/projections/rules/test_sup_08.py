"""SUP-08: somebody deeply sedated is looked at every few minutes until they are back, and a prescriber is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.projections.rules.day import Day, local
from tests.projections.rules.standing import verdicts
from tests.projections.rules.watching_words import Watch, dosed


def deep(moaas: int | None = 3, **scores: Any) -> Watch:
    return dosed().looks_at("a", "10:30", moaas=moaas, **scores)


STORIES: list[tuple[str, Callable[[], Day], str, list[str]]] = [
    ("nobody was dosed", lambda: Day().opens(), "18:00", ["not-applicable"]),
    ("MOAA/S 4 is not deep", lambda: deep(4), "18:00", ["met"]),
    ("RASS -2 is not deep", lambda: deep(None, rass=-2), "18:00", ["met"]),
    ("RASS -3 is deep", lambda: deep(None, rass=-3), "10:31", ["pending"]),
    ("one of the two scores is enough", lambda: deep(4, rass=-3), "10:31", ["pending"]),
    ("nobody called, not looked at again, at the limit", deep, "10:35", ["pending"]),
    ("nobody called, not looked at again", deep, "10:35:01", ["breached"]),
    ("called, and back at the limit", lambda: deep().calls("a", "10:35").looks_at("a", "10:35"), "18:00", ["met"]),
    ("called in that minute", lambda: deep().calls("a", "10:30").looks_at("a", "10:33"), "18:00", ["met"]),
    ("called a minute late", lambda: deep().calls("a", "10:36").looks_at("a", "10:35"), "18:00", ["breached"]),
    ("looked at a minute late", lambda: deep().calls("a", "10:31").looks_at("a", "10:36"), "18:00", ["breached"]),
    ("called about the partner", lambda: deep().calls("b", "10:31").looks_at("a", "10:33"), "18:00", ["breached"]),
    (
        "a look without a score is no further one",
        lambda: deep().calls("a", "10:31").looks_at("a", "10:33", moaas=None),
        "18:00",
        ["breached"],
    ),
    (
        "each deep reading asks for the next, one call for the episode",
        lambda: deep().calls("a", "10:31").looks_at("a", "10:35", moaas=2).looks_at("a", "10:40"),
        "18:00",
        ["met", "met"],
    ),
    (
        "the next episode asks for a call of its own",
        lambda: (
            deep().calls("a", "10:31").looks_at("a", "10:35").looks_at("a", "10:50", moaas=3).looks_at("a", "10:55")
        ),
        "18:00",
        ["met", "breached"],
    ),
    ("gone by then", lambda: deep().calls("a", "10:31").is_taken_away("a", "10:35"), "18:00", ["met"]),
    ("the score is gone", lambda: deep().loses("supervision-checked", "clinical"), "18:00", ["cannot-judge"]),
]
MOMENTS = ("10:31", "10:35")


@pytest.mark.parametrize(("name", "story", "as_of", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, expected: list[str]) -> None:
    assert verdicts(story(), "SUP-08", as_of=as_of) == expected, name


def test_the_sentence_names_the_score_and_both_duties() -> None:
    (found,) = deep(2, rass=-4).looks_at("a", "10:34").findings("SUP-08", slot="a")

    assert found.sentence == (
        "A: a prescriber within 5 min of MOAA/S 2 and RASS -4 at 10:30, at the latest at 10:35; not called; and "
        "a further score within 5 min of MOAA/S 2 and RASS -4 at 10:30, at the latest at 10:35; taken at 10:34."
    )
    assert (local(found.limit), found.severity, found.outstanding) == ("10:35", "C", True)
