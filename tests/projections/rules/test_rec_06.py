"""REC-06: what a device's clock showed is known, and it was right to within the limit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.payload import DeviceLink
from projections.compliance.finding import Finding
from tests.ledger.clinic import SESSION, make
from tests.projections.rules.day import TABLET, Day, local, saw


def opened() -> Day:
    return Day().enrols().opens()


def offline(ahead: float | None) -> Day:
    """Two checks of A written offline, 10:10 and 10:20 by the tablet, handed in at 11:00."""
    day = opened().hears("11:00", 1, 2, ahead)
    return day.brings("a", "10:10", 1, received="11:00").brings("a", "10:20", 2, received="11:00")


STORIES: list[tuple[str, Callable[[], Day], str, str]] = [
    ("nothing was written on a device: not applicable", lambda: opened().gives("a", "10:00"), "not-applicable", "M"),
    ("a tap that came as it was written: met", lambda: opened().brings("a", "10:00", 1), "met", "M"),
    ("a batch with the right time: met", lambda: offline(0), "met", "M"),
    ("a clock exactly 60 s off: met", lambda: offline(60), "met", "M"),
    ("a clock 60.001 s off: minor", lambda: offline(60.001), "breached", "m"),
    ("a clock 7 min ahead: minor", lambda: offline(420), "breached", "m"),
    ("a clock exactly 10 min behind: minor", lambda: offline(-600), "breached", "m"),
    ("a clock more than 10 min behind: major", lambda: offline(-601), "breached", "M"),
    ("a device that told no time: major", lambda: offline(None), "breached", "M"),
    (
        "late, and no sync at all: major",
        lambda: opened().brings("a", "10:10", 1, received="11:00"),
        "breached",
        "M",
    ),
    (
        "no figures: cannot judge",
        lambda: Day().enrols().opens(protocol=False).gives("a", "09:30").brings("a", "10:00", 1),
        "cannot-judge",
        "M",
    ),
]


def found(day: Day, slot: str = "a") -> Finding:
    (finding,) = day.findings("REC-06", slot=slot)
    return finding


@pytest.mark.parametrize(("name", "story", "verdict", "severity"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str, severity: str) -> None:
    assert (found(story()).verdict, found(story()).severity) == (verdict, severity), name


def test_one_finding_for_a_whole_batch_and_one_for_each_batch() -> None:
    day = offline(420).hears("12:00", 3, 3, 420).brings("a", "11:50", 3, received="12:00")

    assert [(f.verdict, f.evidence) for f in day.findings("REC-06", slot="a")] == [
        ("breached", (5, 6, 7)),
        ("breached", (8, 9)),
    ]


def test_joint_entries_concern_both_partners() -> None:
    phase = make("session-phase-changed/1", covers=["a", "b"], phase="peak")
    link = DeviceLink(id=TABLET, prev=None, seq=1)
    day = opened().hears("11:00", 1, 1, 420).put(phase, SESSION, "10:00", received="11:00", device=link)

    assert [f.slot for f in day.findings("REC-06") if f.verdict == "breached"] == ["a", "b"]


def test_the_sentence_says_both_times_and_the_bracket_by_the_ledgers_own_clock() -> None:
    day = opened().hears("11:00", 1, 1, 420)
    day.brings("a", "10:10", 1, received="11:00", seen=saw(5))

    assert found(day).sentence == (
        "A: 1 entry of T-1, received at 11:00, by a clock that was 7 min ahead, to within 2 s; their times count "
        "that much earlier: 10:10 counts as 10:03; written between 09:00 and 11:00."
    )


def test_what_was_signed_stays_and_rules_use_the_adjusted_time() -> None:
    """A check at 10:27 by a clock 7 min ahead was made at 10:20, in time; by its claim it came too late."""
    dosed = Day().enrols().opens().gives("a", "10:00")
    by_clock = dosed.hears("10:30", 1, 1, 420).brings("a", "10:27", 1, received="10:30")

    (first, *_) = by_clock.findings("SUP-05", slot="a")
    assert (first.verdict, local(first.made_at)) == ("met", "10:20")
    assert by_clock.placed[-1].payload.occurred.at.startswith("2026-05-16T14:27")


def test_the_drift_is_known_before_anything_of_the_batch_so_no_size_of_the_log_judges_without_it() -> None:
    day = Day().enrols().opens().gives("a", "10:00").hears("10:30", 1, 1, 420)
    day.brings("a", "10:27", 1, received="10:30")

    for size in range(len(day.placed) + 1):
        made = {local(f.made_at) for f in day.findings("SUP-05", slot="a", known_at=size) if f.made_at}
        assert made <= {"10:20"}


def test_a_clock_years_wrong_is_a_finding_like_any_other() -> None:
    for ahead in (-60.0 * 60 * 24 * 365 * 30, 60.0 * 60 * 24 * 365 * 7000):
        assert found(offline(ahead)).severity == "M"
