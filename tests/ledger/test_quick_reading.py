"""
The quick ways of reading accept and refuse exactly what reading by the letter of the format does, with the same codes.

Each quick way has a slow one beside it, which follows the format member by member.
Here both are given honest bytes, bytes with one thing changed, other spellings of the same value, and garbage.
"""

from __future__ import annotations

import binascii
import json
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from ledger import canonical as canonical_json
from ledger import entry as entries
from ledger import envelope as envelopes
from ledger.canonical import Json, canonical, parse_canonical
from ledger.encoding import from_base64, from_base64url, to_base64, to_base64url
from ledger.entry import FIRST_LINE, EventEntry, parse_event_entry
from ledger.envelope import PAYLOAD_TYPE, parse_envelope
from ledger.errors import Invalid
from ledger.payload import Payload, check_payload, parse_payload

EXAMPLE = json.loads((Path(__file__).parents[1] / "vectors/format-v1/example.json").read_text(encoding="utf-8"))
EVENTS: list[dict[str, str]] = [*EXAMPLE["events"], EXAMPLE["extension"]["event"]]

odd_text = st.text(max_size=6) | st.sampled_from(["\x00", "\n", '"', "\\", '\\"', "\\u0085", "\x7f", "\x85", "é", "٣"])
odd_values: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.integers(2**53 - 2, 2**53 + 1)
    | st.integers(2**63 - 1, 2**64 + 1)
    | odd_text
    | st.lists(st.none() | odd_text, max_size=2)
    | st.dictionaries(st.sampled_from(["a", "B_9", "9a", "", "é", "a\n", "a" * 65]), st.integers(), max_size=3)
    | st.integers(1, 9).map(lambda depth: json.loads("[" * depth + "]" * depth))
    | st.integers(60, 70).map(lambda count: {f"n{number}": number for number in range(count)})
)


@st.composite
def changed(draw: st.DrawFn, original: Any) -> Any:
    """The same value with one member somewhere replaced, left out or added."""
    if not isinstance(original, dict | list) or not original or draw(st.integers(0, 3)) == 0:
        return draw(odd_values)
    copy: Any = original.copy()
    at = draw(st.sampled_from(sorted(copy) if isinstance(copy, dict) else range(len(copy))))
    match draw(st.sampled_from(["inside", "inside", "inside", "out", "more"])):
        case "inside":
            copy[at] = draw(changed(copy[at]))
        case "out":
            del copy[at]
        case _ if isinstance(copy, dict):
            copy[draw(odd_text)] = draw(odd_values)
        case _:
            copy.append(copy[at])
    return copy


@st.composite
def spelled(draw: st.DrawFn, value: Any) -> bytes:
    """One of the ways in which JSON can be written, now and then with a byte changed or doubled."""
    match draw(st.sampled_from(["canonical", "canonical", "spaces", "escapes", "order", "double", "exponent"])):
        case "spaces":
            text = json.dumps(value, sort_keys=True)
        case "order":
            text = json.dumps(value, separators=(",", ":"))
        case "escapes":
            text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        case "double" if isinstance(value, dict) and value:
            inside = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            name = min(value)
            text = f"{{{json.dumps(name)}:0,{inside[1:]}"
        case "exponent":
            text = json.dumps(value, sort_keys=True, separators=(",", ":")).replace("1", "1e0", 1)
        case _:
            text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    data = text.encode("utf-8", "surrogatepass")
    if data and draw(st.integers(0, 3)) == 0:
        at = draw(st.integers(0, len(data) - 1))
        data = (
            data[:at] + draw(st.sampled_from([b"", b"\n", b"\\", b'"', b"\xc2\x85", b"0", b"=", b"\xff"])) + data[at:]
        )
        at = draw(st.integers(0, len(data) - 1))
        data = data[:at] + data[at + 1 :]
    return data


def outcome(read: Callable[[], object]) -> object:
    """What reading gives: the value, or the code, field and sentence of the refusal."""
    try:
        return read()
    except Invalid as refusal:
        return refusal.code, refusal.field, refusal.message


