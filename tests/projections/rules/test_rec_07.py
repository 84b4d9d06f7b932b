"""REC-07: what was written on a device arrives in time and whole, and agrees with this log."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from projections.compliance.finding import Finding
from tests.ledger.clinic import SLOT_A, check
from tests.projections.rules.day import Day, saw


def opened() -> Day:
    return Day().enrols().opens()


def three(*order: int) -> Day:
    """Checks of A with these numbers, received in this order at 11:00, 11:01, and so on."""
    day = opened()
    for at, seq in enumerate(order):
        day.brings("a", f"10:{seq:02d}", seq, received=f"11:{at:02d}")
    return day


STORIES: list[tuple[str, Callable[[], Day], str, tuple[str, ...]]] = [
    ("nothing was written on a device", lambda: opened().gives("a", "10:00"), "not-applicable", ()),
    ("a whole chain", lambda: three(1, 2, 3), "met", ()),
    ("a hole", lambda: three(1, 3), "breached", ("hole",)),
    ("a hole that was closed by what came late", lambda: three(1, 3, 2), "met", ()),
    ("the beginning is missing", lambda: three(2), "breached", ("hole",)),
    (
        "a copy went on beside it",
        lambda: three(1, 2).brings("a", "10:05", 2, copy=7, before=_dig(1)),
        "breached",
        ("fork",),
    ),
    ("it began again", lambda: three(1, 2).brings("a", "10:05", 1, copy=7), "breached", ("reset",)),
    ("another predecessor", lambda: three(1).brings("a", "10:05", 2, before="f" * 64), "breached", ("break",)),
    (
        "exactly 72 h later",
        lambda: opened().hears("19 10:00", 1, 1).brings("a", "10:00", 1, received="19 10:00"),
        "met",
        (),
    ),
    (
        "a second more than 72 h later",
        lambda: opened().hears("19 10:00:01", 1, 1).brings("a", "10:00", 1, received="19 10:00:01"),
        "breached",
        ("late",),
    ),
    (
        "72 h by the right time, by a clock that was an hour behind",
        lambda: opened().hears("19 10:30", 1, 1, -3600).brings("a", "10:00", 1, received="19 10:30"),
        "met",
        (),
    ),
    (
        "late without any device",
        lambda: opened().put(check(), SLOT_A, "10:00", received="20 10:00"),
        "breached",
        ("late",),
    ),
    ("nobody enrolled it", lambda: Day().opens().brings("a", "10:00", 1), "breached", ("not-enrolled",)),
    (
        "it was revoked before",
        lambda: opened().loses_the_tablet("10:00").brings("a", "10:05", 1),
        "breached",
        ("revoked",),
    ),
    ("it was revoked afterwards", lambda: opened().brings("a", "10:05", 1).loses_the_tablet("11:00"), "met", ()),
    ("it had seen this log", lambda: opened().brings("a", "10:00", 1, seen=saw(4)), "met", ()),
    (
        "it had seen another log",
        lambda: opened().brings("a", "10:00", 1, seen=saw(4, other=True)),
        "breached",
        ("contradicts-log",),
    ),
    (
        "it had seen more than there was",
        lambda: opened().brings("a", "10:00", 1, seen=saw(99)),
        "breached",
        ("contradicts-log",),
    ),
    (
        "no figures: cannot judge",
        lambda: Day().enrols().opens(protocol=False).gives("a", "09:30").brings("a", "10:00", 1),
        "cannot-judge",
        ("no-protocol",),
    ),
]


def _dig(seq: int) -> str:
    return Day()._written(seq)  # the day's own name for it


def found(day: Day, **how: object) -> Finding:
    (finding,) = day.findings("REC-07", slot="a", as_of="25 10:00", **how)  # type: ignore[arg-type]
    return finding


@pytest.mark.parametrize(("name", "story", "verdict", "causes"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str, causes: tuple[str, ...]) -> None:
    assert (found(story()).verdict, found(story()).causes) == (verdict, causes), name


def test_a_closed_hole_is_known_still_as_of_then() -> None:
    day = three(1, 3, 2)
    then = day.size_when("11:01")

    assert found(day, known_at=then).verdict == "breached"
    assert "number 2 is missing" in found(day, known_at=then).sentence
    assert "nothing is missing since 11:02, when what was missing came" in found(day).sentence


def test_a_checkpoint_that_is_not_of_this_log_is_critical_and_named_by_its_position() -> None:
    finding = found(opened().brings("a", "10:00", 1, seen=saw(4, other=True)))

    assert finding.severity == "C"
    assert "the entry at position 5 names a checkpoint of 4 entries that is not one of this log's" in finding.sentence


def test_a_hole_is_told_in_every_session_that_stands_beside_it_with_its_evidence() -> None:
    day = opened().brings("a", "10:00", 1).brings("b", "10:05", 4)

    assert [(f.slot, f.causes, f.evidence) for f in day.findings("REC-07")] == [
        ("a", ("hole",), (5, 6)),
        ("b", ("hole",), (5, 6)),
    ]
    assert "number 2 to 3 is missing" in found(day).sentence


def test_late_entries_name_the_bracket_of_the_ledgers_own_clock() -> None:
    day = opened().hears("20 10:00", 1, 1).brings("a", "10:00", 1, received="20 10:00", seen=saw(5))

    assert "written between 09:00 and 10:00" in found(day).sentence
