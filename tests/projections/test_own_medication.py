"""The sheet of each container: exact to the fraction, and odd things said aloud."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Refused
from ledger.store.subject_keys import MemorySubjectKeys
from projections.own_medication import Container, container, containers
from projections.said import exact
from projections.snapshot import AsOf
from tests.ledger.clinic import OWN_A, SESSION
from tests.projections.house import OWN_B, House, busy_day


def a_house() -> House:
    house = House()
    house.open()
    return house


def sheet(house: House, name: str = OWN_A, as_of: AsOf | None = None) -> Container:
    return container(house.seen(), name, as_of=as_of or AsOf())


def test_each_dose_takes_its_mg_divided_by_the_strength() -> None:
    own_a = sheet(busy_day(), "own-A")

    assert [(m.kind, m.units, m.mg, m.balance_units, m.balance_mg) for m in own_a.movements] == [
        ("handed-in", "10", "1000", "10", "1000"),
        ("dose", "1", "100", "9", "900"),
        ("dose", "0.5", "50", "8.5", "850"),
        ("handed-back", "8.5", "850", "0", "0"),
    ]
    assert (own_a.movements[-1].expected, own_a.movements[-1].difference) == ("8.5", "0")
    assert (own_a.owner_slot, own_a.strength_mg, own_a.oddities) == ("a", "100", ())


def test_thirds_are_exact_and_three_of_them_leave_nothing_behind() -> None:
    house = a_house()
    house.hands_in("a", count="1", strength="300")
    for _ in range(3):
        house.gives("a", "100")

    own_a = sheet(house)

    assert [m.units for m in own_a.movements] == ["1", "1/3", "1/3", "1/3"]
    assert [m.balance_units for m in own_a.movements] == ["1", "2/3", "1/3", "0"]
    assert [m.balance_mg for m in own_a.movements] == ["300", "200", "100", "0"]


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_an_amount_in_words_is_the_amount(numerator: int, denominator: int) -> None:
    amount = Fraction(numerator, denominator)

    words = exact(amount)

    assert Fraction(words) == amount
    assert "e" not in words.lower()
    assert words == "0" or not words.endswith(".0")


def test_a_count_that_differs_leaves_what_nobody_can_account_for() -> None:
    house = a_house()
    house.hands_in("a")
    house.gives("a", "150")
    house.hands_back("a", count="8")

    last = sheet(house).movements[-1]

    assert (last.units, last.expected, last.difference, last.balance_units) == ("8", "8.5", "-0.5", "0.5")
    assert last.oddities == ("counted and expected differ",)


def test_a_dose_from_a_container_nobody_handed_in_is_seen() -> None:
    house = a_house()
    position = house.gives("a", "100")

    (unknown,) = containers(house.seen()).containers

    assert (unknown.owner_slot, unknown.strength_mg, unknown.balance_units) == ("unknown",) * 3
    assert unknown.oddities == ("from a container that was never handed in",)
    assert unknown.movements[0].mg == "100"
    assert unknown.movements[0].evidence == (position,)
    assert sheet(house, OWN_A) == unknown


def test_his_lozenge_given_to_her_is_seen() -> None:
    house = a_house()
    house.hands_in("b", container=OWN_B)
    house.gives("b", "100", container=OWN_B)
    hers = house.gives("a", "50", container=OWN_B)

    own_b = sheet(house, "own-B")

    assert own_b.oddities == ("A's, but the container is B's",)
    assert [m.evidence for m in own_b.movements if m.oddities] == [(hers,)]
    assert own_b.balance_units == "8.5"


def test_a_dose_in_a_session_of_another_couple_is_seen() -> None:
    house = a_house()
    house.hands_in("a")
    house.another_couple_comes()
    house.gives("a", "100", record=house.other_record)

    assert sheet(house).oddities == ("in a session of another couple than the owner's",)


def test_a_balance_below_zero_is_seen_and_stays_exact() -> None:
    house = a_house()
    house.hands_in("a", count="1")
    house.gives("a", "100")
    house.gives("a", "50")

    own_a = sheet(house)

    assert (own_a.balance_units, own_a.balance_mg) == ("-0.5", "-50")
    assert own_a.oddities == ("the balance is below zero",)


def test_a_dose_before_its_container_was_handed_in_is_seen() -> None:
    house = a_house()
    house.gives("a", "100")
    house.hands_in("a")

    own_a = sheet(house)

    assert own_a.oddities == ("before the container was handed in", "the balance is below zero")
    assert own_a.balance_units == "9"


def test_handing_in_again_with_another_strength_is_seen() -> None:
    house = a_house()
    house.hands_in("a")
    house.hands_in("a", strength="50")

    assert sheet(house).oddities == ("handed in with another strength, 50 mg",)


def test_the_sheet_needs_no_sealed_field() -> None:
    house = busy_day()

    nobody = house.seen(subject_keys=MemorySubjectKeys())

    assert containers(nobody) == containers(house.seen())


def test_the_sheet_can_be_asked_for_any_moment() -> None:
    house = busy_day()
    database = house.seen()
    whole = container(database, "own-A")

    for count, movement in enumerate(whole.movements, start=1):
        up_to = container(database, "own-A", as_of=AsOf(happened_up_to=movement.at))
        known = container(database, "own-A", as_of=AsOf(known_at=movement.evidence[0] + 1))
        assert up_to.movements == known.movements == whole.movements[:count]
        assert up_to.balance_units == movement.balance_units


def test_a_container_asked_for_by_code_or_identifier_gives_one_answer() -> None:
    database = busy_day().seen()

    by_code = container(database, "own-A")

    assert container(database, by_code.container) == by_code


def test_containers_are_listed_by_code_and_by_session() -> None:
    database = busy_day().seen()

    assert [each.code for each in containers(database).containers] == ["own-A", "own-B"]
    assert containers(database, session=SESSION).containers == containers(database).containers


def test_unknown_containers_and_sessions_are_refused() -> None:
    database = busy_day().seen()

    for ask in (
        lambda: container(database, "own-C"),
        lambda: container(database, OWN_A.replace("41", "49")),
        lambda: containers(database, session=SESSION.replace("31", "39")),
        lambda: container(database, "own-A", as_of=AsOf(known_at=2)),
    ):
        with pytest.raises(Refused) as caught:
            ask()
        assert (caught.value.code, bool(caught.value.remedy)) == ("not-found", True)
