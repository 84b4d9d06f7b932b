"""The balance of a container: what every fact moves, to the last decimal, and what should have been impossible."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from ledger.container import UNDER_WAY, tolerance
from ledger.impossible import oddities, unaccounted
from ledger.stock import Moved
from tests.ledger.clinic import OWN_A, PLACE, SESSION
from tests.ledger.safe import BOX, OTHER, RETREAT, VIAL, Safe, local


def odd(moves: tuple[Moved, ...]) -> dict[int, list[str]]:
    """The codes of all marks, by the position of the fact that has them."""
    return {m.placed.position: [o.code for o in found] for m in moves if (found := oddities(m))}


def exactly(*amounts: Any) -> tuple[Any, ...]:
    """Exact amounts, to be compared with whole numbers too."""
    return amounts


def s3(wasted: bool = True, counted: str = "425") -> Safe:
    """The vial V-77 on the day of story S3."""
    safe = Safe()
    safe.received(volume="10", at=local("06-08 09:00"))
    safe.counts((VIAL, "500"), at=local("06-08 09:10"))
    safe.opens(at=local("06-13 09:55"))
    safe.draws("40", "L-B", slot="b", concentration="50", volume="0.8", at=local("06-13 09:58"))
    safe.gives("40", slot="b", label="L-B", volume="0.8", at=local("06-13 10:00"))
    safe.draws("35", "L-A", concentration="50", volume="0.7", at=local("06-13 10:00"))
    safe.gives("30", label="L-A", volume="0.6", at=local("06-13 10:02"))
    if wasted:
        safe.wastes("5", label="L-A", volume="0.1", at=local("06-13 10:12"))
    safe.counts((VIAL, counted), at=local("06-13 17:00"))
    return safe


def test_the_vial_of_story_s3_holds_425_mg_and_was_counted_at_that() -> None:
    vial, moves = s3().sheet()

    assert [exactly(m.kind, m.after.balance) for m in moves[3:]] == [
        ("prepared", 500),
        ("dose", 460),
        ("prepared", 460),
        ("dose", 430),
        ("wasted", 425),
        ("counted", 425),
    ]
    assert exactly(moves[-1].difference, tolerance(moves[-1].before)) == (0, 5)
    assert exactly(vial.given, vial.wasted, vial.balance / (vial.per or 1)) == (70, 5, Fraction("8.5"))
    assert odd(moves) == {}
    assert unaccounted(vial, moves) == ()


@pytest.mark.parametrize(
    ("counted", "codes"),
    [
        pytest.param("425", [], id="8.5 mL"),
        pytest.param("420", ["within-tolerance"], id="8.4 mL, which is the tolerance"),
        pytest.param("419.5", ["counts-differ"], id="more than that is missing"),
    ],
)
def test_a_count_is_held_against_the_balance_and_moves_nothing(counted: str, codes: list[str]) -> None:
    vial, moves = s3(counted=counted).sheet()

    assert odd(moves).get(moves[-1].placed.position, []) == codes
    assert vial.balance == 425


def test_what_was_drawn_and_neither_given_nor_wasted_is_named_with_its_label() -> None:
    vial, moves = s3(wasted=False, counted="430").sheet()

    (mark,) = unaccounted(vial, moves)

    assert (mark.code, mark.words) == ("not-accounted", "5 mg of L-A were drawn up and neither given nor wasted")
    assert mark.positions == (5, 6)


@pytest.mark.parametrize("waste_first", [False, True])
def test_the_rest_of_a_dose_taken_in_part_is_wasted_once_whatever_was_told_first(waste_first: bool) -> None:
    safe = Safe()
    safe.received()
    given = safe.gives("100")
    if waste_first:
        safe.wastes("40")
    safe.takes_in_part(given, "60")
    if not waste_first:
        safe.wastes("40")

    vial, _ = safe.sheet()

    assert exactly(vial.given, vial.wasted, vial.left_over, vial.balance) == (60, 40, 0, 400)
    assert vial.is_conserved


def test_a_rest_nobody_wasted_is_left_over_and_said() -> None:
    safe = Safe()
    safe.received()
    safe.takes_in_part(safe.gives("100"), "60")

    vial, moves = safe.sheet()

    assert exactly(vial.left_over, vial.balance) == (40, 400)
    assert [each.code for each in unaccounted(vial, moves)] == ["left-over"]


def test_more_went_in_after_all_than_was_said_at_first() -> None:
    safe = Safe()
    safe.received()
    given = safe.gives("100")
    for taken in ("60", "90", "110"):
        safe.takes_in_part(given, taken)

    vial, _ = safe.sheet()

    assert exactly(vial.given, vial.left_over, vial.balance) == (110, 0, 390)
    assert vial.is_conserved


def test_a_resolved_discrepancy_sets_the_balance_by_a_difference_with_a_name() -> None:
    safe = Safe()
    safe.received()
    safe.counts((VIAL, "490.5"))
    safe.resolves("490.5")
    safe.gives("40")

    vial, moves = safe.sheet()

    assert exactly(vial.differences, vial.balance) == (Fraction("-9.5"), Fraction("450.5"))
    assert moves[2].mg == Fraction("-9.5")
    assert vial.is_conserved


def test_stock_goes_to_a_session_and_a_retreat_and_is_found_where_it_went() -> None:
    safe = Safe()
    safe.received()
    safe.moves("custody-transferred/1", "500")
    on_the_road, _ = safe.sheet()
    safe.moves("custody-transferred/1", "500", arrived_at="2026-05-15T15:00:00.000000Z")
    safe.moves("stock-dispensed-to-session/1", "200")
    safe.gives("40")
    out, _ = safe.sheet()
    safe.moves("stock-returned-from-session/1", "160")
    back, moves = safe.sheet()

    assert on_the_road.places == {UNDER_WAY: 500}
    assert out.places == {RETREAT: 300, SESSION: 160}
    assert back.places == {RETREAT: 460}
    assert exactly(on_the_road.balance, out.balance, back.balance) == (500, 460, 460)
    assert odd(moves) == {}


def test_less_arrives_than_left_and_less_comes_back_than_went_out() -> None:
    safe = Safe()
    safe.received()
    safe.moves("custody-transferred/1", "500")
    arrived = safe.moves("custody-transferred/1", "480", arrived_at="2026-05-15T15:00:00.000000Z")
    safe.moves("stock-dispensed-to-session/1", "200")
    returned = safe.moves("stock-returned-from-session/1", "150")

    vial, moves = safe.sheet()

    assert odd(moves) == {arrived.position: ["counts-differ"], returned.position: ["counts-differ"]}
    assert vial.places == {RETREAT: 430, SESSION: 50, UNDER_WAY: 20}


@pytest.mark.parametrize("tag", ["inventory-destroyed/1", "returned-to-reverse-distributor/1"])
def test_what_is_destroyed_or_sent_back_leaves_and_what_nobody_destroyed_stays_in_the_balance(tag: str) -> None:
    safe = Safe()
    safe.received()
    gone = safe.moves(tag, "450")

    vial, moves = safe.sheet()

    assert exactly(vial.balance, vial.destroyed + vial.sent_back) == (50, 450)
    assert odd(moves) == {gone.position: ["counts-differ"]}


def test_stock_from_before_the_ledger_begins_with_its_initial_count() -> None:
    safe = Safe()
    safe.counts((BOX, "1500"), kind="initial", units="10", volume=None)
    safe.gives("225", BOX, route="oral", units="1.5")

    box, moves = safe.sheet(BOX)

    assert [m.kind for m in moves] == ["opening-balance", "dose"]
    assert exactly(box.balance, box.per, box.places) == (1275, 150, {PLACE: 1275})
    assert odd(moves) == {}


def test_his_lozenge_to_her_and_one_syringe_for_two_are_marked_where_they_happened() -> None:
    safe = Safe()
    safe.hands_in()
    hers = safe.gives("100", OWN_A, "b", route="sublingual")
    strangers = safe.gives("100", OWN_A, "a", route="sublingual", session=OTHER)
    safe.received()
    first = safe.gives("40", slot="a", label="L-1")
    second = safe.gives("40", slot="b", label="L-1")

    own, own_moves = safe.sheet(OWN_A)
    _, moves = safe.sheet()

    assert odd(own_moves) == {hers.position: ["not-the-owner"], strangers.position: ["other-couple"]}
    assert odd(moves) == {second.position: ["label-for-two"]}
    assert next(oddities(m) for m in moves if m.placed is second)[0].positions == (first.position, second.position)
    assert own.balance == 800


def test_own_medication_booked_as_stock_and_stock_as_own_are_marked_and_worked_out() -> None:
    safe = Safe()
    safe.hands_in()
    counted = safe.counts((OWN_A, "1000"))
    safe.received()
    back = safe.hands_back("1", VIAL)

    own, own_moves = safe.sheet(OWN_A)
    vial, moves = safe.sheet()

    assert odd(own_moves) == {counted.position: ["own-in-stock"]}
    assert odd(moves) == {back.position: ["stock-as-own", "counts-differ"]}
    assert exactly(own.balance, vial.balance) == (1000, 450)


def test_use_before_receipt_after_expiry_use_by_and_recall_and_below_zero_is_marked() -> None:
    safe = Safe()
    early = safe.gives("10", at=local("06-01 10:00"))
    safe.received(amount="60", expires="2026-07-31", at=local("06-08 09:00"))
    safe.opens(at=local("06-08 10:00"))
    in_time = safe.gives("10", at=local("07-06 23:50"))
    open_too_long = safe.gives("10", at=local("07-07 00:10"))
    expired = safe.gives("10", at=local("08-01 10:00"))
    recall = safe.recalls()  # on 15 May, before all of it
    too_much = safe.gives("30", at=local("08-01 10:01"))

    _, moves = safe.sheet()
    marks = odd(moves)

    assert marks[early.position] == ["before-arrival", "recalled", "below-zero"]
    assert marks[in_time.position] == ["recalled"]
    assert marks[open_too_long.position] == ["past-use-by", "recalled"]
    assert marks[expired.position] == ["expired", "past-use-by", "recalled"]
    assert marks[too_much.position] == ["expired", "past-use-by", "recalled", "below-zero"]
    assert recall.position in next(oddities(m) for m in moves if m.placed is in_time)[0].positions


def test_a_day_set_for_an_opened_vial_counts_and_not_the_four_weeks() -> None:
    safe = Safe()
    safe.received(at=local("06-08 09:00"))
    safe.opens(use_by="2026-06-09", at=local("06-08 10:00"))
    safe.gives("10", at=local("06-09 23:00"))
    late = safe.gives("10", at=local("06-10 09:00"))

    assert odd(safe.sheet()[1]) == {late.position: ["past-use-by"]}


def test_mg_and_ml_that_do_not_go_together_are_marked_and_the_mg_count() -> None:
    safe = Safe()
    safe.received(volume="10")
    wrong = safe.gives("30", volume="0.7")
    rounded = safe.gives("33.3", volume="0.67")
    other = safe.draws("40", "L-1", concentration="100", volume="0.4")

    vial, moves = safe.sheet()

    assert odd(moves) == {
        wrong.position: ["not-conserved"],
        other.position: ["other-concentration", "not-conserved"],
    }
    assert rounded.position not in odd(moves)
    assert vial.balance == 500 - 30 - Fraction("33.3")


def test_a_dose_in_a_session_while_another_session_has_the_vial_is_marked() -> None:
    safe = Safe()
    safe.received()
    safe.moves("stock-dispensed-to-session/1", "500", session=OTHER)
    here = safe.gives("40")

    assert odd(safe.sheet()[1]) == {here.position: ["another-session"]}


def test_counters_who_were_shown_a_number_that_was_not_the_balance_are_told() -> None:
    safe = Safe()
    safe.received()
    counted = safe.counts((VIAL, "500"), expected={"unit": "mg", "value": "510"})

    assert odd(safe.sheet()[1]) == {counted.position: ["other-expected"]}


def test_a_container_received_twice_and_a_dose_from_nowhere_are_marked() -> None:
    safe = Safe()
    safe.received()
    again = safe.received()
    nowhere = safe.gives("40", BOX)

    vial, moves = safe.sheet()

    assert odd(moves) == {again.position: ["received-again"]}
    assert vial.balance == 1000
    assert odd(safe.sheet(BOX)[1]) == {nowhere.position: ["never-arrived"]}


def test_a_corrected_dose_moves_the_balance_with_its_second_signature_and_a_void_gives_it_back() -> None:
    safe = Safe()
    safe.received()
    given = safe.gives("40")
    correction = safe.corrects(given, ("mass.value", "40", "30"))
    before = safe.sheet()[0].balance
    safe.signs(correction)
    after = safe.sheet()[0].balance
    void = safe.voids(given)
    safe.signs(void)

    assert exactly(before, after, safe.sheet()[0].balance) == (460, 470, 500)


def test_a_dose_corrected_to_another_container_leaves_the_first_one_with_all_that_belongs_to_it() -> None:
    safe = Safe()
    safe.received()
    safe.received(BOX)
    given = safe.gives("100")
    safe.takes_in_part(given, "60")
    safe.signs(safe.corrects(given, ("container", VIAL, BOX)))

    vial, _ = safe.sheet()
    box, _ = safe.sheet(BOX)

    assert exactly(vial.balance, vial.given) == (500, 0)
    assert exactly(box.balance, box.given, box.left_over) == (400, 60, 40)
