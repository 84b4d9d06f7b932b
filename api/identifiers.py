"""New identifiers, from randomness and time that are handed in (RFC 9562)."""

from __future__ import annotations

from datetime import datetime

from ledger.encoding import microseconds


def uuid4_from(random: bytes) -> str:
    """A version 4 UUID of 16 random bytes."""
    return _spelled(bytearray(random), 0x40)


def uuid7_from(moment: datetime, random: bytes) -> str:
    """A version 7 UUID: 48 bits of milliseconds, then 74 of the bits of 10 random bytes (RFC 9562, section 5.7)."""
    return _spelled(bytearray((microseconds(moment) // 1000).to_bytes(6, "big") + random), 0x70)


def _spelled(value: bytearray, version: int) -> str:
    value[6] = value[6] & 0x0F | version
    value[8] = value[8] & 0x3F | 0x80
    text = value.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
