"""Kept sheets: whatever happens in between, a listing says what one from zero says, and works out only what changed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections import stock_balances, stock_kept
from projections.snapshot import AsOf
from projections.stock_balances import balances
from projections.tables import ViewDatabase
from tests.ledger.chart import correction, countersignature, mg
from tests.ledger.clinic import BEN, MD1, OWN_A, RN1, SESSION
from tests.projections.house import OWN_B
from tests.projections.test_stock import WITNESS, Pharmacy, a_day

REVIEWER = (MD1, "countersigned", "prescriber")
ACTS = ("own-a", "own-b", "vial", "waste", "lonely-waste", "count", "in-part", "correct", "confirm", "couple", "listed")


def does(house: Pharmacy, act: str, doses: list[int]) -> None:
    """One thing that may move a balance, or what is known about it."""
    match act:
        case "own-a":
            doses.append(house.gives("a", "50", container=OWN_A))
        case "own-b":
            doses.append(house.gives("b", "50", container=OWN_B))
        case "vial":
            doses.append(house.injects("a", "5"))
        case "waste":
            house.wastes("1", WITNESS)
        case "lonely-waste":
            house.wastes("2")
        case "count":
            house.counts("400")
        case "in-part" if doses:
            house.interrupts(doses.pop(), "20")
        case "correct" if doses:
            target = house.at(doses[-1])
            change = correction(target, ("mass", target.event.mass.model_dump(mode="json"), mg("30")))
            doses[-1:] = []
            house.record(change, target.stream, (RN1, "corrected", "nurse"), (MD1, "reviewed", "prescriber"))
        case "confirm":
            last = next((at for at in reversed(range(house.store.head().size)) if lacks_witness(house, at)), None)
            if last is not None:
                target = house.at(last)
                house.record(countersignature(target, gives="witnessed"), target.stream, REVIEWER)
        case _:
            house.clock.forward(minutes=1)


def lacks_witness(house: Pharmacy, position: int) -> bool:
    row: Any = house.store.row(position)
    return getattr(row, "type", "").startswith("wastage") and len(house.at(position).payload.attested) == 1


@settings(max_examples=20, deadline=None)
@given(acts=st.lists(st.sampled_from(ACTS), min_size=1, max_size=8))
def test_a_kept_listing_says_what_one_from_zero_says_whatever_happened_in_between(acts: list[str]) -> None:
    house = a_day()
    database, runner = house.views()
    runner.catch_up()
    doses: list[int] = []
    for act in acts:
        does(house, act, doses)
        runner.catch_up()
        if act != "listed":
            assert balances(database) == balances(house.seen())
    assert balances(database, session=SESSION) == balances(house.seen(), session=SESSION)


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The containers whose sheets were worked out from their entries."""
    found: list[str] = []
    honest = stock_balances._Reading.sheet

    def counted(reading: Any, container: str) -> Any:
        found.append(container)
        return honest(reading, container)

    monkeypatch.setattr(stock_balances._Reading, "sheet", counted)
    return found


def test_a_second_listing_reads_no_entry_and_a_dose_only_those_of_its_container(worked_out: list[str]) -> None:
    house = a_day()
    database, runner = house.views()
    runner.catch_up()
    first = balances(database)
    assert len(worked_out) == len(first.containers) == 3

    worked_out.clear()
    assert balances(database) == first
    assert worked_out == []

    house.gives("a", "50", container=OWN_A)
    runner.catch_up()
    after = balances(database)
    assert worked_out == [OWN_A]
    assert {sheet.position for sheet in after.containers} == {after.position}


def test_the_past_is_worked_out_from_its_entries_and_keeps_nothing(worked_out: list[str]) -> None:
    house = a_day()
    database = house.seen()
    now = balances(database)
    worked_out.clear()

    then = balances(database, as_of=AsOf(known_at=now.position))

    assert (then.containers, len(worked_out)) == (now.containers, 3)


def test_a_correction_makes_every_sheet_new_and_an_erasure_lets_go_of_all(worked_out: list[str]) -> None:
    house = a_day()
    database, runner = house.views()
    runner.catch_up()
    balances(database)
    doses: list[int] = [house.gives("a", "50", container=OWN_A)]
    does(house, "correct", doses)
    runner.catch_up()
    worked_out.clear()
    balances(database)
    assert len(worked_out) == 3

    assert kept(database) == 3
    house.subject_keys.destroy(BEN)
    runner.catch_up()
    assert kept(database) == 0
    assert balances(database) == balances(house.seen())


def kept(database: ViewDatabase) -> int:
    found = stock_kept._KEPT.get(database)
    return 0 if found is None else len(found.each)
