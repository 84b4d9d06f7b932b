"""ELIG-03: the person's own consent, in date, on the form in force, to just this."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.events.eligibility import ConsentSigned
from tests.ledger.clinic import SLOT_B, make
from tests.projections.rules.day import Day
from tests.projections.rules.standing import (
    causes,
    consented,
    form_published,
    narrowed,
    unknown_person,
    unreadable,
    verdicts,
    withdrawn,
)


def agreed(at: str = "5 11:00", **changes: Any) -> Day:
    return consented(form_published(Day().opens()), "a", at, **changes).gives("a", "10:00")


def less(**scope: Any) -> Day:
    day = consented(form_published(Day().opens()), "a")
    return narrowed(day, "a", "15 10:00", day.placed[-1].dig, **scope).gives("a", "10:00")


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: Day().opens(), "not-applicable"),
    ("none", lambda: form_published(Day().opens()).gives("a", "10:00"), "breached"),
    ("agreed", agreed, "met"),
    ("in the minute of the dose, which is not before it", lambda: agreed("10:00"), "breached"),
    ("withdrawn before the dose", lambda: withdrawn(agreed(), "a", "09:59"), "breached"),
    ("withdrawn after the dose", lambda: withdrawn(agreed(), "a", "10:30"), "met"),
    ("its last day is the day", lambda: agreed(valid_until="2026-05-16"), "met"),
    ("its last day was yesterday", lambda: agreed(valid_until="2026-05-15"), "breached"),
    ("another version than the one in force", lambda: agreed(version="v2"), "breached"),
    ("not by this route", lambda: agreed(routes=["oral"]), "breached"),
    ("not off label", lambda: agreed(off_label_ketamine=False), "breached"),
    ("not together, and both came to be dosed", lambda: agreed(joint=False), "breached"),
    ("not alone, and both came to be dosed", lambda: agreed(solo=False), "met"),
    ("narrowed to another route", lambda: less(routes=[]), "breached"),
    ("narrowed, and still enough", lambda: less(solo=False), "met"),
    ("no form on record", lambda: consented(Day().opens(), "a").gives("a", "10:00"), "breached"),
    ("cannot be read", lambda: unreadable(agreed(), ConsentSigned, "clinical"), "cannot-judge"),
    ("nobody knows whose", lambda: unknown_person(agreed()), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "ELIG-03", "a") == [verdict], name


@pytest.mark.parametrize(("days", "verdict"), [(11, "met"), (10, "breached")])
def test_a_form_without_an_end_lasts_as_long_as_the_protocol_says(days: int, verdict: str) -> None:
    day = form_published(Day().opens(eligibility={"consent_valid_days": days}))

    assert verdicts(consented(day, "a").gives("a", "10:00"), "ELIG-03") == [verdict]


def test_a_new_version_counts_from_its_day_on() -> None:
    day = form_published(agreed(), "v4", since="2026-05-17", at="15 12:00")
    sooner = form_published(agreed(), "v4", since="2026-05-16", at="15 12:00")

    assert verdicts(day, "ELIG-03") == ["met"]
    assert causes(sooner, "ELIG-03") == [("old-form",)]


def test_a_protocol_may_accept_an_old_form() -> None:
    day = Day().opens(eligibility={"consent_must_be_current": False})

    assert verdicts(consented(day, "a", version="v1").gives("a", "10:00"), "ELIG-03") == ["met"]


def test_every_dose_is_looked_at_and_the_first_without_consent_is_named() -> None:
    day = withdrawn(agreed(), "a", "10:20").gives("a", "10:50", "50")
    (finding,) = day.findings("ELIG-03", slot="a")

    assert (finding.verdict, finding.causes) == ("breached", ("withdrawn",))
    assert "10:50" in finding.sentence


def test_after_the_partner_declined_the_consent_has_to_cover_a_dose_alone() -> None:
    day = form_published(Day().opens())
    consented(day, "a", solo=False)
    declined(day)

    assert causes(day.gives("a", "10:00"), "ELIG-03") == [("not-covered",)]
    assert "partner" not in day.findings("ELIG-03", slot="a")[0].sentence


def declined(day: Day) -> None:
    """The partner declines, and stays as support."""
    fields = {
        "note": None,
        "pressure_concern": False,
        "private": True,
        "reason_class": "withheld",
        "role_after": "sober-support",
        "stage": "first",
    }
    day.put(make("dose-declined/1", **fields), SLOT_B, "09:43")
