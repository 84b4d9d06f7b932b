"""J in the page and J in Python: the same bytes, and the same refusals."""

from __future__ import annotations

import base64
import json
import string
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.identifiers import uuid7_from
from ledger.canonical import Json, canonical, parse_canonical
from ledger.encoding import from_base64, from_instant, microseconds, to_base64url, to_instant
from ledger.errors import Invalid

from .javascript import run

EXAMPLE = json.loads((Path(__file__).parents[1] / "vectors/format-v1/example.json").read_text(encoding="utf-8"))
A_FEW = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))

NAMES = st.text(string.ascii_letters, min_size=1, max_size=6) | st.sampled_from(
    ["__proto__", "constructor", "toString", "1a", "a b", "é", "a_1", "", "x" * 64, "x" * 65, "0"]
)
TEXTS = st.text(max_size=12) | st.sampled_from(
    ["\x7f", "\u0085", "\u2028", "\ufeff", "\U0001f642", '"\\/', "\x1f", "\x00", "é"]
)
NUMBERS = st.integers(-(2**54), 2**54) | st.sampled_from([2**53 - 1, 2**53, 1 - 2**53, -(2**53), 0.5, -1e-9, 1e300])
LEAVES: st.SearchStrategy[Any] = st.none() | st.booleans() | NUMBERS | TEXTS
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)
DEEP = st.integers(4, 8).flatmap(lambda depth: LEAVES.map(lambda leaf: nested(leaf, depth)))


def nested(leaf: Any, depth: int) -> Any:
    """A leaf inside so many containers, lists and objects in turn."""
    for level in range(depth):
        leaf = [leaf] if level % 2 else {"a": leaf}
    return leaf


def in_python(value: Json, *, any_text: bool) -> str | None:
    try:
        return canonical(value, any_text=any_text).decode()
    except Invalid:
        return None


def is_read_in_python(data: bytes, *, any_text: bool) -> bool:
    try:
        parse_canonical(data, any_text=any_text)
    except Invalid:
        return False
    return True


WRITE = """
  const { canonical } = await use("canonical");
  return Promise.all(given.values.map(async (text) => {
    const { value } = await attempt(() => canonical(JSON.parse(text), given));
    return value ?? null;
  }));
"""
READ = """
  const { parseCanonical } = await use("canonical");
  const reads = async (data) => "value" in (await attempt(() => parseCanonical(bytes(data), given)));
  return Promise.all(given.data.map(reads));
"""


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize("any_text", [False, True])
def test_both_languages_write_the_same_bytes_or_both_refuse(page: Any, any_text: bool) -> None:
    @A_FEW
    @given(st.lists(VALUES | DEEP, min_size=40, max_size=60))
    def write(values: list[Any]) -> None:
        texts = [json.dumps(value) for value in values]

        answers = run(page, WRITE, {"anyText": any_text, "values": texts})

        assert answers == [in_python(value, any_text=any_text) for value in values]

    write()


@pytest.mark.parametrize("any_text", [False, True])
def test_both_languages_read_the_same_bytes_and_refuse_the_rest(page: Any, any_text: bool) -> None:
    """Canonical bytes, the same with one byte changed, other spellings, and garbage."""

    @A_FEW
    @given(
        st.lists(VALUES | DEEP, min_size=20, max_size=30), st.lists(st.binary(max_size=20), max_size=5), st.randoms()
    )
    def read(values: list[Any], garbage: list[bytes], random: Any) -> None:
        data = list(garbage)
        for value in values:
            written = in_python(value, any_text=True)
            plain = (written or json.dumps(value)).encode()
            at = random.randrange(len(plain))
            changed = plain[:at] + bytes([plain[at] ^ random.randrange(1, 256)]) + plain[at + 1 :]
            data += [
                plain,
                changed,
                json.dumps(value).encode(),
                json.dumps(value, indent=1, ensure_ascii=False).encode(errors="replace"),
            ]

        answers = run(page, READ, {"anyText": any_text, "data": [b64(item) for item in data]})

        assert answers == [is_read_in_python(item, any_text=any_text) for item in data]

    read()


