"""AE-02: of a serious adverse event a prescriber hears at once, and whoever must hear of it outside, in time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.projections.rules.afterwards_words import After, begun
from tests.projections.rules.day import Day
from tests.projections.rules.standing import verdicts


def serious(regime: str = "", role: str = "nurse", criteria: str = "hospitalisation") -> After:
    """Known at 17 09:15, written down at 09:30; the adverse event stands two entries back then."""
    figures = {"choices": {"serious_regime": regime}} if regime else {}
    story = begun(**figures).goes_badly("a", "10:41")
    return story.turns_serious("a", "17 09:30", aware="17 09:15", role=role, criteria=[criteria])


LONG = "31 18:00"
STORIES: list[tuple[str, Callable[[], Day], str, list[str]]] = [
    ("nothing went badly", begun, LONG, ["not-applicable"]),
    ("not serious", lambda: begun().goes_badly("a", "10:41", seriousness="not-serious"), LONG, ["met"]),
    (
        "serious at once, nobody told yet",
        lambda: begun().goes_badly("a", "10:41", seriousness="serious"),
        "10:56",
        ["pending"],
    ),
    (
        "serious at once, nobody told",
        lambda: begun().goes_badly("a", "10:41", seriousness="serious"),
        "10:56:01",
        ["breached"],
    ),
    ("told at the limit", lambda: serious().calls("a", "17 09:30"), LONG, ["met"]),
    ("told a minute late", lambda: serious().calls("a", "17 09:31"), LONG, ["breached"]),
    ("told before it was known", lambda: serious().calls("a", "17 09:10"), LONG, ["breached"]),
    ("told about the partner", lambda: serious().calls("b", "17 09:20"), LONG, ["breached"]),
    ("the signer is a prescriber", lambda: serious(role="prescriber"), LONG, ["met"]),
    (
        "an IND, reported after 14 days",
        lambda: serious("ind", "prescriber").reports("a", "31 09:15", of=-2),
        LONG,
        ["met", "met"],
    ),
    ("an IND, not reported yet", lambda: serious("ind", "prescriber"), "31 18:00", ["met", "pending"]),
    (
        "a death under an IND, after 7 days",
        lambda: serious("ind", "prescriber", "death").reports("a", "24 09:15", of=-2),
        LONG,
        ["met", "met"],
    ),
    (
        "a minute later",
        lambda: serious("ind", "prescriber", "death").reports("a", "24 09:16", of=-2),
        LONG,
        ["met", "breached"],
    ),
    (
        "the REMS, reported to somebody else",
        lambda: serious("rems", "prescriber").reports("a", "18 09:16", of=-2),
        LONG,
        ["met", "breached"],
    ),
    (
        "the REMS",
        lambda: serious("rems", "prescriber").reports("a", "24 09:15", of=-2, receiver="rems"),
        LONG,
        ["met", "met"],
    ),
    ("whether it is serious is gone", lambda: serious().loses("adverse", "sensitive"), LONG, ["cannot-judge"]),
]
MOMENTS = ("10:56", LONG)


@pytest.mark.parametrize(("name", "story", "as_of", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, expected: list[str]) -> None:
    assert verdicts(story(), "AE-02", as_of=as_of) == expected, name


def test_the_two_clocks_are_two_findings_of_one_adverse_event() -> None:
    told, reported = serious("rems").findings("AE-02", slot="a", as_of=LONG)

    assert (told.verdict, reported.verdict) == ("breached", "breached")
    assert told.identity != reported.identity
    assert "within 15 min of learning that the adverse event is serious, at Sun 17 May 09:15" in told.sentence
    assert "a report to rems within 7 days of Sun 17 May 09:15" in reported.sentence
    assert {told.severity, reported.severity} == {"C"}
