"""Part by part an event is taken for one exactly where it is as a whole."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.canonical import is_spelled, spelled
from ledger.events import EVENT_TYPES
from ledger.events.base import Event
from ledger.events.corrections import EntryCorrected
from ledger.events.parts import parts_of
from ledger.events.sealing import fields_by_part, form_of, read_quickly, take_apart
from tests.ledger.events.examples import EXAMPLES

WHOLE = {"order-signed/1", "order-amended/1", "dose-authorised/1", "dose-administered/1", "verbal-order-received/1"}
"""Types in which what is possible in one field depends on another."""

TAGS = sorted(set(EXAMPLES) - WHOLE - {EntryCorrected.type_tag()})
WRITTEN_OTHERWISE = {"protocol-published/2"}
"""Its fields inside fields are not declared in the order in which they are written: asked as a whole after a no."""


def pieces(tag: str) -> tuple[type[Event], str, list[bytes], list[str]]:
    """The example of a type taken apart: its open body and each block as they are spelled, and the blocks' names."""
    example = EXAMPLES[tag]
    apart = take_apart(example.event, example.stream)
    return (
        type(example.event),
        example.stream,
        [spelled(apart.body), *(spelled(value) for value in apart.sealed.values())],
        list(apart.sealed),
    )


def part_by_part(tag: str, parts: list[bytes]) -> bool:
    kind, stream, _, names = pieces(tag)
    asked = parts_of(kind, *form_of(stream))
    assert asked is not None
    sealed = zip(names, parts[1:], strict=True)
    return asked.body(parts[0]) and all(asked.sealed[name.encode()](inside) for name, inside in sealed)


def as_a_whole(tag: str, parts: list[bytes]) -> bool:
    kind, stream, _, names = pieces(tag)
    values: list[Any] = []
    for number, part in enumerate(parts):
        try:
            value = orjson.loads(part)
        except orjson.JSONDecodeError:
            return False
        if not isinstance(value, dict) or not is_spelled(value, part, any_text=number > 0):
            return False
        values.append(value)
    return read_quickly(kind, stream, values[0], dict(zip(names, values[1:], strict=True))) is not None


def test_only_types_whose_fields_ask_about_each_other_are_read_whole() -> None:
    kinds = {tag: parts_of(EVENT_TYPES[tag], *form_of(example.stream)) for tag, example in EXAMPLES.items()}

    assert {tag for tag, parts in kinds.items() if parts is None} == WHOLE


@pytest.mark.parametrize("tag", TAGS)
def test_every_example_is_one_part_by_part(tag: str) -> None:
    _, _, parts, _ = pieces(tag)

    assert as_a_whole(tag, parts)
    assert part_by_part(tag, parts) != (tag in WRITTEN_OTHERWISE)


def test_fields_that_are_not_on_a_record_may_be_none() -> None:
    """They are in no part; as a whole they are asked for, and None is what they then are."""
    for tag in TAGS:
        kind, stream, _, _ = pieces(tag)
        body, sealed = fields_by_part(kind, *form_of(stream))
        there = {*body.values(), *(name for names in sealed.values() for name in names.values()), "type"}
        for name in kind.model_fields.keys() - there:
            assert getattr(EXAMPLES[tag].event, name) is None


_ODD = [
    "null",
    "true",
    "1",
    "-0",
    "1.0",
    "1e2",
    '"1"',
    '"withheld"',
    "[]",
    "{}",
    '{"why":"withheld"}',
    "9" * 20,
    '"\\u0041"',
    '"é"',
    '"\\u007f"',
    " null",
]


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(TAGS), st.data())
def test_whatever_is_changed_both_ways_say_the_same(tag: str, data: st.DataObject) -> None:
    _, _, parts, _ = pieces(tag)
    which = data.draw(st.integers(0, len(parts) - 1))
    part = parts[which]
    match data.draw(st.sampled_from(["value", "byte", "cut", "twice", "swap", "moved"])):
        case "value":
            value = orjson.loads(part)
            if not value:
                return
            field = data.draw(st.sampled_from(sorted(value)))
            odd = data.draw(st.sampled_from(_ODD))
            changed = b"{%b}" % b",".join(
                b"%b:%b" % (spelled(name), odd.encode() if name == field else spelled(each))
                for name, each in sorted(value.items())
            )
        case "byte":
            at = data.draw(st.integers(0, len(part) - 1))
            changed = (
                part[:at] + data.draw(st.sampled_from([b"0", b'"', b"\\", b",", b" ", b"\xff", b"A"])) + part[at + 1 :]
            )
        case "cut":
            at = data.draw(st.integers(0, len(part) - 1))
            changed = part[:at] + part[at + data.draw(st.integers(1, 3)) :]
        case "twice":
            changed = part[:-1] + b"," + part[1:]
        case "swap":
            value = list(orjson.loads(part).items())
            changed = orjson.dumps(dict(reversed(value)))
        case _:
            changed = parts[(which + 1) % len(parts)]
    parts[which] = changed

    if tag in WRITTEN_OTHERWISE:
        assert as_a_whole(tag, parts) or not part_by_part(tag, parts)
    else:
        assert part_by_part(tag, parts) == as_a_whole(tag, parts)
