"""REC-10: whoever opened a record that was not theirs to open is reviewed within days."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ledger.clinic import RN1
from tests.projections.rules.day import Day, local
from tests.projections.rules.records_words import ACCESS, OFFICER, Desk, desk


def used(at: str = "10:00") -> Desk:
    return desk().breaks_glass(at)


STORIES: list[tuple[str, Callable[[], Day], str, list[str]]] = [
    ("nobody used it", desk, "25 18:00", []),
    ("not reviewed, 72 h later", used, "19 10:00", ["pending"]),
    ("not reviewed, a second more", used, "19 10:00:01", ["breached"]),
    ("reviewed after 72 h", lambda: used().reviews("19 10:00", -1), "25 18:00", ["met"]),
    ("reviewed a minute later", lambda: used().reviews("19 10:01", -1), "25 18:00", ["breached"]),
    ("a review that does not name it", lambda: used().reviews("17 10:00"), "25 18:00", ["breached"]),
    ("reviewed by who used it", lambda: used().reviews("17 10:00", -1, by=RN1), "25 18:00", ["breached"]),
    (
        "two uses, one review of one",
        lambda: used().breaks_glass("11:00").reviews("17 10:00", -2),
        "25 18:00",
        ["met", "breached"],
    ),
    ("no protocol", lambda: Desk().opens(protocol=False).breaks_glass("10:00"), "25 18:00", ["cannot-judge"]),
]
MOMENTS = ("25 18:00",)


@pytest.mark.parametrize(("name", "story", "as_of", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, expected: list[str]) -> None:
    assert [f.verdict for f in story().findings("REC-10", as_of=as_of)] == expected, name


def test_it_says_who_and_when_and_neither_whose_record_nor_why() -> None:
    day = used().reviews("19 11:30", -1, by=OFFICER)
    (found,) = day.findings("REC-10", as_of="25 18:00")

    assert found.sentence == (
        f"{RN1} opened a record by emergency access on Sat 16 May 10:00; reviewed on Tue 19 May 11:30, 1 h 30 "
        "after the limit; at most 72 h are allowed."
    )
    assert (found.subject, found.session, found.slot, found.staff, found.severity) == (ACCESS, "", "", RN1, "M")
    assert (local(found.limit), local(found.made_at), found.outstanding, found.causes) == (
        "10:00",
        "11:30",
        False,
        ("late",),
    )
    assert found.evidence == (len(day.placed) - 2, len(day.placed) - 1)


def test_a_review_that_was_written_down_later_counts_now_and_did_not_then() -> None:
    day = used()
    known = len(day.placed)
    day.reviews("17 10:00", -1, recorded="20 10:00")

    assert [f.verdict for f in day.findings("REC-10", as_of="20 12:00", known_at=known)] == ["breached"]
    assert [f.verdict for f in day.findings("REC-10", as_of="20 12:00")] == ["met"]
