"""REC-02: a critical correction is open at once, gone when a second person signed it, and stays when disputed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ledger.chart import mg
from tests.ledger.clinic import MD1, PT1, RN1
from tests.projections.rules.day import Day

HALF = ("mass", mg("100"), mg("50"))


def wrong_mass() -> Day:
    return Day().opens().gives("a", "10:00").corrects("11:00", HALF)


PRESSURE = ("blood_pressure.systolic", 128, 182)


def sealed(change: tuple[str, int, int]) -> Day:
    return Day().opens().gives("a", "10:00").corrects("11:00", clinical=[change])


def unreadable() -> Day:
    day = Day().opens().looks_at("a", "10:00").corrects("11:00", clinical=[("spo2", 98, 97)])
    return day.loses("entry", "clinical")


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("nothing was corrected", lambda: Day().opens().gives("a", "10:00"), "not-applicable"),
    ("a mass, alone", wrong_mass, "breached"),
    ("a mass, signed by a second person", lambda: wrong_mass().signs("11:05"), "met"),
    ("a mass, signed by its corrector again", lambda: wrong_mass().signs("11:05", by=RN1, role="nurse"), "breached"),
    ("a mass, disputed", lambda: wrong_mass().signs("11:05", verdict="disputes"), "breached"),
    (
        "a mass, disputed by one and signed by another",
        lambda: wrong_mass().signs("11:05", verdict="disputes").signs("11:06", of=-2, by=PT1, role="therapist"),
        "breached",
    ),
    (
        "a mass, disputed and then signed by the same",
        lambda: wrong_mass().signs("11:05", verdict="disputes").signs("11:06", of=-2),
        "met",
    ),
    ("a void of a dose", lambda: Day().opens().gives("a", "10:00").voids("11:00"), "breached"),
    (
        "how long it was held",
        lambda: Day().opens().gives("a", "10:00").corrects("11:00", clinical=[("hold_min", 12, 10)]),
        "not-applicable",
    ),
    (
        "something of a check, which was erased",
        lambda: (
            Day()
            .opens()
            .looks_at("a", "10:00")
            .corrects("11:00", clinical=[("spo2", 98, 97)])
            .loses("entry", "clinical")
        ),
        "cannot-judge",
    ),
    (
        "a pressure of a check",
        lambda: (
            Day().opens().looks_at("a", "10:00").corrects("11:00", clinical=[("blood_pressure.systolic", 128, 182)])
        ),
        "breached",
    ),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    (finding,) = story().findings("REC-02", slot="a")

    assert finding.verdict == verdict, name


def test_it_is_open_at_once_and_gone_now_when_signed_but_not_gone_then() -> None:
    day = wrong_mass().signs("15:00")

    def verdicts(**asked: str | int) -> list[str]:
        return [finding.verdict for finding in day.findings("REC-02", slot="a", **asked)]  # type: ignore[arg-type]  # as_of or known_at

    assert verdicts(as_of="10:30") == ["not-applicable"]
    assert verdicts(as_of="11:00") == ["breached"]
    assert verdicts(as_of="14:59") == ["breached"]
    assert verdicts(as_of="15:00") == ["met"]
    assert verdicts(as_of="18:00", known_at=len(day.placed) - 1) == ["breached"]


def test_a_correction_taken_back_is_nothing_any_more() -> None:
    day = wrong_mass().signs("11:05").voids("12:00", of=-2, by=MD1).signs("12:05", by=RN1, role="nurse")

    by_entry = {finding.evidence[:2]: finding.verdict for finding in day.findings("REC-02", slot="a")}
    assert sorted(by_entry.values()) == ["met", "not-applicable"], "the void of it is signed, itself it is nothing"


def test_the_other_partner_has_no_part_in_it() -> None:
    assert [finding.verdict for finding in wrong_mass().findings("REC-02", slot="b")] == ["not-applicable"]


def test_other_rules_count_what_counts() -> None:
    day = Day().opens().gives("a", "10:00").gives("a", "10:01")
    assert [f.verdict for f in day.findings("REC-09", slot="a")] == ["breached"]

    day.voids("11:00")
    assert [f.verdict for f in day.findings("REC-09", slot="a")] == ["breached"], "nobody has signed the void yet"

    day.signs("11:05")
    assert [f.verdict for f in day.findings("REC-09", slot="a")] == ["not-applicable"]
    assert [f.verdict for f in day.findings("REC-09", slot="a", known_at=len(day.placed) - 1)] == ["breached"]


def test_a_corrected_time_moves_the_clock_of_the_checks() -> None:
    day = Day().opens().gives("a", "10:30")
    at = day.placed[-1].payload.occurred.at
    day.corrects("10:40", ("occurred.at", at, at.replace("T14:30", "T14:20"))).signs("10:41")

    (finding,) = day.findings("SUP-05", slot="a", as_of="10:42")
    assert finding.due == "2026-05-16T14:35:00.000000Z"
    (then,) = day.findings("SUP-05", slot="a", as_of="10:42", known_at=len(day.placed) - 1)
    assert then.due == "2026-05-16T14:45:00.000000Z"
