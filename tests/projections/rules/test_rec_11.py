"""REC-11: nothing that leaves for one person holds something of the other, unless the other allowed it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.events.fields import WITHHELD
from ledger.events.lifecycle import SessionScheduled
from ledger.events.requests import DisclosureMade, ReleaseOfInformationSigned
from tests.ledger.clinic import ANA, BEN, SESSION, SLOT_A
from tests.projections.rules.day import CARLA, Day
from tests.projections.rules.records_words import ACCESS, Desk, desk
from tests.projections.rules.standing import unreadable

BOTH: dict[str, Any] = {"partner_left_out": False}
SLOT_B = f"{SESSION}/b"


def wrong() -> Desk:
    """A dose of B's stands on A's record since 10:00."""
    return desk().mistakes("10:00")


def strayed(*, signed: bool = True, content: str = "sessions", first: str = "11:00") -> Desk:
    """A's record is shown at 11:00, and at 12:00 it comes out that the dose was B's."""
    day = wrong()
    dose = len(day.placed) - 1
    if first == "11:00":
        day.discloses("11:00", content=[content])
    day.puts_right("12:00", dose)
    return day.confirms("12:05") if signed else day


def copied(*records: str, signed: bool = True, early: bool = True) -> Desk:
    """A copy of these records is made, before or after it is put right."""
    day = wrong()
    dose = len(day.placed) - 1
    if early:
        day.copies("11:00", *records)
    day.puts_right("12:00", dose)
    if signed:
        day.confirms("12:05")
    return day if early else day.copies("13:00", *records)


def waiting() -> Desk:
    """A copy is made between the void and its second person, who signs afterwards."""
    day = wrong()
    return day.puts_right("12:00", len(day.placed) - 1).copies("12:02", SLOT_A).confirms("12:05")


STORIES: list[tuple[str, Callable[[], Day], list[str]]] = [
    ("nothing left", desk, []),
    ("the partner was left out", lambda: desk().discloses("11:00"), ["met"]),
    ("the partner was not left out", lambda: desk().discloses("11:00", **BOTH), ["breached"]),
    ("and had allowed it", lambda: desk().allows("10:00").discloses("11:00", **BOTH), ["met"]),
    ("and allows it afterwards", lambda: desk().discloses("11:00", **BOTH).allows("11:01"), ["breached"]),
    (
        "and had taken it back",
        lambda: desk().allows("10:00").takes_back("10:30").discloses("11:00", **BOTH),
        ["breached"],
    ),
    (
        "and takes it back later",
        lambda: desk().allows("10:00").discloses("11:00", **BOTH).takes_back("11:30", -2),
        ["met"],
    ),
    ("allowed until that day", lambda: desk().allows("10:00", until="2026-05-16").discloses("11:00", **BOTH), ["met"]),
    (
        "until the day before",
        lambda: desk().allows("10:00", until="2026-05-15").discloses("11:00", **BOTH),
        ["breached"],
    ),
    ("somebody else", lambda: desk().allows("10:00", recipient="Dr Who").discloses("11:00", **BOTH), ["breached"]),
    ("another part", lambda: desk().allows("10:00", content=["doses"]).discloses("11:00", **BOTH), ["breached"]),
    ("everything", lambda: desk().allows("10:00", content=["whole-record"]).discloses("11:00", **BOTH), ["met"]),
    ("allowed by themselves only", lambda: desk().allows("10:00", whose=ANA).discloses("11:00", **BOTH), ["breached"]),
    ("nobody's partner", lambda: desk().discloses("11:00", whose=CARLA), ["not-applicable"]),
    ("something of the partner went along", strayed, ["breached"]),
    ("as somebody thinks, and no second person yet", lambda: strayed(signed=False), ["met"]),
    ("in the part that was shown", lambda: strayed(content="doses"), ["breached"]),
    ("not in the part that was shown", lambda: strayed(content="consents"), ["met"]),
    ("shown after it was put right", lambda: strayed(first="").discloses("13:00"), ["breached"]),
    ("a copy of one partner's record", lambda: desk().copies("11:00", SLOT_A), ["met"]),
    ("a copy of everything, for staff", lambda: desk().copies("11:00", SESSION, SLOT_A, SLOT_B, one=False), []),
    ("a copy for one with both in it", lambda: desk().copies("11:00", SLOT_A, SLOT_B), ["breached"]),
    ("a copy with something of the partner", lambda: copied(SLOT_A), ["breached"]),
    ("not confirmed by a second person", lambda: copied(SLOT_A, signed=False), ["met"]),
    ("the partner's own copy", lambda: copied(SLOT_B), ["met"]),
    ("a copy made after it was put right", lambda: copied(SLOT_A, early=False), ["met"]),
    ("made while it waits for a second person", waiting, ["breached"]),
    ("cannot be read", lambda: unreadable(desk().discloses("11:00"), DisclosureMade, "sensitive"), ["cannot-judge"]),
    (
        "who the partner is cannot be read",
        lambda: desk().plans(b=WITHHELD, at="09:30").discloses("11:00"),
        ["cannot-judge"],
    ),
    (
        "whom the partner allowed cannot be read",
        lambda: unreadable(desk().allows("10:00").discloses("11:00", **BOTH), ReleaseOfInformationSigned, "identity"),
        ["cannot-judge"],
    ),
]


@pytest.mark.parametrize(("name", "story", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], expected: list[str]) -> None:
    assert [f.verdict for f in story().findings("REC-11")] == expected, name


def test_it_says_neither_to_whom_nor_what_for_nor_who_the_partner_is() -> None:
    (found,) = desk().discloses("11:00", **BOTH).findings("REC-11")

    assert found.sentence == (
        "A disclosure of Sat 16 May 11:00: the partner's part was not left out, and the partner had not allowed it."
    )
    assert (found.subject, found.session, found.severity, found.causes) == (ANA, "", "C", ("not-left-out",))
    assert BEN not in repr(found)


def test_a_later_reattribution_is_found_now_and_was_not_then_and_rests_on_the_entry() -> None:
    day = strayed()
    dose = next(i for i, each in enumerate(day.placed) if each.event.type == "dose-administered/1")
    shown = next(i for i, each in enumerate(day.placed) if each.event.type == "disclosure-made/1")
    (then,) = day.findings("REC-11", known_at=shown + 1)
    (now,) = day.findings("REC-11")

    assert (then.verdict, now.verdict, now.causes) == ("met", "breached", ("reattributed",))
    assert then.identity == now.identity
    assert {dose, shown} < set(now.evidence)
    assert now.sentence.endswith(f"this was the partner's, as is known now: {dose}.")


def test_what_was_recorded_after_the_copy_did_not_leave_with_it() -> None:
    day = wrong()
    dose = len(day.placed) - 1
    day.copies("11:00", SLOT_A, size=dose).puts_right("12:00", dose).confirms("12:05")

    (found,) = day.findings("REC-11")
    assert (found.verdict, found.subject) == ("met", ACCESS)


def test_of_somebody_who_was_erased_nobody_can_say_who_the_partner_was() -> None:
    day = unreadable(desk().discloses("11:00"), SessionScheduled, "identity")

    assert [f.verdict for f in day.findings("REC-11")] == ["not-applicable"]
