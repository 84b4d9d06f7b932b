"""An event taken apart and put together again is the same event, and nothing else is ever put together."""

from __future__ import annotations

import json
import types
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Union, get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import AfterValidator
from pydantic.fields import FieldInfo

from ledger.block import Block, parse_block
from ledger.canonical import Json, canonical
from ledger.errors import Invalid
from ledger.events import EVENT_TYPES
from ledger.events.base import Event, Measured
from ledger.events.fields import ERASED, EXPIRED, WITHHELD, Gone
from ledger.events.measures import Possible
from ledger.events.sealing import block_names, make_event, put_together, take_apart
from ledger.payload import parse_payload
from tests.ledger.events.example_making import SAT_A, SATURDAY, sealed
from tests.ledger.events.examples import EXAMPLES
from tests.ledger.events.walk import example_with, fields_of, leaves, may_be_null

TAGS = pytest.mark.parametrize("tag", EVENT_TYPES)


def _blocks(event: Event, stream: str) -> dict[str, Block]:
    sealed_values = take_apart(event, stream).sealed
    return {name: parse_block(Block(bytes(16), name, value).text) for name, value in sealed_values.items()}


def _body(event: Event, stream: str) -> dict[str, Json]:
    body: dict[str, Json] = json.loads(canonical(take_apart(event, stream).body))
    return body


def _again(event: Event, stream: str) -> Event:
    return put_together(type(event), stream, _body(event, stream), _blocks(event, stream))


def _refused(code: str, field: str, kind: type[Event], stream: str, body: Any, blocks: Any) -> None:
    with pytest.raises(Invalid) as refused:
        put_together(kind, stream, body, blocks)
    assert (refused.value.code, refused.value.field) == (code, field)


@TAGS
def test_an_event_survives_its_own_bytes(tag: str) -> None:
    example = EXAMPLES[tag]
    made = sealed(example)
    payload = parse_payload(made.envelope.payload_bytes)
    blocks = {block.name: parse_block(block.text) for block in made.blocks}

    assert put_together(type(example.event), example.stream, payload.body, blocks) == example.event


@TAGS
def test_an_event_without_any_value_that_may_be_null_survives(tag: str) -> None:
    example = EXAMPLES[tag]
    nulls = {name: None for name, (_, hint) in fields_of(type(example.event)).items() if may_be_null(hint)}
    event = example_with(tag, **nulls)

    assert _again(event, example.stream) == event


def _values(hint: Any) -> st.SearchStrategy[Any] | None:
    options: list[st.SearchStrategy[Any]] = []
    for leaf, metadata in leaves(hint):
        possible = [item.func for item in metadata if isinstance(item, AfterValidator)]
        decimals = [one for one in possible if isinstance(one, Possible)]
        if leaf is int:
            options.append(st.integers(*_bounds(metadata)))
        elif decimals:
            limits = decimals[0]
            options.append(
                st.decimals(limits.low, limits.high, places=limits.places)
                .map(lambda value: format(value.copy_abs(), "f"))
                .filter(_passes(limits))
            )
        elif leaf is type(None):
            options.append(st.none())
        elif leaf is not Gone:
            return None
    return st.one_of(options)


def _passes(limits: Possible) -> Callable[[str], bool]:
    return lambda text: not limits.above or Decimal(text) > Decimal(limits.low)


def _bounds(metadata: tuple[Any, ...]) -> tuple[int, int]:
    low, high = 0, 2**53 - 1
    for item in metadata:
        for limit in item.metadata if isinstance(item, FieldInfo) else ():
            low = limit.gt + 1 if hasattr(limit, "gt") else getattr(limit, "ge", low)
            high = limit.lt - 1 if hasattr(limit, "lt") else getattr(limit, "le", high)
    return low, high


def _is_part(hint: Any) -> bool:
    return any(
        hasattr(inner, "model_fields")
        for union in get_args(hint)
        if get_origin(union) in (Union, types.UnionType)
        for inner in get_args(union)
    ) or any(hasattr(inner, "model_fields") for inner in get_args(hint))


def _variants(tag: str) -> st.SearchStrategy[dict[str, Any]]:
    fields: dict[str, st.SearchStrategy[Any]] = {}
    for name, (_, hint) in fields_of(EVENT_TYPES[tag]).items():
        if not _is_part(hint) and "tuple" not in str(hint) and (values := _values(hint)) is not None:
            fields[name] = values
    if "blood_pressure" in EVENT_TYPES[tag].model_fields:
        fields["blood_pressure"] = st.none() | st.fixed_dictionaries(
            {"diastolic": st.integers(1, 250), "systolic": st.integers(1, 350)}
        )
    return st.fixed_dictionaries(fields)


