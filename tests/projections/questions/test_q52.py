"""Question 52: a random sample of sessions from every site and route, the same again for the same seed."""

from __future__ import annotations

import hashlib

import pytest

from ledger.errors import Invalid
from projections.questions.records.q52 import shares
from tests.ledger.clinic import SESSION
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day

SESSIONS = [f"session/5f2c9a64-1e8b-4d37-b1c5-7a90e3f4d6{number:02}" for number in range(8)]


def opened() -> Day:
    day = Day()
    for session in SESSIONS:
        day.opens(session)
    return day


def test_the_order_is_that_of_the_digest_of_seed_and_session() -> None:
    by_hand = sorted(SESSIONS, key=lambda each: hashlib.sha256(f"autumn|{each}".encode()).hexdigest())

    found = asked(opened(), "52", seed="autumn", count="3")

    assert [each for (each,) in told(found, "session")] == by_hand[:3]
    assert told(found, "place", "route", "drawn", "of")[0] == ("R-1", None, 3, 8)
    assert (counted(found, "drawn"), counted(found, "of")) == (3, 8)


def test_the_same_seed_draws_the_same_and_another_another() -> None:
    day = opened()
    drawn = {seed: told(asked(day, "52", seed=seed, count="4"), "session") for seed in ("1", "2", "3")}

    assert told(asked(day, "52", count="4"), "session") == drawn["1"]
    assert drawn["1"] != drawn["2"] or drawn["1"] != drawn["3"]


def test_a_session_with_a_dose_is_of_another_group_once_it_was_given() -> None:
    day = opened().opens(SESSION).gives("a", "10:00")

    before, after = asked(day, "52", count="2", as_of="09:59"), asked(day, "52", count="2", as_of="10:00")

    assert told(before, "route", "of") == [(None, 9), (None, 9)]
    assert told(after, "route", "of") == [(None, 8), ("sublingual", 1)]


def test_nothing_was_opened_by_then() -> None:
    assert asked(Day().plans(), "52").rows == ()
    assert asked(opened(), "52", as_of="08:59").rows == ()
    assert asked(opened(), "52", known_at=0).rows == ()


def test_each_group_gives_one_first_and_then_by_its_size() -> None:
    sizes = {("R-1", "im"): 90, ("R-1", "oral"): 9, ("R-2", "im"): 1}

    assert list(shares(sizes, 2).values()) == [1, 1, 0]
    assert list(shares(sizes, 3).values()) == [1, 1, 1]
    assert list(shares(sizes, 12).values()) == [10, 1, 1]
    assert shares(sizes, 1000) == sizes


@pytest.mark.parametrize("count", ["0", "-1", "1001", "ten", "1.5", "", "１"])
def test_a_count_is_a_whole_number_up_to_a_thousand(count: str) -> None:
    with pytest.raises(Invalid) as refused:
        asked(opened(), "52", count=count)

    assert (refused.value.code, refused.value.field) == ("filter-value", "count")
