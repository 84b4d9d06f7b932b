"""CS-03: a place that holds the clinic's stock is counted before the first of it, every other year, and every week."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from projections.compliance.judge import next_change
from tests.ledger.clinic import MD1, PLACE, RN1, make, uuid
from tests.projections.rules.day import Day, instant, local
from tests.projections.rules.standing import VIAL, handed_in, received
from tests.projections.rules.stock_words import counted, found, mass

RETREAT = f"location/{uuid(23)}"
ALONE = ((RN1, "performed", "nurse"),)
TWICE = ((RN1, "performed", "nurse"), (RN1, "verified", "nurse"))
FOUND = ("none", "none", "none", "none")
"""What is wrong with each limb when nobody ever counted."""


def stock(initial: str = "2 09:59", *, protocol: bool = True, who: Any = None, **figures: Any) -> Day:
    """An initial count, then a vial at 10:00 of the 2nd."""
    day = Day().opens(protocol=protocol, **figures)
    if initial:
        counted(day, initial, kind="initial", **({"who": who} if who else {}))
    return received(day, "2 10:00")


def weekly(*ats: str, **how: Any) -> Day:
    day = stock(**how)
    for at in ats:
        counted(day, at, "500")
    return day


def destroyed(day: Day, at: str) -> Day:
    fields: dict[str, Any] = {
        "amount": mass("500"),
        "document": None,
        "form": "41",
        "method": "burnt",
        "units": None,
        "volume": None,
    }
    return day.put(make("inventory-destroyed/1", **fields), VIAL, at)


def moved(day: Day, departed: str, arrived: str) -> Day:
    fields: dict[str, Any] = {
        "amount": mass("500"),
        "arrived_at": instant(arrived),
        "carrier": None,
        "departed_at": instant(departed),
        "from_dea": None,
        "from_location": PLACE,
        "seals": [],
        "to_dea": None,
        "to_location": RETREAT,
        "units": None,
        "volume": None,
    }
    return day.put(make("custody-transferred/1", **fields), VIAL, arrived)


Told = tuple[str, ...]
FINE: Told = ("", "", "", "")
STORIES: list[tuple[str, Callable[[], Day], str, Told]] = [
    ("counted before and since", lambda: weekly("9 18:00"), "16 18:00", FINE),
    ("the initial count in the minute of the first stock", lambda: stock("2 10:00"), "9 18:00", FINE),
    ("a minute after it", lambda: stock("2 10:01"), "9 18:00", ("late", "", "", "")),
    ("no initial count", lambda: counted(stock(""), "9 18:00", "500"), "16 18:00", ("none", "none", "", "")),
    ("a week to the end of the day", lambda: weekly("9 08:00"), "16 23:59:59", FINE),
    ("a week and a second", lambda: weekly("9 08:00"), "17 00:00", ("", "", "too-long-ago", "")),
    ("another figure of the protocol", lambda: weekly("9 08:00", substance={"count_every_days": 8}), "17 00:00", FINE),
    ("every two years", lambda: counted(stock(), "2028-05-01 18:00", "500"), "2028-05-01 23:59:59", FINE),
    ("730 days and a second", lambda: counted(stock(), "2028-05-01 18:00", "500"), "2028-05-02 00:00",
     ("", "too-long-ago", "", "")),
    ("a biennial count", lambda: counted(stock(), "2028-05-01 18:00", "500", kind="biennial"), "2028-05-02 00:00",
     FINE),
    ("one counter", lambda: stock(who=ALONE), "9 18:00", FOUND),
    ("one person twice", lambda: stock(who=TWICE), "9 18:00", FOUND),
    ("nobody counted", lambda: stock(""), "9 18:00", FOUND),
    ("one part of two", lambda: counted(received(counted(Day().opens(), "2 09:00", kind="initial", parts=2), "2 10:00"),
     "9 18:00", "500"), "9 18:00", ("none", "none", "", "")),
    ("both parts", lambda: received(counted(counted(Day().opens(), "2 09:00", kind="initial", parts=2), "2 09:10",
     kind="initial", part=2, parts=2), "2 10:00"), "9 18:00", FINE),
    ("a count that brought the first stock", lambda: counted(Day().opens(), "2 10:00", found(VIAL, "500", volume="10"),
     kind="initial"), "9 18:00", FINE),
    ("the stock was destroyed", lambda: destroyed(stock(""), "3 09:00"), "9 18:00", ("",)),
    ("no protocol", lambda: stock(protocol=False), "9 18:00", ("",)),
]  # fmt: skip
MOMENTS = ("3 18:00", "19 18:00")


def told(day: Day, as_of: str, place: str = PLACE, **asked: Any) -> Told:
    rulings = [each for each in day.findings("CS-03", as_of=as_of, **asked) if each.about == place]
    assert [each.anchor for each in rulings] in ([], [""], ["initial", "biennial", "count", "flag"])
    return tuple("".join(each.causes) if each.verdict == "breached" else "" for each in rulings)


@pytest.mark.parametrize(("name", "story", "as_of", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, expected: Told) -> None:
    assert told(story(), as_of) == expected, name


def test_a_place_that_holds_nothing_now_owes_nothing() -> None:
    day = destroyed(stock(""), "3 09:00")

    assert told(day, "3 08:59") == FOUND
    assert [(each.verdict, each.sentence) for each in day.findings("CS-03")] == [
        ("not-applicable", "R-1 holds no stock now.")
    ]


def test_own_medication_is_no_inventory() -> None:
    assert handed_in(Day().opens()).findings("CS-03") == []


def test_without_a_protocol_in_effect_nothing_is_judged() -> None:
    assert [each.verdict for each in stock(protocol=False).findings("CS-03")] == ["cannot-judge"]


def test_stock_that_was_sent_to_a_retreat_is_counted_there() -> None:
    day = moved(weekly("9 18:00"), "10 08:00", "10 12:00")
    place = day.placed[0].event.model_copy(update={"code": "R-2"})
    day.put(place, RETREAT, "10 07:00")

    assert told(day, "10 13:00", RETREAT) == FOUND
    assert [each.verdict for each in day.findings("CS-03", as_of="10 13:00") if each.about == PLACE] == [
        "not-applicable"
    ]


def test_the_second_counter_may_sign_later_and_then_it_counts_now_and_not_then() -> None:
    day = stock(who=ALONE)
    then = len(day.placed)
    day.signs("3 09:00", of=-2, by=MD1, gives="verified")

    assert told(day, "9 18:00") == FINE
    assert told(day, "9 18:00", known_at=then) == FOUND


def test_the_numbers_are_told_and_when_the_next_count_is_due() -> None:
    _, biennial, count, flag = weekly("9 18:00").findings("CS-03", as_of="10 18:00")

    assert (
        count.sentence
        == "R-1: the last count was made Sat 9 May 18:00; the next is due by the end of 2026-05-16, 7 days later."
    )
    assert (local(count.limit), count.verdict, count.severity, count.subject) == ("23:59:59", "met", "C", PLACE)
    assert biennial.sentence.endswith("the next is due by the end of 2028-05-01, 730 days later.")
    assert flag.sentence == "R-1: the last count says that it was the close of business."


def test_it_changes_by_itself_the_second_after_the_next_count_was_due() -> None:
    change = next_change(weekly("9 18:00").findings("CS-03", as_of="10 18:00"))

    assert change == instant("17 00:00")


def test_what_is_too_long_ago_was_not_made_and_still_can_be() -> None:
    _, _, count, _ = weekly("9 18:00").findings("CS-03", as_of="17 18:00")

    assert (count.verdict, count.made_at, count.outstanding, local(count.limit)) == ("breached", None, True, "23:59:59")