@pytest.mark.parametrize("tag", [tag for tag, kind in EVENT_TYPES.items() if issubclass(kind, Measured)])
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_possible_measurement_survives(tag: str, data: st.DataObject) -> None:
    event = example_with(tag, **data.draw(_variants(tag)))

    assert _again(event, EXAMPLES[tag].stream) == event
    assert list(event.implausible()) == list(_again(event, EXAMPLES[tag].stream).implausible())


@TAGS
def test_the_blocks_of_a_type_follow_from_its_class_and_its_record(tag: str) -> None:
    example = EXAMPLES[tag]
    kind = type(example.event)
    own = example.stream[-1] if example.stream[-2:] in ("/a", "/b") else "subject"
    expected = {
        f"{privacy.slot or own}/{privacy.privacy}"
        for privacy, _ in fields_of(kind).values()
        if privacy.privacy != "open"
    }
    nulls = {name: None for name, (_, hint) in fields_of(kind).items() if may_be_null(hint)}

    assert set(block_names(kind, example.stream)) == expected
    assert set(take_apart(example.event, example.stream).sealed) == expected
    assert set(take_apart(example_with(tag, **nulls), example.stream).sealed) == expected


@TAGS
@pytest.mark.parametrize("absent", [WITHHELD, ERASED, EXPIRED])
def test_an_event_without_its_blocks_still_reads_and_cannot_be_signed_again(tag: str, absent: Gone) -> None:
    example = EXAMPLES[tag]
    kind = type(example.event)
    event = put_together(kind, example.stream, _body(example.event, example.stream), {}, absent)

    gone = [name for name, (privacy, _) in fields_of(kind).items() if privacy.privacy != "open"]
    assert all(getattr(event, name) is absent for name in gone)
    assert list(event.implausible()) == []
    if gone:
        with pytest.raises(Invalid) as refused:
            take_apart(event, example.stream)
        assert (refused.value.code, refused.value.field) == ("gone", gone[0])


@TAGS
def test_one_partner_reads_a_joint_event_without_the_other(tag: str) -> None:
    example = EXAMPLES[tag]
    kind = type(example.event)
    own = {name: block for name, block in _blocks(example.event, example.stream).items() if name[:2] != "b/"}

    event = put_together(kind, example.stream, _body(example.event, example.stream), own)

    for name, (privacy, _) in fields_of(kind).items():
        other = privacy.slot == "b" or (privacy.privacy != "open" and example.stream.endswith("/b"))
        assert getattr(event, name) == (WITHHELD if other else getattr(example.event, name))


@TAGS
def test_no_json_value_can_claim_to_be_gone(tag: str) -> None:
    example = EXAMPLES[tag]
    kind = type(example.event)
    for name, (privacy, _) in fields_of(kind).items():
        if privacy.privacy != "open":
            with pytest.raises(Invalid) as refused:
                example_with(tag, **{name: {"why": "withheld"}})
            assert refused.value.field.split(".")[0] == name


@TAGS
def test_a_field_that_is_missing_is_refused_by_name(tag: str) -> None:
    members = EXAMPLES[tag].event.model_dump()
    for name in fields_of(EVENT_TYPES[tag]):
        rest = {field: value for field, value in members.items() if field != name}
        with pytest.raises(Invalid) as refused:
            make_event(EVENT_TYPES[tag], rest)
        assert (refused.value.code, refused.value.field) == ("missing-field", name)


@TAGS
def test_a_field_nobody_knows_is_refused_by_name(tag: str) -> None:
    example = EXAMPLES[tag]
    kind, stream = type(example.event), example.stream
    body, blocks = _body(example.event, stream), _blocks(example.event, stream)

    _refused("unknown-field", "mood_ring", kind, stream, {**body, "mood_ring": 1}, blocks)
    for name, block in blocks.items():
        more = Block(block.salt, name, {**block.value, "mood_ring": 1})
        _refused("unknown-field", f"{name}:mood_ring", kind, stream, body, {**blocks, name: more})


def test_a_sealed_field_is_not_taken_from_the_open_body() -> None:
    event = EXAMPLES["dose-declined/1"].event
    body = {"note": None}

    _refused("unknown-field", "note", type(event), SAT_A, body, _blocks(event, SAT_A))


