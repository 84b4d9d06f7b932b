"""Question 24: where every mg went, for each container, lot and place, and what nobody can explain."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from projections.questions.answer import Found
from tests.ledger.clinic import OWN_A, PLACE, SLOT_A, make, uuid
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day, instant
from tests.projections.rules.standing import VIAL, handed_in, received, reference
from tests.projections.rules.stock_words import counted as count
from tests.projections.rules.stock_words import dea_registered, found, mass, no_longer_kept, opened, own_counted, wasted

OTHER = f"stock/{uuid(78)}"
RETREAT = f"location/{uuid(23)}"
PARTS = ("opening", "came", "moved", "given", "wasted", "returned", "on_hand", "counted", "difference", "uncounted")


def vial(mg: str = "425") -> Day:
    """A vial of 500 mg, of which 70 were given and 5 wasted; the count finds so much. Own lozenges are beside."""
    day = handed_in(opened(received(Day().opens())))
    day.gives("b", "10:00", "40", container=VIAL).gives("a", "10:02", "30", container=VIAL)
    wasted(day, "10:12", "5").gives("a", "11:00", "150")
    return own_counted(count(day, "17:00", mg), "17:05", "8.5")


def lines(answer: Found, level: str, *names: str) -> list[tuple[Any, ...]]:
    return [each[1:] for each in told(answer, "level", "name", *names) if each[0] == level]


def test_every_mg_of_a_container_is_somewhere() -> None:
    answer = asked(vial(), "24")

    assert lines(answer, "container", *PARTS) == [
        ("V-1", "0", "500", "0", "70", "5", "0", "425", "425", "0", 0),
        ("own-A", "0", "1000", "0", "150", "0", "0", "850", "850", "0", 0),
    ]


def test_lots_and_places_are_the_clinics_stock_alone() -> None:
    answer = asked(vial(), "24")

    assert lines(answer, "lot", "whose", "on_hand") == [("LOT-1", "clinic", "425")]
    assert lines(answer, "place", "whose", "on_hand", "difference") == [("R-1", "clinic", "425", "0")]
    assert (counted(answer, "given"), counted(answer, "wasted")) == ("70", "5")


def test_what_a_count_did_not_find_is_unexplained_of_container_lot_and_place() -> None:
    answer = asked(vial("419.5"), "24")

    assert {each[1] for level in ("lot", "place") for each in lines(answer, level, "difference")} == {"-5.5"}
    assert lines(answer, "container", "difference")[0] == ("V-1", "-5.5")
    assert (counted(answer, "unexplained"), counted(answer, "own_unexplained")) == ("-5.5", "0")


def test_within_some_days_the_rest_is_the_opening() -> None:
    day = vial()
    before = asked(day, "24", to="2026-05-15", container="V-1")
    since = asked(day, "24", since="2026-05-16", container="V-1")
    after = asked(day, "24", since="2026-05-17", container="V-1", as_of="18 18:00")

    assert lines(before, "container", *PARTS) == [("V-1", "0", "500", "0", "0", "0", "0", "500", None, None, 1)]
    assert lines(since, "container", *PARTS) == [("V-1", "500", "0", "0", "70", "5", "0", "425", "425", "0", 0)]
    assert lines(after, "container", *PARTS) == [("V-1", "425", "0", "0", "0", "0", "0", "425", None, None, 1)]


def test_before_anything_came_there_was_nothing() -> None:
    answer = asked(vial(), "24", to="2026-05-01", container="V-1")

    assert lines(answer, "container", "opening", "on_hand") == [("V-1", "0", "0")]


def test_two_vials_of_a_lot_add_up_and_one_that_was_not_counted_is_said() -> None:
    day = received(vial(), "2 11:00", OTHER, code="V-2", amount=mass("250"), volume="5")
    answer = asked(day, "24", lot="LOT-1")

    assert lines(answer, "lot", "came", "on_hand", "counted", "uncounted") == [("LOT-1", "750", "675", "425", 1)]
    assert lines(asked(day, "24", lot="LOT-2"), "container") == []


def test_what_went_to_a_retreat_has_moved_there() -> None:
    day = dea_registered(vial(), place=RETREAT)
    fields: dict[str, Any] = {
        "arrived_at": instant("19:00"),
        "carrier": None,
        "departed_at": instant("18:00"),
        "from_dea": None,
        "from_location": PLACE,
        "seals": [],
        "to_dea": None,
        "to_location": RETREAT,
        "units": None,
        "volume": None,
    }
    day.put(make("custody-transferred/1", amount=mass("425"), **fields), VIAL, "19:00")
    answer = asked(day, "24", as_of="20:00")

    assert lines(answer, "place", "came", "moved", "given", "wasted", "on_hand") == [
        ("R-1", "500", "-425", "70", "5", "0"),
        (RETREAT, "0", "425", "0", "0", "425"),
    ]
    assert lines(answer, "container", "moved", "on_hand")[0] == ("V-1", "0", "425")
    assert lines(asked(day, "24", as_of="20:00", location="R-1"), "place", "on_hand") == [("R-1", "0")]


def test_a_dose_taken_in_part_leaves_a_rest_until_it_is_wasted() -> None:
    day = handed_in(Day().opens()).gives("a", "10:00", "100")
    dose = reference(day)
    fields: dict[str, Any] = {"dose": dose, "estimated": False, "mass_taken": mass("60"), "reason": None}
    day.put(make("dose-partially-taken/1", **fields, units_taken=None, volume_taken=None), SLOT_A, "10:05")
    parts = ("given", "wasted", "left_over", "on_hand")

    assert lines(asked(day, "24"), "container", *parts) == [("own-A", "60", "0", "40", "900")]
    wasted(day, "10:30", "40", dose=dose, container=OWN_A)
    assert lines(asked(day, "24"), "container", *parts) == [("own-A", "60", "40", "0", "900")]


def test_another_medicine_is_no_controlled_drug() -> None:
    day = received(vial(), "2 11:00", OTHER, code="CLON-1", drug=None)

    assert [each[0] for each in lines(asked(day, "24"), "container")] == ["V-1", "own-A"]


def test_a_container_that_is_no_longer_kept_is_not_reckoned_and_that_is_said() -> None:
    answer = asked(no_longer_kept(vial()), "24")

    assert [each[0] for each in lines(answer, "container")] == ["own-A"]
    assert answer.notes == ("Not reckoned, as their record is no longer kept: 1.",)


@pytest.mark.parametrize("filters", [{}, {"since": "2026-05-16"}, {"to": "2026-05-15"}])
def test_the_two_sides_of_every_line_are_the_same(filters: dict[str, Any]) -> None:
    day = received(vial("419.5"), "2 11:00", OTHER, code="V-2")
    count(day, "17:30", "419.5", found(OTHER, "499"))
    for each in asked(day, "24", **filters).rows:
        mg = {name: Fraction(str(each.values[name])) for name in ("opening", "came", "moved", "resolved", "given",
              "wasted", "returned", "destroyed", "left_over", "on_hand")}  # fmt: skip
        ins = mg["opening"] + mg["came"] + mg["moved"] + mg["resolved"]
        assert ins == mg["given"] + mg["wasted"] + mg["returned"] + mg["destroyed"] + mg["left_over"] + mg["on_hand"]


def test_it_is_the_view_called_reconciliation_too() -> None:
    assert asked(vial(), "reconciliation") == asked(vial(), "24")
