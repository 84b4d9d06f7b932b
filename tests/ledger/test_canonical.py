"""J, the canonical form: the same bytes as RFC 8785 inside the profile, and nothing else is read."""

from __future__ import annotations

import json
import string
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import MAX_INTEGER, Json, canonical, parse_canonical
from ledger.errors import Invalid

VECTORS = Path(__file__).parents[1] / "vectors/jcs-rfc8785"

names = st.text(string.ascii_letters, min_size=1, max_size=6) | st.from_regex(
    r"[A-Za-z][A-Za-z0-9_]{0,20}", fullmatch=True
)
ascii_text = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=30)
any_text = st.text(
    st.characters(min_codepoint=0x20, exclude_categories=["Cs"]).filter(lambda c: not 0x7F <= ord(c) <= 0x9F),
    max_size=30,
)
integers = st.integers(-MAX_INTEGER, MAX_INTEGER)


def values(text: st.SearchStrategy[str]) -> st.SearchStrategy[Json]:
    """Values of the profile, at most five containers deep."""
    leaves: st.SearchStrategy[Json] = st.none() | st.booleans() | integers | text
    for _ in range(4):
        leaves = leaves | st.lists(leaves, max_size=3) | st.dictionaries(names, leaves, max_size=3)
    return leaves


@given(values(ascii_text))
def test_ascii_values_have_the_bytes_of_rfc_8785(value: Json) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(values(any_text))
def test_any_text_has_the_bytes_of_rfc_8785(value: Json) -> None:
    assert canonical(value, any_text=True) == rfc8785.dumps(value)


@given(values(any_text))
def test_what_is_written_is_read_back(value: Json) -> None:
    assert parse_canonical(canonical(value, any_text=True), any_text=True) == value


@given(values(any_text), st.data())
def test_a_changed_byte_is_refused_or_another_value(value: Json, data: st.DataObject) -> None:
    written = canonical(value, any_text=True)
    at = data.draw(st.integers(0, len(written) - 1))
    changed = written[:at] + bytes([written[at] ^ data.draw(st.integers(1, 255))]) + written[at + 1 :]

    try:
        read = parse_canonical(changed, any_text=True)
    except Invalid:
        return
    assert canonical(read, any_text=True) == changed != written


@given(st.binary(max_size=60))
def test_garbage_is_refused_and_nothing_else_happens(garbage: bytes) -> None:
    try:
        value = parse_canonical(garbage)
    except Invalid:
        return
    assert canonical(value) == garbage


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode"])
def test_vectors_of_the_json_canonicalization_scheme(name: str) -> None:
    """
    Each has member names that our profile refuses; the strings and numbers in them are spelled as in the vectors.

    The oracle of the property tests above is held to the same vectors.
    """
    value = json.loads((VECTORS / f"input/{name}.json").read_text(encoding="utf-8"))
    expected = (VECTORS / f"output/{name}.json").read_bytes()

    assert rfc8785.dumps(value) == expected
    with pytest.raises(Invalid):
        canonical(value, any_text=True)
    for part in plain_parts(value):
        assert canonical(part, any_text=True) in expected


def plain_parts(value: Json) -> list[str | int]:
    """The texts and whole numbers inside a value that are in our profile."""
    if isinstance(value, dict):
        return [part for member in value.values() for part in plain_parts(member)]
    if isinstance(value, list):
        return [part for member in value for part in plain_parts(member)]
    return [value] if isinstance(value, str | int) else []


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"mass": {"value": 1.5}}, "mass.value"),
        ({"doses": [1, 2**53]}, "doses[1]"),
        ({"n": -(2**53)}, "n"),
        ({"note": "naïve"}, "note"),
        ({"a b": 1}, ""),
        ({"a": {"1a": 1}}, "a"),
        ({"a": "\x7f"}, "a"),
        ({"a": {"b": {"c": {"d": {"e": {"f": {}}}}}}}, "a.b.c.d.e.f"),
    ],
)
def test_a_value_outside_the_profile_is_refused_with_its_path(value: Json, path: str) -> None:
    with pytest.raises(Invalid) as refusal:
        canonical(value)

    assert (refusal.value.code, refusal.value.field) == ("not-canonical", path)


@pytest.mark.parametrize("text", ["\u0000", "\u001f", "\u007f", "\u0085", "\u009f", "\ud800"])
def test_control_characters_and_lone_surrogates_stand_in_no_block(text: str) -> None:
    with pytest.raises(Invalid):
        canonical({"note": text}, any_text=True)


def test_six_containers_are_allowed_and_seven_are_not() -> None:
    six: Json = {"a": [{"a": [{"a": []}]}]}

    assert parse_canonical(canonical(six)) == six
    with pytest.raises(Invalid):
        canonical([six])


def test_deep_nesting_in_received_bytes_is_refused_without_exhausting_the_stack() -> None:
    with pytest.raises(Invalid):
        parse_canonical(b"[" * 8000 + b"]" * 8000)