def test_a_block_the_type_does_not_have_is_refused() -> None:
    event = EXAMPLES["monitor-assigned/1"].event
    stray = {"a/clinical": Block(bytes(16), "a/clinical", {})}

    _refused("blocks-of-type", "blocks.a/clinical", type(event), SATURDAY, _body(event, SATURDAY), stray)


WRONG = [
    ("supervision-checked/1", "spo2", 98.0),
    ("supervision-checked/1", "spo2", "98"),
    ("supervision-checked/1", "spo2", True),
    ("supervision-checked/1", "airway_clear", 1),
    ("pre-dose-assessed/1", "temperature", 36.6),
    ("pre-dose-assessed/1", "temperature", "3.66e1"),
    ("pre-dose-assessed/1", "temperature", "036.6"),
    ("pre-dose-assessed/1", "temperature", "36.666"),
    ("pre-dose-assessed/1", "weight", " 75"),
    ("own-medication-checked-in/1", "count", "-0"),
    ("dose-authorised/1", "valid_from", "2026-05-16T10:00:00"),
    ("dose-authorised/1", "valid_from", "2026-05-16T10:00:00.000000"),
    ("dose-authorised/1", "valid_from", "2026-05-16T10:00:00.000000-04:00"),
    ("dose-authorised/1", "valid_from", "2026-02-30T10:00:00.000000Z"),
    ("participant-checked-in/1", "last_food", "07:10"),
    ("order-signed/1", "valid_to", "2026-02-29"),
    ("order-signed/1", "valid_to", "05.06.2026"),
    ("dose-administered/1", "route", "SL"),
    ("dose-administered/1", "container", "own-A"),
    ("couple-registered/1", "person_a", "staff/91d6c2ab-5c1d-4c0e-8f7a-2d9e4b6a8c02"),
    ("dose-declined/1", "note", "x" * 281),
    ("dose-declined/1", "note", "two\nlines"),
    ("session-phase-changed/1", "covers", ("c",)),
    ("session-phase-changed/1", "covers", ("a",) * 33),
]


@pytest.mark.parametrize(("tag", "field", "value"), WRONG)
def test_a_value_of_the_wrong_kind_is_refused_by_name(tag: str, field: str, value: Any) -> None:
    with pytest.raises(Invalid) as refused:
        example_with(tag, **{field: value})

    assert refused.value.code == "field-value"
    assert refused.value.field.split(".")[0] == field


@pytest.mark.parametrize(
    ("tag", "field", "value", "where"),
    [
        ("dose-administered/1", "mass", {"unit": "g", "value": "0.1"}, "mass.unit"),
        ("dose-administered/1", "mass", {"unit": "mg", "value": 100}, "mass.value"),
        ("dose-administered/1", "mass", {"unit": "mg", "value": "100", "salt": "HCl"}, "mass.salt"),
        ("supervision-checked/1", "blood_pressure", {"systolic": 120}, "blood_pressure.diastolic"),
        (
            "no-driving-release-signed/1",
            "no_drive_until",
            {"at": "2026-05-17T10:50:00", "local": "2026-05-17 10:50 EDT"},
            "no_drive_until.at",
        ),
        (
            "no-driving-release-signed/1",
            "no_drive_until",
            {"at": "2026-05-17T14:50:00.000000Z", "local": "2026-05-17 10:50"},
            "no_drive_until.local",
        ),
    ],
)
def test_a_wrong_member_of_a_value_is_refused_by_its_path(tag: str, field: str, value: Any, where: str) -> None:
    with pytest.raises(Invalid) as refused:
        example_with(tag, **{field: value})

    assert refused.value.code in ("field-value", "missing-field", "unknown-field")
    assert refused.value.field == where


def test_a_protocol_states_every_figure() -> None:
    event = EXAMPLES["protocol-published/1"].event
    stream = EXAMPLES["protocol-published/1"].stream
    body: Any = _body(event, stream)
    del body["parameters"]["release"]["cadss6_max"]

    _refused("field-value", "parameters", type(event), stream, body, {})


def test_what_people_type_is_read_when_asked_for() -> None:
    members = {**EXAMPLES["supervision-checked/1"].event.model_dump(), "spo2": "98", "airway_clear": "true"}

    event: Any = make_event(EVENT_TYPES["supervision-checked/1"], members, lenient=True)

    assert (event.spo2, event.airway_clear) == (98, True)