@pytest.mark.parametrize("any_text", [False, True])
def test_both_languages_draw_every_limit_at_the_same_place(page: Any, any_text: bool) -> None:
    inside = [{"x" * 64: 1}, 2**53 - 1, 1 - 2**53, nested(1, 6), "~ ", [None, True, False, ""], {"a_9": []}, {}]
    outside = [{"x" * 65: 1}, 2**53, -(2**53), nested(1, 7), nested([], 6), "\x1f", "\x7f", {"_": 1}, {"": 1}, 0.5]
    unicode = ["\xa0", "é", "\u2028", "\ufeff", "\uffff", "\U0001f642", "e\u0301"]
    values: list[Any] = [*inside, *outside, *unicode, "\x80", "\x9f", "\ud800"]

    answers = run(page, WRITE, {"anyText": any_text, "values": [json.dumps(value) for value in values]})

    assert answers == [in_python(value, any_text=any_text) for value in values]
    assert [answer is not None for answer in answers] == [
        *[True] * len(inside), *[False] * len(outside), *[any_text] * len(unicode), False, False, False
    ]  # fmt: skip


def test_the_inputs_that_must_fail_are_refused(page: Any) -> None:
    must_fail = [text.encode() for text in EXAMPLE["must_fail"]["payloads"].values()]
    must_fail += [b"[" * 8000 + b"]" * 8000, b'{"a":"\xff"}', b'{"a":"\\ud800"}', b'{"__proto__":1}', b""]

    assert run(page, READ, {"data": [b64(data) for data in must_fail]}) == [False] * len(must_fail)
    assert not any(is_read_in_python(data, any_text=False) for data in must_fail)


@pytest.mark.parametrize(
    "value",
    [
        "0.5", "NaN", "Infinity", "2 ** 53", "-(2 ** 53)", "-0", "10n", "undefined", "Symbol()", "() => 1",
        "new Date(0)", "new Map()", "new Uint8Array(2)", "[,]", "[undefined]", "new String('a')",
        "new (class { a = 1 })()",
        "'\\x7f'", "'\\x00'", "'\\u0085'", "'\\ud800'", "'\\udc00\\ud800'", "{ 'a b': 1 }", "{ __proto__: null }",
        "{ ['__proto__']: 1 }", "{ a: { toJSON: () => 1 } }", "[[[[[[[]]]]]]]", "Object.create({ a: 1 })",
    ],
)  # fmt: skip
def test_a_value_that_is_not_json_has_no_spelling(page: Any, value: str) -> None:
    body = f"""
        const {{ canonical }} = await use("canonical");
        return attempt(() => canonical(({value}), {{ anyText: true }}));
    """

    assert run(page, body).get("refused") == "not-canonical"


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"mass": {"value": 1.5}}, "mass.value"),
        ({"doses": [1, 2**53]}, "doses[1]"),
        ({"note": "naïve"}, "note"),
        ({"a b": 1}, ""),
        ({"a": {"1a": 1}}, "a"),
        ({"a": {"b": {"c": {"d": {"e": {"f": {}}}}}}}, "a.b.c.d.e.f"),
    ],
)
def test_a_refusal_has_the_path_that_python_gives(page: Any, value: Json, path: str) -> None:
    answer = run(
        page,
        'const { canonical } = await use("canonical"); return attempt(() => canonical(JSON.parse(given)));',
        json.dumps(value),
    )
    with pytest.raises(Invalid) as refusal:
        canonical(value)

    assert answer == {"field": path, "refused": "not-canonical"}
    assert refusal.value.field == path