def typed(value: object) -> object:
    """The value in a form in which true is not 1."""
    return orjson.dumps(value) if isinstance(value, dict | list) else (type(value), value)


# -- canonical JSON -------------------------------------------------------------------------------------


def by_the_letter(data: bytes, *, any_text: bool) -> Json:
    """`parse_canonical` without its quick way."""
    try:
        value: Json = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Invalid("not-canonical", f"This is not JSON: {error.msg}.") from None
    if canonical_json._canonical_by_walking(value, any_text=any_text) != data:
        raise Invalid("not-canonical", "The bytes are not the canonical spelling of their value.")
    return value


bodies = st.sampled_from([json.loads(event["payload"]) for event in EVENTS])


@given(bodies.flatmap(lambda body: changed(body) | st.just(body)).flatmap(spelled), st.booleans())
@example(b'{"a":"\\"\\\\"}', False)
@example(b'{"a":"\\\\n"}', False)
@example(b'{"a":"\\n"}', True)
@example(b'{"a":1.0}', False)
@example(b'{"a":-0}', False)
@example(b'{"a":1,"a":1}', False)
@example('{"a":"\x85"}'.encode(), True)
@example('{"a":"¡ÿ"}'.encode(), True)
def test_canonical_json_is_read_as_by_walking_through_it(data: bytes, any_text: bool) -> None:
    quick = outcome(lambda: typed(parse_canonical(data, any_text=any_text)))

    assert quick == outcome(lambda: typed(by_the_letter(data, any_text=any_text)))


@given(odd_values | bodies.flatmap(changed), st.booleans())
@example("\ud800", True)
@example({"a": "\ud800"}, True)
@example({1: 2}, False)
@example([b"bytes"], False)
def test_canonical_json_is_written_as_by_walking_through_it(value: Any, any_text: bool) -> None:
    quick = outcome(lambda: canonical(value, any_text=any_text))

    assert quick == outcome(lambda: canonical_json._canonical_by_walking(value, any_text=any_text))


# -- base64 ---------------------------------------------------------------------------------------------


@given(st.binary(max_size=40), st.data())
def test_base64_has_one_spelling_and_every_other_is_refused(data: bytes, draw: st.DataObject) -> None:
    for write, read in ((to_base64, from_base64), (to_base64url, from_base64url)):
        text = write(data)
        at = draw.draw(st.integers(0, len(text)))
        put = draw.draw(st.text(st.sampled_from("AQgw+/-_=\n é"), max_size=2))
        other = text[:at] + put + text[at + draw.draw(st.integers(0, 2)) :]

        assert read(text) == data
        got = outcome(lambda read=read, other=other: read(other))  # type: ignore[misc]
        assert write(got) == other if isinstance(got, bytes) else got[0] in {"base64", "base64url"}  # type: ignore[index]


@pytest.mark.parametrize("whole", ["", "AAAA"])
def test_of_all_short_texts_only_the_spelling_that_is_written_is_read(whole: str) -> None:
    """A decoder's own strictness takes `AAAA=`; the length and what is behind the last group of three are asked too."""
    for length in range(6):
        for each in product("AQ+-/_=\n", repeat=length) if length < 5 else product("AQ=", repeat=length):
            text = whole + "".join(each)
            for write, read in ((to_base64, from_base64), (to_base64url, from_base64url)):
                got = outcome(lambda read=read, text=text: read(text))  # type: ignore[misc]
                padded = (text + "=" * (-len(text) % 4)).translate(str.maketrans("-_", "+/"))
                expected = write(binascii.a2b_base64(padded)) == text if is_base64(padded) else False
                assert isinstance(got, bytes) == expected


def is_base64(padded: str) -> bool:
    """Whether a lenient decoder makes anything of it."""
    try:
        binascii.a2b_base64(padded)
    except ValueError:
        return False
    return True


# -- entries --------------------------------------------------------------------------------------------


