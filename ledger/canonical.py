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
That one comparison refuses spaces, order, duplicates, exponents and needless escapes;
what is left to ask is about names, numbers, nesting and characters, and the good case asks it in bulk.
Only what fails there is walked member by member, to say what is wrong and where.
Source: format v1, section 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

import orjson

from ledger.errors import Invalid

Json: TypeAlias = "dict[str, Json] | list[Json] | tuple[Json, ...] | str | int | bool | None"

MAX_NESTING = 6
"""Containers inside each other, the outermost counted."""

MAX_INTEGER = 2**53 - 1

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_ASCII = re.compile(r"[\x20-\x7e]*")
_LATIN_CONTROLS = re.compile(rb"\xc2[\x80-\x9f]")
"""U+0080 to U+009F in UTF-8."""
_TEXT = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]*")


def canonical(value: Json, *, any_text: bool = False) -> bytes:
    """
    The canonical bytes of a JSON value; strings may leave ASCII only with `any_text`.

    Raises:
        Invalid: `not-canonical`, for a value outside the profile; `field` is its path.
    """
    if are_plain((value,), MAX_NESTING):
        try:
            data = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        except TypeError:  # a lone surrogate
            data = b"\x7f"
        if has_plain_text(data, any_text=any_text):
            return data
    return _canonical_by_walking(value, any_text=any_text)


def spelled(value: object) -> bytes:
    """The canonical bytes of a value that is known to be in the profile; nothing is checked."""
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
    if not reads_back(value, data, any_text=any_text) and _canonical_by_walking(value, any_text=any_text) != data:
        raise Invalid(
            "not-canonical",
            "The bytes are not the canonical spelling of their value.",
            remedy="Sort members by name, leave out spaces, escapes and duplicates, and write whole numbers plainly.",
        )
    return value


def reads_back(value: Json, data: bytes, *, any_text: bool = False, nesting: int = MAX_NESTING) -> bool:
    """
    Whether `data`, which orjson read as `value`, is its canonical spelling, in at most `nesting` containers.

    A quick yes; after a no, `parse_canonical` says what is wrong.
    """
    return is_spelled(value, data, any_text=any_text) and are_plain((value,), nesting)


def is_spelled(value: Json, data: bytes, *, any_text: bool = False) -> bool:
    """
    Whether `data`, which orjson read as `value`, has sorted members, no spaces and only allowed characters.

    Nothing is said about names, numbers and nesting: whoever asks this alone knows them by other means.
    """
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS) == data and has_plain_text(data, any_text=any_text)


def are_plain(members: Iterable[object], nesting: int) -> bool:
    """Whether names, numbers and types are those of the profile, in at most `nesting` containers inside each other."""
    for member in members:
        kind = type(member)
        if kind is str or member is None or kind is bool:
            continue
        if kind is int:
            if not -MAX_INTEGER <= member <= MAX_INTEGER:  # type: ignore[operator]  # kind is int
                return False
        elif kind is dict:
            inner: dict[object, object] = member  # type: ignore[assignment]  # kind is dict
            if not nesting or len(inner) > _MANY or not _are_names(tuple(inner)):
                return False
            rest = [each for each in inner.values() if each is not None and type(each) is not str]
            if rest and not are_plain(rest, nesting - 1):
                return False
        elif (kind is not list and kind is not tuple) or not nesting or not are_plain(member, nesting - 1):  # type: ignore[arg-type]  # kind is list or tuple
            return False
    return True


_MANY = 64
"""Members of one object; what has more is walked instead, so that nobody fills the memory of names."""


@lru_cache(maxsize=512)
def _are_names(names: tuple[object, ...]) -> bool:
    """Asked once for each kind of object, since objects of one kind have the same members."""
    return all(isinstance(name, str) and _NAME.fullmatch(name) for name in names)


def has_plain_text(data: bytes, *, any_text: bool) -> bool:
    r"""
    Whether all strings in these bytes, which orjson wrote, hold allowed characters only.

    Written by orjson, a control character below U+0020 is an escape, and only it, `\"` and `\\` are.
    """
    if not data.isascii() and (not any_text or _LATIN_CONTROLS.search(data)):
        return False
    if b"\x7f" in data:
        return False
    return b"\\" not in data or b"\\" not in data.replace(b"\\\\", b"").replace(b'\\"', b"")


def _canonical_by_walking(value: Json, *, any_text: bool) -> bytes:
    """The same as `canonical`, by the letter of the format: it names what is wrong, and the good case is held to it."""
    _check(value, _TEXT if any_text else _ASCII, "", 1)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


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