def test_base64_has_one_spelling_in_both_languages(page: Any) -> None:
    texts = [
        "",
        "AA==",
        "AAA=",
        "AAAA",
        "AB==",
        "AA",
        "AA=",
        "A A=",
        "AA==\n",
        " AA==",
        "_-8=",
        "+/8=",
        "AAA==",
        "é",
        "====",
        "A",
    ]
    data = [bytes(range(length)) for length in range(40)] + [b"\xfb\xff\xfe"]

    answer = run(
        page,
        """
        const { fromBase64, toBase64, toBase64url } = await use("base64");
        const reads = async (text) => "value" in (await attempt(() => fromBase64(text)));
        const data = given.data.map(bytes);
        return {
          read: await Promise.all(given.texts.map(reads)),
          padded: data.map(toBase64),
          url: data.map(toBase64url),
        };
        """,
        {"data": [b64(item) for item in data], "texts": texts},
    )

    assert answer["read"] == [_is_read(from_base64, text) for text in texts]
    assert answer["padded"] == [b64(item) for item in data]
    assert answer["url"] == [to_base64url(item) for item in data]


def _is_read(read: Any, text: str) -> bool:
    try:
        read(text)
    except Invalid:
        return False
    return True


def test_instants_are_those_of_python_to_the_microsecond(page: Any) -> None:
    @A_FEW
    @given(st.lists(st.datetimes(datetime(1970, 1, 1), timezones=st.just(UTC)), min_size=30))  # noqa: DTZ001
    def agree(moments: list[datetime]) -> None:
        texts = [to_instant(moment) for moment in moments]

        answers = run(
            page,
            """
            const { fromInstant, toInstant } = await use("instant");
            return given.map((text) => [String(fromInstant(text)), toInstant(fromInstant(text))]);
            """,
            texts,
        )

        assert answers == [[str(microseconds(moment)), text] for moment, text in zip(moments, texts, strict=True)]

    agree()


def test_times_in_another_spelling_are_refused(page: Any) -> None:
    texts = [
        "2026-02-30T00:00:00.000000Z", "2026-05-16T24:00:00.000000Z", "2026-05-16T14:05:60.000000Z",
        "2026-05-16T14:05:00Z", "2026-05-16 14:05:00.000000Z", "2026-05-16T14:05:00.000Z", "",
        "2026-05-16T14:05:00.000000+00:00", "0000-01-01T00:00:00.000000Z", "2026-13-01T00:00:00.000000Z",
        "2025-02-29T00:00:00.000000Z", "2024-02-29T00:00:00.000000Z", "2026-05-16T14:05:00.000000Z\n",
    ]  # fmt: skip

    answers = run(
        page,
        """
        const { fromInstant } = await use("instant");
        return Promise.all(given.map(async (text) => "value" in (await attempt(() => String(fromInstant(text))))));
        """,
        texts,
    )

    assert answers == [_is_read(from_instant, text) for text in texts]
    assert answers.count(True) == 1


@pytest.mark.parametrize(
    "zone",
    [
        "America/New_York",
        "Europe/Vienna",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "UTC",
        "America/St_Johns",
        "Pacific/Kiritimati",
    ],
)
def test_the_offset_shown_is_the_one_of_the_zone(page: Any, zone: str) -> None:
    moments = [
        datetime(2026, month, day, 6, 59, tzinfo=UTC)
        for month in (1, 3, 4, 7, 10, 11)
        for day in (1, 8, 25, 29 if month != 2 else 28)
    ]

    answers = run(
        page,
        """
        const { occurredAt } = await use("instant");
        return given.texts.map((at) => occurredAt(at, given.zone, "min"));
        """,
        {"texts": [to_instant(moment) for moment in moments], "zone": zone},
    )

    for moment, answer in zip(moments, answers, strict=True):
        offset = moment.astimezone(ZoneInfo(zone)).utcoffset()
        assert offset is not None
        assert answer == {
            "at": to_instant(moment),
            "offset": offset.total_seconds() / 60,
            "precision": "min",
            "zone": zone,
        }


def test_ids_are_made_as_python_makes_them(page: Any) -> None:
    moment, random = datetime(2026, 5, 16, 14, 5, 0, 123_000, tzinfo=UTC), bytes(range(250, 255)) + bytes(range(5))

    made = run(
        page,
        """
        const { eventId } = await use("event_id");
        return [eventId(given.at, bytes(given.random)), eventId(given.at)];
        """,
        {"at": microseconds(moment) // 1000, "random": b64(random)},
    )

    assert made[0] == uuid7_from(moment, random)
    assert made[0][:15] == made[1][:15] and made[0] != made[1]