@given(st.sampled_from(EVENTS), st.data())
def test_entries_are_read_as_by_the_letter(event: dict[str, str], draw: st.DataObject) -> None:
    value = json.loads(event["entry"].partition("\n")[2])
    line = draw.draw(st.sampled_from([FIRST_LINE, FIRST_LINE, FIRST_LINE, b"session-ledger/heads/v1\n", b""]))
    data = line + draw.draw((changed(value) | st.just(value)).flatmap(spelled))

    assert outcome(lambda: parse_event_entry(data)) == outcome(lambda: entries._parse_by_rules(data))


@pytest.mark.parametrize("version", [1, 2, 10**15 - 1, 10**15, 2**53 - 1])
def test_an_entry_of_any_version_is_read_back(version: int) -> None:
    entry = EventEntry("0" * 64, None if version == 1 else "f" * 64, "2026-05-16T14:05:00.000000Z", "1" * 64, version)

    assert parse_event_entry(entry.bytes()) == entry


@pytest.mark.parametrize(
    "version", ["01", "0", "-1", "1.0", "1e0", "true", '"1"', str(2**53 - 1), str(2**53), "9" * 20]
)
def test_every_spelling_of_a_version_is_read_as_by_the_letter(version: str) -> None:
    data = EVENTS[1]["entry"].replace('"version":1}', f'"version":{version}}}').encode()

    assert outcome(lambda: parse_event_entry(data)) == outcome(lambda: entries._parse_by_rules(data))


@pytest.mark.parametrize("moment", ["é", "\\n", "\n", "\x7f", "٣", "2026-02-30T00:00:00.000000Z", "T" * 26 + "Z"])
def test_every_spelling_of_a_time_is_read_as_by_the_letter(moment: str) -> None:
    for width in (len(moment), 27):
        data = EVENTS[1]["entry"].replace("2026-05-16T14:05:21.123456Z", moment.ljust(width, "0")).encode()

        assert outcome(lambda data=data: parse_event_entry(data)) == outcome(  # type: ignore[misc]
            lambda data=data: entries._parse_by_rules(data)  # type: ignore[misc]
        )


# -- envelopes and payloads -----------------------------------------------------------------------------


@given(st.sampled_from(EVENTS), st.data())
def test_envelopes_are_read_as_by_the_letter(event: dict[str, str], draw: st.DataObject) -> None:
    value = json.loads(event["envelope"])
    if draw.draw(st.booleans()):
        payload = draw.draw(changed(json.loads(event["payload"])).flatmap(spelled))
        value["payload"] = to_base64(payload)
    data = draw.draw((changed(value) | st.just(value)).flatmap(spelled))

    assert outcome(lambda: parse_envelope(data)) == outcome(lambda: envelopes._parse_by_rules(data))


@pytest.mark.parametrize("byte", [b"\n", b"\\n", b" ", b"-", b"\x7f", b"\xc3\xa9"])
def test_an_odd_character_in_the_payloads_base64_is_named_as_by_the_letter(byte: bytes) -> None:
    data = EVENTS[1]["envelope"].encode().replace(b"eyJhdHR", b"eyJhd" + byte + b"R", 1)

    assert outcome(lambda: parse_envelope(data)) == outcome(lambda: envelopes._parse_by_rules(data))


def payload_by_the_letter(data: bytes) -> Payload:
    """`parse_payload` through JSON, which knows no difference between a list and a tuple."""
    by_the_letter(data, any_text=False)
    try:
        payload = Payload.model_validate_json(data)
    except ValidationError as error:
        path = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise Invalid("payload-format", "", field=path) from None
    check_payload(payload)
    return payload


@given(bodies.flatmap(lambda body: changed(body) | st.just(body)).flatmap(spelled))
def test_payloads_are_read_as_through_json(data: bytes) -> None:
    quick, letter = outcome(lambda: parse_payload(data)), outcome(lambda: payload_by_the_letter(data))

    if isinstance(quick, Payload):
        assert quick == letter
    else:
        assert quick[:2] == letter[:2]  # type: ignore[index]


def test_the_payload_type_is_matched_to_the_letter() -> None:
    data = EVENTS[1]["envelope"].encode().replace(b"vnd.session", b"vndxsession")

    assert PAYLOAD_TYPE.encode() not in data
    assert outcome(lambda: parse_envelope(data)) == outcome(lambda: envelopes._parse_by_rules(data))
