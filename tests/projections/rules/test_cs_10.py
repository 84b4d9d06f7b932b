"""CS-10: records of the controlled substance are always on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.errors import Invalid
from ledger.events.choices import Parameters2
from tests.ledger.clinic import dose, make
from tests.projections.rules.day import Day
from tests.projections.rules.standing import verdicts

STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: Day().opens(), "not-applicable"),
    ("dosed", lambda: Day().opens().gives("a", "10:00"), "met"),
    ("without a protocol", lambda: Day().opens(protocol=False).gives("a", "10:00"), "met"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "CS-10", "a") == [verdict], name


def test_it_names_every_dose() -> None:
    (finding,) = Day().opens().gives("a", "10:00").gives("a", "10:45", "50").findings("CS-10", slot="a")

    assert finding.sentence == "A: every dose, 2 in number, was kept with container, amount and who gave it."
    assert len(finding.evidence) == 2


@pytest.mark.parametrize("field", ["container", "mass"])
def test_there_is_no_dose_without_it(field: str) -> None:
    fields = dose("100").model_dump()

    with pytest.raises((ValueError, Invalid)):
        make("dose-administered/1", **(fields | {field: None}))


def test_a_protocol_has_no_switch_for_it() -> None:
    names = {name for part in Parameters2.model_fields for name in type(getattr(Parameters2(), part)).model_fields}

    assert not {name for name in names if "keep" in name or "record" in name or "log" in name}
