"""REC-05: the whole ledger is verified as often as the protocol says, and it verifies."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ledger.clinic import RN1
from tests.projections.rules.day import Day, local
from tests.projections.rules.records_words import CHECKS, Desk, desk


def keyed(at: str = "16 09:00", **figures: int) -> Desk:
    """The software has a key of its own from now on."""
    return desk(**({"choices": figures} if figures else {})).gets_a_key(at)


def verified(*at: str) -> Desk:
    """It verified the ledger at these times."""
    day = keyed()
    for each in at:
        day.verifies_itself(each)
    return day


PRACTICE = "practice.clinic.example.test/00c0ffee00c0ffee"

STORIES: list[tuple[str, Callable[[], Day], str, list[str]]] = [
    ("the software has no key", desk, "25 18:00", []),
    ("only people have keys", lambda: desk().gets_a_key("10:00", RN1), "25 18:00", []),
    ("for practice", lambda: desk().gets_a_key("10:00", ledger=PRACTICE), "25 18:00", ["not-applicable"]),
    ("never verified, the first is due", keyed, "18 09:00", ["pending"]),
    ("never verified, a second more", keyed, "18 09:00:01", ["breached"]),
    ("verified, not due", lambda: verified("17 09:01"), "18 09:01", ["met"]),
    ("verified, due again", lambda: verified("17 09:01"), "18 09:01:01", ["pending"]),
    ("verified, and not again", lambda: verified("17 09:01"), "19 09:01:01", ["breached"]),
    ("every day a minute later", lambda: verified("17 09:01", "18 09:02", "19 09:03"), "20 09:00", ["met"]),
    ("a day left out", lambda: verified("17 09:01", "19 09:01"), "20 09:00", ["met"]),
    ("more than a day left out", lambda: verified("17 09:01", "19 09:02"), "20 09:00", ["breached", "met"]),
    ("a part of it", lambda: verified("17 09:01").verifies_itself("18 09:00", 12), "19 09:02", ["breached"]),
    ("the part that is new", lambda: verified("17 09:01").verifies_itself("18 09:00", 10, 20), "19 09:00", ["met"]),
    ("as often as the protocol says", lambda: keyed(integrity_every_h=6), "16 21:00:01", ["breached"]),
    ("it does not verify", lambda: verified("17 09:01").does_not_verify("17 10:00"), "18 09:00", ["breached", "met"]),
    (
        "it does not, and does later",
        lambda: verified("17 09:01").does_not_verify("17 10:00").verifies_itself("17 11:00"),
        "18 09:00",
        ["breached", "met"],
    ),
    ("no protocol", lambda: Desk().opens(protocol=False).gets_a_key("09:00"), "25 18:00", ["cannot-judge"]),
]
MOMENTS = ("17 12:00", "20 09:00")


@pytest.mark.parametrize(("name", "story", "as_of", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, expected: list[str]) -> None:
    assert [f.verdict for f in story().findings("REC-05", as_of=as_of)] == expected, name


def test_a_time_too_long_says_from_when_to_when() -> None:
    late, _ = verified("17 09:01", "19 11:01").findings("REC-05", as_of="20 09:00")

    assert late.sentence == (
        "The ledger is verified every 24 h; after Sun 17 May 09:01 it was verified on Tue 19 May 11:01, "
        "2 h 00 after the limit."
    )
    assert (late.subject, late.severity, late.causes, late.outstanding) == (CHECKS, "C", ("late",), False)
    assert (local(late.due), local(late.limit), local(late.made_at)) == ("09:01", "09:01", "11:01")


def test_a_failure_is_itself_the_finding_and_says_where_it_begins() -> None:
    day = verified("17 09:01").does_not_verify("17 10:00").verifies_itself("17 11:00")
    failed, _ = day.findings("REC-05", as_of="18 09:00")

    assert failed.sentence == "The ledger did not verify on Sun 17 May 10:00: signature, leaf, first at position 7."
    assert (failed.subject, failed.severity, failed.causes) == (CHECKS, "C", ("does-not-verify",))
    assert failed.evidence == (len(day.placed) - 2,)
