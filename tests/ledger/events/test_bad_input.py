"""
Bad input, asked of every field of every type: refused with a code and the field it stands in, and nothing half done.

Naive times, unknown units, masses as floats, words nobody knows, numbers as text: one table by kind of value.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from ledger.errors import Invalid, LedgerError, Refused
from ledger.events import EVENT_TYPES
from ledger.events.base import Event, Measured
from ledger.events.fields import FieldClass
from ledger.events.measures import Part
from ledger.events.sealing import make_event
from ledger.events.words import Named
from ledger.payload import EventId, HexHash, Word, parse_payload
from tests.ledger.clinic import uuid
from tests.ledger.events.example_making import sealed
from tests.ledger.events.examples import EXAMPLES
from tests.ledger.events.founded import House
from tests.ledger.events.walk import fields_of

BAD: dict[str, tuple[Any, ...]] = {
    "time in UTC": (
        *("2026-05-16T10:05:00", "2026-05-16T10:05:00.000000", "2026-05-16T10:05:00.000000+02:00"),
        *("2026-05-16 10:05", "2026-02-30T10:05:00.000000Z", "2026-05-16T10:05:60.000000Z", 1778911500, ""),
    ),
    "date at the location": ("16.05.2026", "2026-02-30", "2026-5-16", 20260516, ""),
    "time of day at the location": ("6:00", "24:00", "06:00:00", 600),
    "local time as it was shown": ("2026-05-17 10:50", "tomorrow", "2026-02-30 10:50 EDT"),
    "decimal": (100.0, 100, "1e2", "1,5", "+5", "05", "-0", ".5", "NaN", "1.1234567", ""),
    "whole number": (120.0, "120", True, 2**53, ""),
    "yes or no": ("yes", 1, 0, "true"),
    "word": ("no-such-word", "", 7),
    "name of a record": ("RN1", "staff/1", "nobody/00000000-0000-4000-8000-000000000001", 7, ""),
    "digest": ("abc", "A" * 64, 7, ""),
    "id of an event": ("019e311b", "019E311B-1900-7478-8AE5-475A1F34064A", 7, ""),
    "coded word": ("Two Words", "ümlaut", "x" * 65, 7, ""),
    "short printable code": (" x", "a\nb", "é", "x" * 65, f"person/{uuid(11)}", 7, ""),
    "one line of plain ASCII": ("a\nb", "é", "x" * 201, f"see person/{uuid(11)}", 7, ""),
    "one line of text": ("a\nb", "x" * 201, 7, ""),
    "free text, at most 280 characters": ("a\nb", "x" * 281, 7, ""),
}
"""What is refused of each kind of value, in every field that has it."""

_DECIMALS = (
    "mass",
    "volume",
    "weight",
    "temperature",
    "concentration",
    "lozenges",
    "decimal",
    "oxygen flow",
    "difference",
)


_UNNAMED = {
    repr(alias.__metadata__): words  # type: ignore[attr-defined]  # each is Annotated
    for alias, words in ((HexHash, "digest"), (EventId, "id of an event"), (Word, "coded word"))
}


def kind_of(hint: Any) -> str | None:
    """Which row of the table a plain value belongs to; None for text that may be anything."""
    named = [each.words for each in getattr(hint, "__metadata__", ()) if isinstance(each, Named)]
    plain = tuple(each for each in getattr(hint, "__metadata__", ()) if not isinstance(each, FieldClass))
    words = named[-1] if named else _UNNAMED.get(repr(plain), "")
    base = get_args(hint)[0] if get_origin(hint) is not None and hasattr(hint, "__metadata__") else hint
    if words in BAD:
        return words
    if words.endswith("/…"):
        return "name of a record"
    if words.startswith(_DECIMALS):
        return "decimal"
    if base is bool:
        return "yes or no"
    if base is int:
        return "whole number"
    if str(get_origin(base)) == "typing.Literal":
        return "word"
    return None


def places(hint: Any, value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Where in a field plain values stand, as far as the example has them, and of which kind they are."""
    if kind := kind_of(hint):
        yield path, kind
        return
    inner = [each for each in get_args(hint) if each is not type(None)] if get_origin(hint) is not None else []
    if isinstance(hint, type) and issubclass(hint, Part):
        for name, each in get_type_hints(hint, include_extras=True).items():
            if isinstance(value, dict) and name in value:
                yield from places(each, value[name], (*path, name))
    elif get_origin(hint) is tuple:
        if value:
            yield from places(inner[0], value[0], (*path, 0))
    else:
        found = [list(places(each, value, path)) for each in inner if not _is_note(each)]
        found = [each for each in found if each]
        if len(found) == 1:  # two kinds of one value, such as a word or a number, are asked one by one elsewhere
            yield from found[0]


