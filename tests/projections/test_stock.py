"""The sheets of containers as views: both times, totals, what is missing, and what a partner's copy holds."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from ledger.encoding import to_instant
from ledger.errors import Refused
from projections.own_medication import containers
from projections.snapshot import AsOf
from projections.stock_balances import balances, container
from projections.stock_sheet import NOT_YOURS
from tests.ledger.chart import correction, countersignature
from tests.ledger.chart import mg as mass
from tests.ledger.clinic import COUPLE, MD1, OWN_A, PLACE, RN1, SESSION, SLOT_A, SLOT_B, blank, make
from tests.ledger.safe import VIAL
from tests.projections.house import NURSE, OWN_B, House, digests

WITNESS = (MD1, "witnessed", "prescriber")


class Pharmacy(House):
    """A house with a vial of the clinic's own."""

    def receives(self, amount: str = "500") -> int:
        event = make(
            "stock-received/1",
            **blank("stock-received/1")
            | {
                "amount": mass(amount),
                "code": "V-77",
                "concentration": "50",
                "drug": "ketamine",
                "expires": "2027-01-31",
                "form": "vial",
                "invoice": "I-1",
                "invoice_date": "2026-05-01",
                "location": PLACE,
                "lot": "LOT-9",
                "product": "ketamine-50",
                "supplier": "Test Supply",
                "supplier_address": "1 Test Road",
                "supplier_dea": "RT0000001",
                "volume": "10",
            },
        )
        return self.record(event, VIAL, (RN1, "received", "custodian")).position

    def injects(self, slot: str, amount: str, label: str | None = None) -> int:
        return self.gives(slot, amount, container=VIAL, route="intramuscular", hold_min=None, label=label)

    def interrupts(self, dose: int, taken: str) -> int:
        placed = self.at(dose)
        event = make(
            "dose-interrupted/1",
            **blank("dose-interrupted/1")
            | {
                "dose": {"dig": placed.dig, "id": placed.payload.id},
                "mass_taken": mass(taken),
                "stopped_by": "staff",
            },
        )
        return self.record(event, placed.stream, NURSE).position

    def wastes(self, amount: str, *seconds: Any) -> int:
        event = make(
            "wastage-recorded/1",
            **blank("wastage-recorded/1")
            | {"mass": mass(amount), "method": "denatured", "reason": "partial-dose", "session": SESSION},
        )
        return self.record(event, VIAL, NURSE, *seconds).position

    def counts(self, amount: str) -> int:
        part = {"amount": mass(amount), "container": VIAL, "expected": None, "units": None, "volume": None}
        event = make(
            "inventory-counted/1",
            business="close",
            containers=[part | {"weighed": False}],
            kind="shift",
            part=1,
            parts=1,
        )
        return self.record(event, PLACE, NURSE, (MD1, "verified", "prescriber")).position

    def at(self, position: int) -> Any:
        from ledger.follow import place

        row = self.store.row(position)
        assert row is not None
        return place(self.store, row, self.subject_keys)  # type: ignore[arg-type]


def a_day() -> Pharmacy:
    house = Pharmacy()
    house.open()
    house.receives()
    house.hands_in("a")
    house.hands_in("b", container=OWN_B)
    house.injects("b", "40")
    house.injects("a", "30")
    house.wastes("5", WITNESS)
    house.counts("425")
    return house


def test_the_vial_is_shown_in_mg_and_ml_with_its_lot_its_place_and_where_everything_went() -> None:
    database = a_day().seen()

    vial = container(database, "V-77")

    assert (vial.world, vial.owner_slot, vial.lot, vial.unit, vial.strength_mg) == (
        "clinic",
        "none",
        "LOT-9",
        "mL",
        "50",
    )
    assert [(m.kind, m.units, m.mg, m.balance_units, m.balance_mg) for m in vial.movements] == [
        ("received", "10", "500", "10", "500"),
        ("dose", "0.8", "40", "9.2", "460"),
        ("dose", "0.6", "30", "8.6", "430"),
        ("wasted", "0.1", "5", "8.5", "425"),
        ("counted", "8.5", "425", "8.5", "425"),
    ]
    last = vial.movements[-1]
    assert (last.expected, last.difference, last.difference_mg, last.change_mg) == ("8.5", "0", "0", "0")
    assert (vial.sums.came, vial.sums.given, vial.sums.wasted, vial.sums.balance) == ("500", "70", "5", "425")
    assert (vial.places, vial.oddities) == (((PLACE, "425"),), ())


def test_lots_and_places_have_totals_of_the_clinics_stock_and_of_no_persons_own() -> None:
    found = balances(a_day().seen())

    assert [each.code for each in found.containers] == ["V-77", "own-A", "own-B"]
    assert [(t.lot, t.containers, t.mg) for t in found.lots] == [("LOT-9", ("V-77",), "425")]
    assert [(t.code, t.containers, t.mg) for t in found.places] == [("R-1", ("V-77",), "425")]
    assert [each.code for each in containers(a_day().seen()).containers] == ["own-A", "own-B"]


def test_containers_are_found_by_session_couple_place_and_lot() -> None:
    database = a_day().seen()

    def codes(**asked: str) -> list[str]:
        return [each.code for each in balances(database, **asked).containers]  # type: ignore[arg-type]

    assert codes(session=SESSION) == codes(couple="C-07") == codes(couple=COUPLE) == ["V-77", "own-A", "own-B"]
    assert codes(location="R-1") == codes(lot="LOT-9") == ["V-77"]
    assert codes(lot="LOT-8") == []
    with pytest.raises(Refused) as caught:
        balances(database, location="R-9")
    assert caught.value.code == "not-found"


