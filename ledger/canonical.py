"""
J: the only spelling of a JSON value in this ledger (RFC 8785 in a narrow profile).

    {"mass":{"unit":"mg","value":"100"},"order":null,"route":"sublingual"}

Objects with members sorted by name, arrays, strings, true, false, null and whole numbers below 2^53.
No floats: a quantity is a decimal *string*, so that 100, 1e2 and 1.0 cannot be three names of one dose.
Member names are ASCII, strings are printable ASCII; only the value inside a sealed block may hold
other Unicode (never a control character).
Inside this profile RFC 8785, a browser's `JSON.stringify` over sorted members and orjson give the same
bytes; a property test holds that against an RFC 8785 library.

Reading never trusts a parser's tolerance: parse, write again, compare with the bytes received.
Source: format v1, section 0.
"""

from __future__ import annotations

import re
from typing import TypeAlias

import orjson

from ledger.errors import Invalid

Json: TypeAlias = "dict[str, Json] | list[Json] | tuple[Json, ...] | str | int | bool | None"

MAX_NESTING = 6
"""Containers inside each other, the outermost counted."""

MAX_INTEGER = 2**53 - 1

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_ASCII = re.compile(r"[\x20-\x7e]*")
_TEXT = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]*")


def canonical(value: Json, *, any_text: bool = False) -> bytes:
    """
    The canonical bytes of a JSON value; strings may leave ASCII only with `any_text`.

    Raises:
        Invalid: `not-canonical`, for a value outside the profile; `field` is its path.
    """
    _check(value, _TEXT if any_text else _ASCII, "", 1)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def parse_canonical(data: bytes, *, any_text: bool = False) -> Json:
    """
    The JSON value of canonical bytes.

    Raises:
        Invalid: `not-canonical`, for anything that is not JSON, lies outside the profile,
            or is not the spelling that `canonical` gives (spaces, order, duplicates, escapes).
    """
    try:
        value: Json = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Invalid("not-canonical", f"This is not JSON: {error.msg}.") from None
    if canonical(value, any_text=any_text) != data:
        raise Invalid(
            "not-canonical",
            "The bytes are not the canonical spelling of their value.",
            remedy="Sort members by name, leave out spaces, escapes and duplicates, and write whole numbers plainly.",
        )
    return value


def _check(value: Json, text: re.Pattern[str], path: str, depth: int) -> None:
    kind = type(value)
    if kind is str:
        if not text.fullmatch(value):  # type: ignore[arg-type]  # kind is str: checked above, faster than isinstance
            raise _outside("A character outside the allowed range.", path)
    elif kind is dict:
        if depth > MAX_NESTING:
            raise _outside(f"More than {MAX_NESTING} containers inside each other.", path)
        for name, member in value.items():  # type: ignore[union-attr]  # kind is dict
            if not isinstance(name, str) or not _NAME.fullmatch(name):
                raise _outside("A member name that is not a plain identifier.", path)
            _check(member, text, f"{path}.{name}" if path else name, depth + 1)
    elif kind is list or kind is tuple:
        if depth > MAX_NESTING:
            raise _outside(f"More than {MAX_NESTING} containers inside each other.", path)
        for index, member in enumerate(value):  # type: ignore[arg-type]  # kind is list or tuple
            _check(member, text, f"{path}[{index}]", depth + 1)
    elif kind is int:
        if not -MAX_INTEGER <= value <= MAX_INTEGER:  # type: ignore[operator]  # kind is int
            raise _outside("A whole number of 2^53 or more.", path)
    elif kind is not bool and value is not None:
        raise _outside(f"A {kind.__name__} has no canonical spelling; write quantities as decimal strings.", path)


def _outside(message: str, path: str) -> Invalid:
    return Invalid("not-canonical", message, field=path)
