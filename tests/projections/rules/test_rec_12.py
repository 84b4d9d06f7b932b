"""REC-12: whoever asks for their record, its amendment or its erasure is answered in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from projections.compliance.apart import months_later
from tests.ledger.clinic import ANA, BEN, blank, make
from tests.projections.rules.day import Day, local
from tests.projections.rules.records_words import OFFICER, Desk, desk

ACCESS, AMEND, ERASE = "access-request-received", "amendment-requested", "erasure-requested"
DAYS = {"access_request_days": 10, "amendment_request_days": 12, "erasure_request_months": 0}


def asked(what: str = ACCESS, at: str = "17 12:00", **changes: str) -> Desk:
    """On the 17th somebody asks; access is answered by the 27th, an amendment by the 29th, an erasure the same day."""
    return desk(choices=DAYS).asks_for(what, at, **changes)


def erased(at: str) -> Desk:
    """Instead of an answer the person is erased."""
    day = asked(ERASE)
    event = make("subject-erased/1", **(blank("subject-erased/1") | {"blocks": {"count": 0, "root": "0" * 64}}))
    return day.put(event, ANA, at, who=[(OFFICER, "authorised", "privacy-officer")])


STORIES: list[tuple[str, Callable[[], Day], str, list[str]]] = [
    ("nobody asked", desk, "31 18:00", []),
    ("not answered on the last day", asked, "27 23:59:59", ["pending"]),
    ("not answered the day after", asked, "28 00:00", ["breached"]),
    (
        "fulfilled late on the last day",
        lambda: asked().answers("access-request-fulfilled", "27 23:59"),
        "31 18:00",
        ["met"],
    ),
    (
        "fulfilled a minute later",
        lambda: asked().answers("access-request-fulfilled", "28 00:00"),
        "31 18:00",
        ["breached"],
    ),
    (
        "denied",
        lambda: asked().answers("access-request-denied", "20 09:00", basis="other", in_part=False),
        "31 18:00",
        ["met"],
    ),
    ("an amendment, last day", lambda: asked(AMEND), "29 23:59:59", ["pending"]),
    ("an amendment, the day after", lambda: asked(AMEND), "30 00:00", ["breached"]),
    ("an amendment accepted", lambda: asked(AMEND).answers("amendment-accepted", "29 10:00"), "31 18:00", ["met"]),
    (
        "an amendment denied",
        lambda: asked(AMEND).answers("amendment-denied", "29 10:00", basis="accurate"),
        "31 18:00",
        ["met"],
    ),
    ("an erasure, the same day of the month", lambda: asked(ERASE), "17 23:59:59", ["pending"]),
    ("an erasure, the day after", lambda: asked(ERASE), "18 00:00", ["breached"]),
    (
        "an erasure refused",
        lambda: asked(ERASE).answers("erasure-refused", "17 15:00", basis="retention"),
        "31 18:00",
        ["met"],
    ),
    (
        "an erasure scheduled",
        lambda: asked(ERASE).answers("erasure-scheduled", "17 15:00", not_before="2036-05-16"),
        "31 18:00",
        ["met"],
    ),
    ("erased at once", lambda: erased("17 15:00"), "31 18:00", ["met"]),
    (
        "two requests, the second answered",
        lambda: asked().asks_for(ACCESS, "17 13:00").answers("access-request-fulfilled", "20 09:00"),
        "31 18:00",
        ["breached", "met"],
    ),
    (
        "the answer stands on another record",
        lambda: asked().answers("access-request-fulfilled", "20 09:00", whose=BEN),
        "31 18:00",
        ["breached"],
    ),
    ("received earlier than written down", lambda: asked(received_on="2026-05-10"), "21 00:00", ["breached"]),
    ("no protocol", lambda: Desk().opens(protocol=False).asks_for(ACCESS, "17 12:00"), "31 18:00", ["cannot-judge"]),
]
MOMENTS = ("27 23:59:59", "31 18:00")


@pytest.mark.parametrize(("name", "story", "as_of", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, expected: list[str]) -> None:
    assert [f.verdict for f in story().findings("REC-12", as_of=as_of)] == expected, name


def test_it_is_about_that_persons_record_and_says_nothing_that_is_sealed() -> None:
    day = asked().answers("access-request-denied", "28 10:00", basis="endangers", in_part=True, note="Ask MD1 first.")
    (found,) = day.findings("REC-12", as_of="31 18:00")

    assert found.sentence == (
        "A request to see a record, received on 2026-05-17, is answered by the end of 2026-05-27; answered on "
        "Thu 28 May 10:00, 10 h 00 after the limit."
    )
    assert (found.subject, found.session, found.severity, found.causes) == (ANA, "", "M", ("late",))
    assert (local(found.limit), local(found.made_at), found.outstanding) == ("23:59:59", "10:00", False)


def test_defaults_are_30_and_60_days_and_the_same_day_of_the_next_month() -> None:
    for what, limit in ((ACCESS, "2026-06-16"), (AMEND, "2026-07-16"), (ERASE, "2026-06-17")):
        (found,) = desk().asks_for(what, "17 12:00").findings("REC-12", as_of="31 18:00")

        assert f"by the end of {limit}" in found.sentence


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-05-17", 3, "2026-08-17"),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(day: str, months: int, expected: str) -> None:
    assert months_later(date.fromisoformat(day), months) == date.fromisoformat(expected)


def test_an_answer_that_was_voided_answers_nothing_now_and_did_then() -> None:
    day = asked().answers("access-request-fulfilled", "20 09:00")
    known = len(day.placed)
    day.voids("21 09:00", by=OFFICER)

    assert [f.verdict for f in day.findings("REC-12", as_of="31 18:00")] == ["breached"]
    assert [f.verdict for f in day.findings("REC-12", as_of="31 18:00", known_at=known)] == ["met"]
