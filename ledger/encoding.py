"""
Base64, hexadecimal and instants as text: one spelling for each value, every other spelling refused.

A value with two spellings would have two hashes.
So each reader takes only the alphabet, and encodes again what could be spelled otherwise (format v1, section 0).
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from pydantic_core import CoreConfig, SchemaValidator, core_schema

from ledger.errors import Invalid

_HEX = re.compile(r"(?:[0-9a-f]{2})*")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z")
_TO_URL = bytes.maketrans(b"+/", b"-_")
FROM_URL = bytes.maketrans(b"-_+/=", b"+/!!!")
"""From the URL-safe alphabet to the other one, whose own characters become one that neither has."""
_PADDING = (b"", b"===", b"==", b"=")
_DECODED = SchemaValidator(core_schema.bytes_schema(), CoreConfig(val_json_bytes="base64")).validate_json
"""Reads base64 of either alphabet between quotes, with or without padding, three times as fast as `binascii`."""
_ALL_DECODED = SchemaValidator(
    core_schema.list_schema(core_schema.bytes_schema()), CoreConfig(val_json_bytes="base64")
).validate_json
"""Reads an array of such texts. Without a backslash nothing but a quote ends a text, so as many come out as went in."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_base64(data: bytes) -> str:
    """Padded base64 (RFC 4648, section 4)."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def from_base64(text: str, field: str = "") -> bytes:
    """
    The bytes of padded base64 in its only canonical spelling.

    Raises:
        Invalid: `base64`, when the text is not base64 or not the spelling that `to_base64` gives.
    """
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
        last = len(data) % 3  # only bytes behind the last group of three have several spellings
        if len(text) == (len(data) + 2) // 3 * 4 and (not last or to_base64(data[-last:]) == text[-4:]):
            return data
    except ValueError:  # also binascii.Error
        pass
    raise Invalid("base64", "This is not canonical padded base64.", field=field)


def base64_between_quotes(quoted: bytes) -> bytes | None:
    """The bytes of padded base64 that stands between quotes, as in JSON; None for every spelling but its only one."""
    try:
        data: bytes = _DECODED(quoted)
    except ValueError:
        return None
    if len(quoted) - 2 != (len(data) + 2) // 3 * 4 or b"-" in quoted or b"_" in quoted or b"\\" in quoted:
        return None  # padding is missing, or it is another alphabet, or an escape
    return data


def base64_between_quotes_all(quoted: Sequence[bytes]) -> Sequence[bytes | None]:
    """The same of many at once, in a third of the time if nothing is wrong with any of them."""
    joined = b",".join(quoted)
    decoded = _decoded_all(b"[%b]" % joined)
    if decoded is None or len(decoded) != len(quoted) or b"-" in joined or b"_" in joined or b"\\" in joined:
        return [base64_between_quotes(each) for each in quoted]
    return [
        data if len(text) - 2 == (len(data) + 2) // 3 * 4 else None for text, data in zip(quoted, decoded, strict=True)
    ]


def _decoded_all(array: bytes) -> list[bytes] | None:
    try:
        decoded: list[bytes] = _ALL_DECODED(array)
    except ValueError:
        return None
    return decoded


def to_base64url(data: bytes) -> str:
    """Unpadded URL-safe base64 (RFC 4648, section 5)."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL).rstrip(b"=").decode("ascii")


def from_base64url(text: str, field: str = "") -> bytes:
    """
    The bytes of unpadded URL-safe base64 in its only canonical spelling.

    Raises:
        Invalid: `base64url`.
    """
    try:
        coded = text.encode("ascii")
        data = binascii.a2b_base64(coded.translate(FROM_URL) + _PADDING[len(coded) % 4], strict_mode=True)
        last = len(data) % 3
        if not last or to_base64url(data[-last:]) == text[-last - 1 :]:
            return data
    except ValueError:  # also binascii.Error and UnicodeEncodeError
        pass
    raise Invalid("base64url", "This is not canonical unpadded base64url.", field=field)


def base64url_quickly(text: bytes) -> bytes | None:
    """The same as `from_base64url`, from ASCII bytes; None where that refuses."""
    try:
        data: bytes = _DECODED(b'"%b"' % text)
    except ValueError:
        return None
    if len(text) != (len(data) * 4 + 2) // 3 or b"+" in text or b"/" in text or b"\\" in text:
        return None
    return data


def base64url_all(texts: Sequence[bytes]) -> Sequence[bytes | None]:
    """The same of many at once, in a third of the time if nothing is wrong with any of them."""
    joined = b'","'.join(texts)
    decoded = _decoded_all(b'["%b"]' % joined) if texts else []
    if decoded is None or len(decoded) != len(texts) or b"+" in joined or b"/" in joined or b"\\" in joined:
        return [base64url_quickly(each) for each in texts]
    return [data if len(text) == (len(data) * 4 + 2) // 3 else None for text, data in zip(texts, decoded, strict=True)]


def from_hex(text: str, length: int, field: str = "") -> bytes:
    """
    Exactly `length` bytes from lowercase hexadecimal.

    Raises:
        Invalid: `hex`.
    """
    if len(text) != 2 * length or not _HEX.fullmatch(text):
        raise Invalid("hex", f"This is not {length} bytes of lowercase hexadecimal.", field=field)
    return bytes.fromhex(text)


def to_instant(moment: datetime) -> str:
    """
    An aware datetime as `YYYY-MM-DDTHH:MM:SS.ffffffZ`, always in UTC.

    Raises:
        Invalid: `naive-time`, when the datetime names no zone.
    """
    if moment.tzinfo is None:
        raise Invalid("naive-time", "A time without its zone is ambiguous.", remedy="Give the zone or offset.")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def from_instant(text: str, field: str = "") -> datetime:
    """
    The UTC datetime of `YYYY-MM-DDTHH:MM:SS.ffffffZ`.

    Raises:
        Invalid: `instant`, for any other spelling, an impossible date, or a leap second.
    """
    try:
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise Invalid("instant", "This is not a time of the form 2026-05-16T14:05:00.000000Z.", field=field)


INSTANT = rb"([0-9]{4}-[0-9]{2}-[0-9]{2})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z"
"""What `from_instant` reads, as a pattern of bytes, if its one group `is_day`."""


@lru_cache(maxsize=512)
def is_day(text: bytes) -> bool:
    """Whether `YYYY-MM-DD` is a day of the calendar."""
    try:
        date.fromisoformat(text.decode("ascii"))
    except ValueError:
        return False
    return True


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970-01-01 UTC: the form in which instants are compared and stored."""
    return (moment - _EPOCH) // timedelta(microseconds=1)