@pytest.mark.parametrize(("own", "others"), [("a", "own-B"), ("b", "own-A")])
def test_a_partner_sees_their_own_container_and_never_the_others_or_the_clinics(own: str, others: str) -> None:
    database = a_day().seen()

    found = balances(database, couple="C-07", for_partner=own)

    assert [each.code for each in found.containers] == [f"own-{own.upper()}"]
    assert (found.lots, found.places, found.unplaced) == ((), (), ())
    for name in (others, "V-77"):
        with pytest.raises(Refused) as caught:
            container(database, name, for_partner=own)
        assert caught.value.code == "not-found"
    with pytest.raises(Refused) as caught:
        balances(database, for_partner=own)
    assert caught.value.code == "couple-needed"


def test_that_she_took_his_lozenge_is_in_his_copy_only_as_somebody_else() -> None:
    house = a_day()
    hers = house.gives("a", "50", container=OWN_B)
    database = house.seen()

    copy = container(database, "own-B", for_partner="b")

    last = copy.movements[-1]
    assert (last.kind, last.mg, last.balance_units) == (NOT_YOURS, "50", "9.5")
    assert (last.at, last.local, last.slot, last.session, last.evidence, last.marks) == ("", "", "", "", (), ())
    assert f'"{SLOT_A}' not in json.dumps(asdict(copy))
    assert "A's" not in json.dumps(asdict(copy))
    assert [mark.positions[-1] for mark in container(database, "own-B").movements[-1].marks] == [hers]


def test_a_waste_without_its_witness_says_so() -> None:
    house = a_day()
    alone = house.wastes("2")

    lacks = {m.evidence[0]: m.lacks for m in container(house.seen(), VIAL).movements if m.kind == "wasted"}

    assert [words.partition(",")[0] for words in lacks.pop(alone)] == ["witnessed"]
    assert list(lacks.values()) == [()]


def test_a_witness_who_signs_a_waste_later_is_no_longer_missing() -> None:
    """The clinic's own container belongs to nobody, and still what is said of its entries can be sealed."""
    house = a_day()
    alone = house.wastes("2")
    later = countersignature(house.at(alone), gives="witnessed")
    house.record(later, VIAL, (MD1, "countersigned", "prescriber"))

    assert all(m.lacks == () for m in container(house.seen(), VIAL).movements if m.kind == "wasted")


def test_a_corrected_waste_counts_as_corrected_once_a_second_person_has_signed() -> None:
    house = a_day()
    wasted = house.wastes("2", WITNESS)
    before = container(house.seen(), VIAL).balance_mg
    said = house.record(
        correction(house.at(wasted), ("mass.value", "2", "3")), VIAL, (RN1, "corrected", "nurse")
    ).position
    assert container(house.seen(), VIAL).balance_mg == before
    house.record(countersignature(house.at(said)), VIAL, (MD1, "countersigned", "prescriber"))

    assert float(before) - float(container(house.seen(), VIAL).balance_mg) == 1


def test_a_correction_moves_the_balance_then_and_now() -> None:
    house = a_day()
    dose = next(m for m in container(house.seen(), VIAL).movements if m.mg == "30").evidence[0]
    said = house.record(
        correction(house.at(dose), ("mass.value", "30", "20")), SLOT_A, (RN1, "corrected", "nurse")
    ).position
    signed = house.record(countersignature(house.at(said)), SLOT_A, (MD1, "countersigned", "prescriber")).position
    database = house.seen()
    noon = house.at(dose).payload.occurred.at

    def mg(**asked: Any) -> str:
        return container(database, VIAL, as_of=AsOf(**asked)).balance_mg

    assert (mg(), mg(known_at=signed), mg(known_at=signed + 1)) == ("435", "425", "435")
    assert mg(happened_up_to=noon) == "440"
    assert mg(happened_up_to=noon, known_at=signed) == "430"


def test_a_dose_taken_in_part_and_what_no_container_is_named_for() -> None:
    house = a_day()
    house.interrupts(house.injects("a", "30", label="L-9"), "10")
    nowhere = house.record(
        make("dose-interrupted/1", **blank("dose-interrupted/1") | {"mass_taken": mass("7"), "stopped_by": "staff"}),
        SLOT_B,
        NURSE,
    ).position

    found = balances(house.seen())
    vial = found.containers[0]

    assert (vial.balance_mg, vial.sums.given, vial.sums.left_over) == ("400", "80", "15")  # the 5 mg wasted were of it
    assert [each.code for each in vial.unaccounted] == ["left-over"]
    assert found.unplaced == (nowhere,)


def test_any_batches_give_the_same_rows_and_every_moment_is_a_beginning_of_the_whole() -> None:
    house = a_day()
    database = house.seen()
    whole = container(database, VIAL)

    for batch in (1, 4, 7):
        assert digests(house.seen(batch=batch)) == digests(database)
    for count, movement in enumerate(whole.movements, start=1):
        up_to = container(database, VIAL, as_of=AsOf(happened_up_to=movement.at))
        known = container(database, VIAL, as_of=AsOf(known_at=movement.evidence[0] + 1))
        assert up_to.movements == known.movements == whole.movements[:count]
        assert up_to.balance_mg == known.balance_mg == movement.balance_mg


def test_what_happens_later_than_asked_is_not_there_yet() -> None:
    house = a_day()

    with pytest.raises(Refused) as caught:
        container(house.seen(), VIAL, as_of=AsOf(happened_up_to="2026-05-01T00:00:00.000000Z"))

    assert caught.value.code == "not-found"
    assert to_instant(house.clock.now) > "2026-05-01"
    assert container(house.seen(), OWN_A).balance_units == "10"