def _is_note(hint: Any) -> bool:
    return not (isinstance(hint, type) or get_origin(hint) is not None)


def changed(value: Any, path: tuple[str | int, ...], bad: Any) -> Any:
    """The same value with something bad in one place."""
    if not path:
        return bad
    step, rest = path[0], path[1:]
    if isinstance(value, dict):
        return {**value, step: changed(value[step], rest, bad)}
    assert isinstance(step, int)
    return [changed(each, rest, bad) if index == step else each for index, each in enumerate(value)]


CASES = [
    (tag, path, kind)
    for tag, kind_ in EVENT_TYPES.items()
    for name, (_, hint) in fields_of(kind_).items()
    for path, kind in places(hint, EXAMPLES[tag].event.model_dump()[name], (name,))
]


def test_every_type_is_asked_and_every_row_of_the_table() -> None:
    assert {tag for tag, _, _ in CASES} >= {tag for tag, kind in EVENT_TYPES.items() if fields_of(kind)} - _SAYS_TEXT
    assert {kind for _, _, kind in CASES} == set(BAD)
    assert len(CASES) > 1400


_SAYS_TEXT = {"log-key-added/1", "log-key-retired/1"}
"""Types that hold a verifier key and nothing else; how one is spelled `tests/ledger/tlog` asks."""


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_value_is_refused_in_the_field_in_which_it_stands(kind: str) -> None:
    for tag, path, _ in (case for case in CASES if case[2] == kind):
        members = EXAMPLES[tag].event.model_dump()
        for bad in BAD[kind]:
            with pytest.raises(Invalid) as refused:
                make_event(EVENT_TYPES[tag], changed(members, path, bad))
            assert refused.value.code in ("field-value", "impossible-value"), (tag, path, bad)
            assert refused.value.field == ".".join(map(str, path)), (tag, path, bad)
            assert refused.value.remedy


@pytest.mark.parametrize("unit", ["g", "mcg", "MG", "mL", "", None, 1])
def test_a_unit_nobody_agreed_on_is_refused_wherever_there_is_a_mass(unit: object) -> None:
    asked = 0
    for tag, path, kind in CASES:
        if path[-1] != "unit" or kind != "word":
            continue
        members = EXAMPLES[tag].event.model_dump()
        with pytest.raises(Invalid) as refused:
            make_event(EVENT_TYPES[tag], changed(members, path, unit))
        assert (refused.value.code, refused.value.field) == ("field-value", ".".join(map(str, path)))
        asked += 1
    assert asked > 20


@pytest.mark.parametrize("tag", EVENT_TYPES)
def test_a_field_too_few_and_a_field_too_many_are_refused_by_name(tag: str) -> None:
    members = EXAMPLES[tag].event.model_dump()

    with pytest.raises(Invalid) as refused:
        make_event(EVENT_TYPES[tag], {**members, "no_such_field": 1})
    assert (refused.value.code, refused.value.field) == ("unknown-field", "no_such_field")
    for name in fields_of(EVENT_TYPES[tag]):
        with pytest.raises(Invalid) as refused:
            make_event(EVENT_TYPES[tag], {each: value for each, value in members.items() if each != name})
        assert (refused.value.code, refused.value.field) == ("missing-field", name)


# When it happened


@pytest.mark.parametrize("member", ["occurred.at", "recorded_at"])
def test_a_time_without_a_zone_or_of_another_one_is_refused_of_any_event(member: str) -> None:
    payload = sealed(EXAMPLES["dose-administered/1"]).payload
    good = payload.occurred.at if member == "occurred.at" else payload.recorded_at
    for bad in (good.removesuffix("Z"), good.replace("Z", "+02:00"), good[:16] + "Z", good[:10]):
        text = payload.bytes().decode()
        key = '"at":' if member == "occurred.at" else '"recorded_at":'
        with pytest.raises(Invalid) as refused:
            parse_payload(text.replace(f'{key}"{good}"', f'{key}"{bad}"').encode())
        assert refused.value.field.endswith(member.rpartition(".")[2])


# Unknown subjects


@pytest.fixture(scope="module")
def house() -> House:
    return House().founded()


