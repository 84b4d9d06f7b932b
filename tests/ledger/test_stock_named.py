"""What an entry names and what it leaves open: waste, doses broken off, the way between two places, and tolerances."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.container import UNDER_WAY, tolerance
from ledger.impossible import oddities, unaccounted
from ledger.stock import Moved
from ledger.stock_facts import by_container
from tests.ledger.clinic import OWN_A, PLACE
from tests.ledger.safe import BOX, RETREAT, VIAL, Safe, local

LEFT, LATER, ARRIVED = (f"2026-05-15T{clock}:00.000000Z" for clock in ("13:00", "13:01", "15:00"))


def exactly(*amounts: Any) -> tuple[Any, ...]:
    """Exact amounts, to be compared with whole numbers too."""
    return amounts


def codes(moves: tuple[Moved, ...]) -> list[str]:
    return [each.code for moved in moves for each in oddities(moved)]


# Doses broken off


def test_a_dose_broken_off_before_anybody_recorded_it_takes_what_went_in_out_of_the_container_it_names() -> None:
    safe = Safe()
    safe.received()
    broken = safe.breaks_off("12.5", label="L-1")

    vial, moves = safe.sheet()

    assert exactly(vial.balance, vial.given, vial.left_over) == (487.5, 12.5, 0)
    assert (moves[-1].placed.position, moves[-1].kind, moves[-1].slot) == (broken.position, "dose", "a")
    assert vial.is_conserved


def test_a_dose_that_was_recorded_and_then_broken_off_is_not_taken_twice() -> None:
    safe = Safe()
    safe.received()
    given = safe.gives("40")
    safe.breaks_off("30", dose={"dig": given.dig, "id": given.payload.id})

    vial, _ = safe.sheet()

    assert exactly(vial.balance, vial.given, vial.left_over) == (460, 30, 10)


def test_his_own_lozenge_broken_off_in_her_mouth_is_marked() -> None:
    safe = Safe()
    safe.hands_in()
    hers = safe.breaks_off("40", OWN_A, "b", route="sublingual")

    _, moves = safe.sheet(OWN_A)

    assert [(m.placed.position, oddities(m)[0].code) for m in moves if oddities(m)] == [
        (hers.position, "not-the-owner")
    ]


def test_one_that_names_no_container_and_no_dose_is_in_no_container() -> None:
    safe = Safe()
    safe.received()
    safe.takes_in_part(None, "7")

    assert [placed.payload.type for placed in by_container(safe.placed)[VIAL]] == ["stock-received/1"]


# Waste


def test_waste_that_names_its_dose_is_of_that_dose_and_of_no_other_of_the_same_session() -> None:
    safe = Safe()
    safe.received()
    first, second = safe.gives("100"), safe.gives("100", slot="b")
    safe.takes_in_part(first, "60")
    safe.takes_in_part(second, "70")
    safe.wastes_of(second, "30")

    vial, moves = safe.sheet()

    assert [exactly(each.dose, each.mg) for each in vial.left] == [(first.dig, 40)]
    assert exactly(vial.balance, vial.wasted) == (300, 30)
    assert "guessed-rest" not in codes(moves)


def test_waste_that_could_name_a_dose_and_names_none_came_out_of_the_container() -> None:
    safe = Safe()
    safe.received()
    safe.takes_in_part(safe.gives("100"), "60")
    safe.wastes_of(None, "40")

    vial, moves = safe.sheet()

    assert exactly(vial.balance, vial.left_over, vial.wasted) == (360, 40, 40)
    assert codes(moves) == []


@pytest.mark.parametrize("waste_first", [False, True])
def test_waste_of_the_first_version_without_a_label_is_taken_for_a_rest_and_marked_as_a_guess(
    waste_first: bool,
) -> None:
    safe = Safe()
    safe.received()
    given = safe.gives("100")
    if waste_first:
        safe.wastes("40")
    safe.takes_in_part(given, "60")
    if not waste_first:
        safe.wastes("40")

    vial, moves = safe.sheet()

    assert exactly(vial.balance, vial.left_over) == (400, 0)
    assert codes(moves) == ["guessed-rest"]


def test_waste_with_the_label_of_the_dose_is_no_guess() -> None:
    safe = Safe()
    safe.received()
    safe.takes_in_part(safe.gives("100", label="L-1"), "60")
    safe.wastes("40", label="L-1")

    vial, moves = safe.sheet()

    assert exactly(vial.balance, vial.left_over, codes(moves)) == (400, 0, [])


# Under way


@pytest.mark.parametrize("arrival_first", [False, True])
def test_departure_and_arrival_are_one_way_whichever_is_written_down_as_the_earlier(arrival_first: bool) -> None:
    safe = Safe()
    safe.received(at=local("05-14 09:00"))
    leaves, comes = local("05-15 09:00"), local("05-15 11:00")
    at = (comes, leaves) if arrival_first else (leaves, comes)
    safe.moves("custody-transferred/1", "500", departed_at=LEFT, at=at[0])
    safe.moves("custody-transferred/1", "480", departed_at=LEFT, arrived_at=ARRIVED, at=at[1])

    vial, moves = safe.sheet()

    assert vial.places == {RETREAT: 480, UNDER_WAY: 20}
    assert (vial.home, vial.departures, vial.arrivals) == (RETREAT, (), ())
    assert codes(moves) == ["counts-differ"]


def test_an_arrival_that_says_another_minute_of_departure_ends_the_only_way_there_is() -> None:
    safe = Safe()
    safe.received()
    safe.moves("custody-transferred/1", "500", departed_at=LEFT)
    safe.moves("custody-transferred/1", "500", departed_at=LATER, arrived_at=ARRIVED)

    assert safe.sheet()[0].places == {RETREAT: 500}


def test_where_two_ways_could_be_meant_none_is_and_what_is_still_under_way_is_named() -> None:
    safe = Safe()
    safe.received()
    first = safe.moves("custody-transferred/1", "200", departed_at=LEFT)
    second = safe.moves("custody-transferred/1", "300", departed_at=LATER)
    safe.moves("custody-transferred/1", "200", departed_at="2026-05-15T13:02:00.000000Z", arrived_at=ARRIVED)

    vial, moves = safe.sheet()

    assert vial.places == {PLACE: -200, RETREAT: 200, UNDER_WAY: 500}
    assert [(each.code, each.positions) for each in unaccounted(vial, moves)] == [
        ("under-way", (first.position,)),
        ("under-way", (second.position,)),
    ]


def test_there_and_back_are_two_ways() -> None:
    safe = Safe()
    safe.received()
    safe.moves("custody-transferred/1", "500", departed_at=LEFT, arrived_at=ARRIVED)
    back: dict[str, Any] = {"from_location": RETREAT, "to_location": PLACE, "departed_at": ARRIVED}
    safe.moves("custody-transferred/1", "500", **back)
    safe.moves("custody-transferred/1", "500", **back, arrived_at="2026-05-15T17:00:00.000000Z")

    assert safe.sheet()[0].places == {PLACE: 500}


# Tolerance


@pytest.mark.parametrize(
    ("drawn", "allowed"),
    [
        pytest.param(["40"], 5, id="0.1 mL is more than 2 %"),
        pytest.param(["200", "50"], 5, id="both are the same"),
        pytest.param(["200", "51"], "5.02", id="2 % is more"),
        pytest.param(["200", "200"], 8, id="2 % of 400 mg"),
    ],
)
def test_an_opened_vial_may_differ_by_a_tenth_of_a_millilitre_or_by_two_percent_of_what_was_drawn(
    drawn: list[str], allowed: object
) -> None:
    safe = Safe()
    safe.received(amount="1000")
    safe.opens()
    for amount in drawn:
        safe.gives(amount)

    assert str(float(tolerance(safe.sheet()[0]))) == str(float(str(allowed)))


@pytest.mark.parametrize(("counted", "code"), [("592", "within-tolerance"), ("591.999", "counts-differ")])
def test_the_two_percent_decide_a_count(counted: str, code: str) -> None:
    safe = Safe()
    safe.received(amount="1000")
    safe.opens()
    safe.gives("200")
    safe.wastes("200")
    safe.counts((VIAL, counted))

    assert codes(safe.sheet()[1]) == [code]


def test_what_was_drawn_before_the_last_count_allows_nothing_any_more() -> None:
    safe = Safe()
    safe.received(amount="1000")
    safe.opens()
    safe.gives("400")
    safe.counts((VIAL, "600"))

    assert tolerance(safe.sheet()[0]) == 5


def test_an_unopened_vial_and_what_is_counted_in_units_may_differ_by_nothing() -> None:
    safe = Safe()
    safe.received()
    safe.received(BOX, concentration=None, strength={"unit": "mg", "value": "100"}, form="lozenge")
    safe.opens(BOX)
    safe.gives("100", BOX)

    assert exactly(tolerance(safe.sheet()[0]), tolerance(safe.sheet(BOX)[0])) == (0, 0)
