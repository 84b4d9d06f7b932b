"""
Impossible values are refused, implausible ones are doubted, all others pass.

One row for each quantity of the event catalogue's tier table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from ledger.errors import Invalid
from ledger.events import EVENT_TYPES
from ledger.events.measures import DOSE_RANGES
from tests.ledger.events.walk import example_with, fields_of

CHECK, BEFORE, LEAVING, DOSE = (
    "supervision-checked/1",
    "pre-dose-assessed/1",
    "discharge-assessed/1",
    "dose-administered/1",
)


@dataclass(frozen=True)
class Row:
    """A quantity: where it stands, values that are refused, doubted, and taken as they are."""

    tag: str
    field: str
    impossible: tuple[Any, ...]
    implausible: tuple[Any, ...]
    plausible: tuple[Any, ...]


TABLE = [
    *(
        Row(tag, "blood_pressure.systolic", (0, -1, 351), (1, 69, 231, 350), (70, 230))
        for tag in (CHECK, BEFORE, LEAVING, "evaluation-completed/1")
    ),
    *(
        Row(tag, "blood_pressure.diastolic", (0, -1, 251), (1, 34, 141, 250), (35, 140))
        for tag in (CHECK, BEFORE, LEAVING, "evaluation-completed/1")
    ),
    *(Row(tag, "heart_rate", (-1, 351), (0, 34, 181, 350), (35, 180)) for tag in (CHECK, BEFORE, LEAVING)),
    *(Row(tag, "spo2", (-1, 101), (0, 69), (70, 100)) for tag in (CHECK, BEFORE, LEAVING)),
    *(Row(tag, "respiratory_rate", (-1, 101), (0, 5, 41, 100), (6, 40)) for tag in (CHECK, BEFORE, LEAVING)),
    *(
        Row(tag, "temperature", ("19.99", "46.01", "-1"), ("20", "33.99", "41.1", "46"), ("34", "41.00"))
        for tag in (CHECK, BEFORE, LEAVING)
    ),
    *(
        Row(tag, "weight", ("0", "-1", "400.01"), ("0.01", "34.9", "220.1", "400"), ("35", "220.00"))
        for tag in (DOSE, BEFORE, "evaluation-completed/1")
    ),
    *(Row(tag, "moaas", (-1, 6), (), (0, 5)) for tag in (CHECK, BEFORE, LEAVING)),
    *(Row(tag, "rass", (-6, 5), (), (-5, 4)) for tag in (CHECK, LEAVING)),
    *(Row(tag, "cadss6", (-1, 25), (), (0, 24)) for tag in (CHECK, BEFORE, LEAVING)),
    Row(LEAVING, "aldrete", (-1, 11), (), (0, 10)),
    Row(LEAVING, "padss", (-1, 11), (), (0, 10)),
    Row(LEAVING, "aldrete_items.activity", (-1, 3), (), (0, 2)),
    Row(CHECK, "nausea", (-1, 4), (), (0, 3)),
    Row(CHECK, "distress", (-1, 11), (), (0, 10)),
    Row(CHECK, "orientation", (-1, 5), (), (0, 4)),
    Row(DOSE, "hold_min", (-1, 121), (0, 2, 31, 120), (3, 30)),
    Row("dose-prepared/1", "concentration", ("0", "-1", "500.01"), ("200.01", "500"), ("10", "57", "200")),
    Row("dose-prepared/1", "volume", ("-0.01", "10000.01"), (), ("0", "0.55")),
    Row("left-against-advice/1", "moaas", (-1, 6), (), (0, 5)),
    Row("left-against-advice/1", "orientation", (-1, 5), (), (0, 4)),
    Row("intervention-performed/1", "oxygen_flow", ("-1", "60.1"), ("15.1", "60"), ("0", "2.0", "15")),
    Row("adverse-event-recorded/1", "severity", (0, 6), (), (1, 5)),
    Row("adverse-event-updated/1", "severity", (0, 6), (), (1, 5)),
    Row("stock-received/1", "concentration", ("0", "-1", "500.01"), (), ("10", "57", "500")),
    Row("stock-received/1", "volume", ("-0.01", "10000.01"), (), ("0", "10.00")),
    Row("stock-received/1", "amount.value", ("0", "-1", "100000.001"), (), ("0.001", "500", "100000")),
    Row("wastage-recorded/1", "mass.value", ("0", "-5", "100000.001"), (), ("0.5", "5")),
    Row("dose-partially-taken/1", "mass_taken.value", ("-0.001", "100000.001"), (), ("0", "25")),
    Row("dose-interrupted/1", "mass_taken.value", ("-0.001", "100000.001"), (), ("0", "25")),
    Row("stock-returned-from-session/1", "amount.value", ("-1", "100000.001"), (), ("0", "425")),
    Row("discrepancy-found/1", "difference.value", ("-100000.001", "100000.001"), (), ("-25", "0", "0.5")),
    Row("own-medication-counted/1", "count", ("-1", "10001"), (), ("0", "8.5")),
    Row("own-medication-checked-in/1", "count", ("-1", "-0.001", "10001"), (), ("0", "8.5", "10")),
]
IDS = [f"{row.tag}-{row.field}" for row in TABLE]


def _with(row: Row, value: Any) -> Any:
    name, _, member = row.field.partition(".")
    if not member:
        return example_with(row.tag, **{name: value})
    whole = example_with(row.tag).model_dump()[name]
    if member == "systolic":
        whole["diastolic"] = 35  # so that only the systolic value is in doubt
    if member == "diastolic":
        whole["systolic"] = 230
    return example_with(row.tag, **{name: {**whole, member: value}})


@pytest.mark.parametrize("row", TABLE, ids=IDS)
def test_an_impossible_value_is_refused(row: Row) -> None:
    for value in row.impossible:
        with pytest.raises(Invalid) as refused:
            _with(row, value)
        assert (refused.value.code, refused.value.field) == ("impossible-value", row.field)


@pytest.mark.parametrize("row", TABLE, ids=IDS)
def test_an_implausible_value_is_doubted_by_name(row: Row) -> None:
    for value in row.implausible:
        assert row.field in [doubt.field for doubt in _with(row, value).implausible()], value


@pytest.mark.parametrize("row", TABLE, ids=IDS)
def test_a_plausible_value_is_taken_as_it_is(row: Row) -> None:
    for value in row.plausible:
        assert list(_with(row, value).implausible()) == []


def test_every_example_is_plausible() -> None:
    assert [tag for tag in EVENT_TYPES if list(example_with(tag).implausible())] == []


@pytest.mark.parametrize(("systolic", "diastolic"), [(80, 80), (80, 120)])
@pytest.mark.parametrize("tag", [CHECK, BEFORE, LEAVING, "evaluation-completed/1"])
def test_a_diastolic_value_not_below_the_systolic_is_doubted(tag: str, systolic: int, diastolic: int) -> None:
    event = example_with(tag, blood_pressure={"systolic": systolic, "diastolic": diastolic})

    assert [doubt.field for doubt in event.implausible()] == ["blood_pressure"]


def test_every_field_with_a_blood_pressure_is_in_the_table() -> None:
    shown = {row.tag for row in TABLE if row.field.startswith("blood_pressure")}

    assert {tag for tag, kind in EVENT_TYPES.items() if "blood_pressure" in fields_of(kind)} == shown


DOSES = [
    ("sublingual", "2000", "10", "400"),
    ("buccal", "2000", "10", "400"),
    ("oral", "2000", "10", "400"),
    ("intramuscular", "1000", "5", "200"),
    ("intravenous", "1000", "5", "150"),
    ("intranasal", "600", "5", "200"),
]


def test_every_route_is_in_the_table() -> None:
    assert {route for route, *_ in DOSES} == set(DOSE_RANGES)


@pytest.mark.parametrize(("route", "possible", "low", "high"), DOSES)
def test_a_dose_has_its_tiers_by_route(route: str, possible: str, low: str, high: str) -> None:
    def given(mg: str) -> list[str]:
        event = example_with(DOSE, route=route, mass={"unit": "mg", "value": mg})
        return [doubt.field for doubt in event.implausible()]

    assert given(low) == given(high) == []
    assert given("1") == given(f"{high}.1") == given(possible) == ["mass"]


@pytest.mark.parametrize(("route", "possible", "low", "high"), DOSES)
@pytest.mark.parametrize(
    ("tag", "field"),
    [
        (DOSE, "mass"),
        ("dose-authorised/1", "mass"),
        ("order-signed/1", "dose_max"),
        ("order-signed/1", "dose_min"),
        ("order-amended/1", "dose_max"),
        ("order-amended/1", "dose_min"),
        ("verbal-order-received/1", "dose_max"),
    ],
)
def test_an_impossible_dose_is_refused(tag: str, field: str, route: str, possible: str, low: str, high: str) -> None:
    for mg, where in ((f"{possible}.001", field), ("0", f"{field}.value"), ("-5", f"{field}.value")):
        with pytest.raises(Invalid) as refused:
            example_with(tag, route=route, **{field: {"unit": "mg", "value": mg}})
        assert (refused.value.code, refused.value.field) == ("impossible-value", where)


@pytest.mark.parametrize(("strength", "doubted"), [("10", 0), ("50", 0), ("100.0", 0), ("57", 1), ("101", 1)])
def test_a_vial_has_one_of_three_strengths(strength: str, doubted: int) -> None:
    event = example_with("dose-prepared/1", drawn_from_vial=True, concentration=strength)

    assert len(list(event.implausible())) == doubted
