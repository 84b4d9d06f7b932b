"""SUP-14: what could not be obtained at a check carries a reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ledger.clinic import SLOT_A, blank, make
from tests.projections.rules.day import Day
from tests.projections.rules.standing import verdicts
from tests.projections.rules.watching_words import dosed


def empty(at: str = "10:15") -> Day:
    return dosed().put(make("supervision-checked/1", **blank("supervision-checked/1") | {"cuff": "CUFF-1"}), SLOT_A, at)


STORIES: list[tuple[str, Callable[[], Day], str, list[str]]] = [
    ("nobody was dosed", lambda: Day().opens().looks_at("a", "10:15"), "18:00", ["not-applicable"]),
    ("everything was obtained", lambda: dosed().looks_at("a", "10:15"), "18:00", ["not-applicable"]),
    ("not obtained, with its reason", lambda: dosed().glances_at("a", "10:15"), "18:00", ["met"]),
    ("nothing obtained, and no reason", empty, "18:00", ["breached"]),
    ("an empty look before the dose is another rule's", lambda: empty("09:50"), "18:00", ["not-applicable"]),
    (
        "what was obtained is gone",
        lambda: dosed().looks_at("a", "10:15").loses("supervision-checked", "clinical"),
        "18:00",
        ["cannot-judge"],
    ),
    (
        "why something was not is gone",
        lambda: dosed().glances_at("a", "10:15").loses("supervision-checked", "sensitive"),
        "18:00",
        ["cannot-judge"],
    ),
]


@pytest.mark.parametrize(("name", "story", "as_of", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, expected: list[str]) -> None:
    assert verdicts(story(), "SUP-14", as_of=as_of) == expected, name


def test_the_sentence_names_each_value_and_its_reason() -> None:
    (found,) = dosed().glances_at("a", "10:15").findings("SUP-14", slot="a")
    (missing,) = empty().findings("SUP-14", slot="a")

    assert found.sentence == "A: not obtained at the check of 10:15: blood-pressure (declined)."
    assert missing.sentence == "A: nothing was obtained at the check of 10:15, and no reason was given."
    assert missing.severity == "m"


def test_an_empty_check_with_reasons_or_without_does_not_satisfy_sup_05() -> None:
    for story in (empty(), dosed().glances_at("a", "10:15")):
        assert verdicts(story, "SUP-05", as_of="10:21") == ["breached"]
