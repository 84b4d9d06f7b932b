"""ORD-03: below the protocol's caps, and no infusion too fast."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.events.arrival import PreDoseAssessed
from tests.ledger.clinic import SLOT_A, dose
from tests.projections.rules.day import Day, instant
from tests.projections.rules.standing import VIAL, causes, evaluated, measured, received, unreadable, verdicts


def dosed(route: str, mg: str, weight: str | None = None, stopped: str | None = None) -> Day:
    changes: dict[str, Any] = {"route": route, "weight": weight}
    if stopped is not None:
        changes["stopped_at"] = instant(stopped)
    return Day().opens().put(dose(mg, **changes), SLOT_A, "10:00")


def sprayed(mg: str) -> Day:
    day = received(Day().opens(), drug="esketamine", form="nasal-device", concentration=None)
    return day.put(dose(mg, container=VIAL, route="intranasal"), SLOT_A, "10:00")


def unweighed() -> Day:
    return unreadable(measured(dosed("intramuscular", "30"), "a", weight="70"), PreDoseAssessed, "clinical")


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: Day().opens(), "not-applicable"),
    ("a lozenge at the cap", lambda: dosed("sublingual", "200"), "met"),
    ("a lozenge above it", lambda: dosed("sublingual", "200.5"), "breached"),
    ("swallowed, at the cap", lambda: dosed("oral", "300"), "met"),
    ("by needle, no weight", lambda: dosed("intramuscular", "30"), "breached"),
    ("by needle, at both caps", lambda: dosed("intramuscular", "75", "100"), "met"),
    ("by needle, above the cap by weight", lambda: dosed("intramuscular", "75", "99"), "breached"),
    ("by needle, above the cap", lambda: dosed("intramuscular", "81", "150"), "breached"),
    ("an infusion of 40 min", lambda: dosed("intravenous", "35", "70", "10:40"), "met"),
    ("an infusion of 39 min", lambda: dosed("intravenous", "35", "70", "10:39"), "breached"),
    ("an infusion still running", lambda: dosed("intravenous", "35", "70"), "pending"),
    ("too much by weight, still running", lambda: dosed("intravenous", "36", "70"), "breached"),
    ("esketamine at its own cap", lambda: sprayed("84"), "met"),
    ("esketamine above it", lambda: sprayed("85"), "breached"),
    ("the weight cannot be read", unweighed, "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "ORD-03") == [verdict], name


def test_the_last_weight_on_record_counts_when_the_dose_says_none() -> None:
    day = measured(evaluated(dosed("intramuscular", "45"), "a", weight="50"), "a", weight="60")
    older = evaluated(dosed("intramuscular", "45"), "a", weight="50")

    assert verdicts(day, "ORD-03") == ["met"]
    assert causes(older, "ORD-03") == [("above-per-kg",)]


def test_the_sentence_shows_what_was_compared() -> None:
    (finding,) = dosed("intramuscular", "40", "85").findings("ORD-03", slot="a")

    assert "at most 0.75 mg/kg; 0.471 mg/kg at 85 kg" in finding.sentence