NEEDS_ITS_RECORD = [
    tag
    for tag, kind in EVENT_TYPES.items()
    if kind.STREAM in ("person", "staff", "couple", "session", "partner")
    and tag not in ("participant-registered/1", "staff-registered/1", "couple-registered/1", "session-scheduled/1")
]


@pytest.mark.parametrize("tag", NEEDS_ITS_RECORD)
def test_nothing_is_recorded_of_somebody_nobody_registered(house: House, tag: str) -> None:
    example = EXAMPLES[tag]
    kind, _, rest = example.stream.partition("/")
    stranger = f"{kind}/{uuid(4711)}" + (rest[36:] if kind == "session" else "")
    before = house.store.head()

    staff = [each for each in example.signed if each[0].startswith("staff/")]
    own = [each for each in example.signed if not each[0].startswith("staff/")]
    with pytest.raises(LedgerError) as refused:
        house.take(house.other(example.event, stranger, *staff, *((stranger, *each[1:]) for each in own)))

    assert refused.value.code == ("key-not-enrolled" if own else "unknown-subject")
    assert refused.value.field
    assert house.store.head() == before


def there(tag: str, path: tuple[str | int, ...]) -> Any:
    """What the example of a type says in one place."""
    value: Any = EXAMPLES[tag].event.model_dump()
    for step in path:
        value = value[step]
    return value


MUST_BE_THERE = ("staff/", "person/", "couple/", "session/", "location/")
"""Records that have to be there before an event names them; a container may be one that nobody handed in."""

NAMED = [
    (tag, path)
    for tag, path, kind in CASES
    if kind == "name of a record" and EVENT_TYPES[tag].STREAM != "keys"
    if str(there(tag, path)).startswith(MUST_BE_THERE)
]


@pytest.mark.parametrize(("tag", "path"), NAMED, ids=[f"{tag}-{path[0]}" for tag, path in NAMED])
def test_a_record_that_an_event_names_has_to_be_there(house: House, tag: str, path: tuple[str | int, ...]) -> None:
    example = EXAMPLES[tag]
    members = example.event.model_dump()
    event = make_event(
        EVENT_TYPES[tag], changed(members, path, f"{str(there(tag, path)).partition('/')[0]}/{uuid(4711)}")
    )
    before = house.store.head()

    with pytest.raises(Refused) as refused:
        house.take(house.other(event, example.stream, *example.signed))

    assert refused.value.code == "unknown-subject"
    assert refused.value.field.replace("[", ".").replace("]", "") == ".".join(map(str, path))
    assert house.store.head() == before


# Implausible values


MEASURED = [(tag, kind) for tag, kind in EVENT_TYPES.items() if issubclass(kind, Measured)]
DOUBTFUL: dict[str, Any] = {
    "blood_pressure": {"systolic": 240, "diastolic": 80},
    "weight": "20",
    "temperature": "45",
    "heart_rate": 300,
    "spo2": 40,
    "respiratory_rate": 80,
    "hold_min": 100,
    "oxygen_flow": "50",
    "concentration": "57",
}


@pytest.mark.parametrize("tag", [tag for tag, _ in MEASURED])
def test_an_implausible_value_needs_a_confirmation_with_its_reason(tag: str) -> None:
    house, example = House().founded(), EXAMPLES[tag]
    members = example.event.model_dump()
    asked = [name for name in DOUBTFUL if name in members]
    assert asked
    for name in asked:
        doubtful = {**members, name: DOUBTFUL[name], "confirmed": None}
        if name == "concentration":
            doubtful["drawn_from_vial"] = True
        before = house.store.head()
        with pytest.raises(Refused) as refused:
            house.take(house.other(make_event(EVENT_TYPES[tag], doubtful), example.stream, *example.signed))
        assert (refused.value.code, refused.value.field.partition(".")[0]) == ("implausible-value", name)
        assert house.store.head() == before
        for reason in ("", None, "x" * 281):
            with pytest.raises(Invalid):
                make_event(EVENT_TYPES[tag], {**doubtful, "confirmed": {"reason": reason}})
        event = make_event(EVENT_TYPES[tag], {**doubtful, "confirmed": {"reason": "read twice"}})
        house.take(house.other(event, example.stream, *example.signed))
        assert house.store.head().size == before.size + 1


def test_no_measured_type_is_left_out() -> None:
    for tag, kind in MEASURED:
        assert issubclass(kind, Event)
        assert set(DOUBTFUL) & set(kind.model_fields), tag
