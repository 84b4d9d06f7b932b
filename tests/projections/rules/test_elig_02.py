"""ELIG-02: who evaluated held a licence and a DEA registration there, on that day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.ledger.clinic import MD1, make
from tests.projections.rules.day import Day
from tests.projections.rules.standing import credential, evaluated, unknown_person


def held(*kinds: str, **changes: Any) -> Day:
    day = Day()
    for kind in kinds:
        credential(day, MD1, kind, **changes)
    return evaluated(day.opens(), "a").gives("a", "10:00")


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: Day().opens(), "not-applicable"),
    ("not evaluated, which is another rule", lambda: Day().opens().gives("a", "10:00"), "not-applicable"),
    ("both", lambda: held("licence", "dea"), "met met"),
    ("no registration", lambda: held("licence"), "met breached"),
    ("none", held, "breached breached"),
    ("for another state", lambda: held("licence", "dea", states=["NJ"]), "breached breached"),
    ("ended the day before", lambda: held("licence", "dea", expires="2026-05-04"), "breached breached"),
    ("ended on that day, which is still valid", lambda: held("licence", "dea", expires="2026-05-05"), "met met"),
    ("began on that day", lambda: held("licence", "dea", effective="2026-05-05"), "met met"),
    ("nobody knows whose", lambda: unknown_person(held("licence", "dea")), "cannot-judge cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert [f.verdict for f in story().findings("ELIG-02", slot="a")] == verdict.split(), name


def test_a_revocation_that_counts_from_before_changes_now_and_not_then() -> None:
    day = held("licence", "dea")
    then = len(day.placed)
    revoked = make(
        "credential-revoked/1",
        credential="dea",
        effective="2026-05-16",
        granted=None,
        imposed_by="issuer",
        retroactive_from="2026-05-01",
        states=[],
        verification=None,
        reason=None,
    )
    day.put(revoked, MD1, "17:00")

    assert [f.verdict for f in day.findings("ELIG-02", slot="a")] == ["met", "breached"]
    assert [f.verdict for f in day.findings("ELIG-02", slot="a", known_at=then)] == ["met", "met"]
    assert [f.causes for f in day.findings("ELIG-02", slot="a")][1] == ("revoked",)
