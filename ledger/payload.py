"""
The payload: what a person signs about one event, as canonical JSON with exactly these members.

- `attested`: who signs, with which key, in which role, and what the signature *means* (21 CFR 11.50)
- `blocks`: the digests of the sealed blocks, ascending
- `body`: the open fields of the event's type
- `device`: the signing device's own chain, or null
- `id`: a UUIDv7 made where the event was written
- `ledger`: the origin of the one ledger it may enter
- `occurred`: when it happened, as claimed: instant, offset shown, precision, zone
- `recorded_at`: when it was written down, by the device's clock
- `seen`: the newest checkpoint the device knew, so that the event cannot be older than that
- `stream`: whose record it belongs to
- `type`: what kind of fact it is, with its version

Source: format v1, sections 1 and 3.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, Any, Literal, Protocol

import orjson
from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints, TypeAdapter, ValidationError

from ledger.canonical import MAX_NESTING, are_plain, canonical, is_spelled, parse_canonical
from ledger.encoding import from_instant
from ledger.errors import Invalid

MAX_PAYLOAD = 16_384
"""Bytes of a payload."""

UUID4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
UUID7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_KINDS = "session|person|couple|staff|location|protocol|stock|device|governance|access"

HEX_HASH = r"[0-9a-f]{64}"
STREAM = rf"(?:keys|(?:{_KINDS})/{UUID4}|session/{UUID4}/[ab])"
ZONE = r"[A-Za-z][A-Za-z0-9_+-]{0,31}(?:/[A-Za-z0-9_+-]{1,32}){0,2}"

HexHash = Annotated[str, StringConstraints(pattern=rf"^{HEX_HASH}$")]
Origin = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?/[0-9a-f]{16}$")]
Owner = Annotated[str, StringConstraints(pattern=rf"^(?:(?:staff|service|person)/{UUID4}|session/{UUID4}/[ab])$")]
Stream = Annotated[str, StringConstraints(pattern=rf"^{STREAM}$")]
EventType = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{2,62}/[1-9][0-9]{0,3}$")]
EventId = Annotated[str, StringConstraints(pattern=rf"^{UUID7}$")]
Instant = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,62}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Attestation(_Part):
    """One signer: the owner of a key, the key, what the signature means, and the role it is given in."""

    by: Owner
    key: HexHash
    meaning: Word
    role: Word


class DeviceLink(_Part):
    """The place of this event in the chain of the device it was written on; `seq` counts from 1."""

    id: Annotated[str, StringConstraints(pattern=rf"^device/{UUID4}$")]
    prev: HexHash | None
    seq: Annotated[int, Field(ge=1, lt=2**53)]


class Occurred(_Part):
    """When it happened, as the signer claims it: the instant, and how it was shown to the signer."""

    at: Instant
    offset: Annotated[int, Field(ge=-1080, le=1080)]
    precision: Literal["s", "min", "approx"]
    zone: Annotated[str, StringConstraints(pattern=rf"^{ZONE}$")]


class Seen(_Part):
    """A checkpoint the device knew when it signed; size 0 with the hash of nothing when it knew none."""

    root: HexHash
    size: Annotated[int, Field(ge=0, lt=2**53)]


Signers = Annotated[tuple[Attestation, ...], Strict(strict=False), Field(min_length=1, max_length=8)]
NOTHING_SEEN = Seen(root=hashlib.sha256(b"").hexdigest(), size=0)


class Attested(Protocol):
    """What is asked of an event about its signers: a `Payload`, or what an audit kept of one."""

    @property
    def attested(self) -> tuple[Attestation, ...]:
        """Who signs."""

    @property
    def stream(self) -> str:
        """Whose record it belongs to."""

    @property
    def type(self) -> str:
        """What kind of fact it is."""


class Payload(_Part):
    """All that a person signs about one event."""

    attested: Signers
    blocks: Annotated[tuple[HexHash, ...], Strict(strict=False), Field(max_length=8)]
    body: dict[str, Any]
    device: DeviceLink | None
    id: EventId
    ledger: Origin
    occurred: Occurred
    recorded_at: Instant
    seen: Seen
    stream: Stream
    type: EventType

    def bytes(self) -> bytes:
        """
        The canonical bytes that are signed.

        Raises:
            Invalid: `payload-size` above 16,384 bytes, or `not-canonical` for a body outside the profile.
        """
        data = canonical(self.model_dump())
        _check_size(data)
        return data


_PAYLOAD = TypeAdapter(Payload)
_ATTESTED: TypeAdapter[tuple[Attestation, ...]] = TypeAdapter(Signers)


def parse_payload(data: bytes) -> Payload:
    """
    The payload of signed bytes; anything but the canonical spelling of exactly the known members is refused.

    Raises:
        Invalid: `payload-size`, `not-canonical`, `payload-format` (with the member's path), `instant`.
    """
    _check_size(data)
    try:
        value = orjson.loads(data)
        if not is_spelled(value, data):
            return _parse_by_rules(data)
        if (end := data.find(_SIGNERS_END)) > 0:
            value["attested"] = _signers(data[:end])
        quick: Payload = _PAYLOAD.validator.validate_python(value)
    except (orjson.JSONDecodeError, ValidationError, LookupError, TypeError):
        return _parse_by_rules(data)
    if not are_plain((quick.body,), MAX_NESTING - 1):
        return _parse_by_rules(data)
    check_payload(quick)
    return quick


_SIGNERS_END = b'],"blocks":'
"""What follows upon the first member, who signs it; these quotes stand in no string, so it is no part of one."""


@lru_cache(maxsize=512)
def _signers(start: bytes) -> tuple[Attestation, ...]:
    """Who signs a payload that begins like this; most begin like one before, so they are read once."""
    signers: tuple[Attestation, ...] = _ATTESTED.validate_python(orjson.loads(start + b"]}")["attested"])
    return signers


def parse_signers(value: object) -> tuple[Attestation, ...]:
    """
    Who signs, from the JSON value of the member `attested`.

    Raises:
        ValidationError: of pydantic.
        Invalid: `payload-format`, when one person or one key is there twice.
    """
    attested: tuple[Attestation, ...] = _ATTESTED.validate_python(value)
    _check_signers(attested)
    return attested


def _parse_by_rules(data: bytes) -> Payload:
    """
    The same as `parse_payload`, one thing after the other: it names what is wrong first.

    The quick way leaves names, numbers and nesting of all members but the body to their patterns.
    """
    value = parse_canonical(data)
    try:
        payload: Payload = _PAYLOAD.validator.validate_python(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        path = ".".join(str(part) for part in first["loc"])
        raise Invalid("payload-format", f"{first['msg']}.", field=path) from None
    check_payload(payload)
    return payload


def check_payload(payload: Payload) -> None:
    """
    Pass when the members agree with each other in the ways their patterns cannot say.

    Raises:
        Invalid: `payload-format` or `instant`.
    """
    _check_signers(payload.attested)
    if any(first >= second for first, second in pairwise(payload.blocks)):
        raise Invalid("payload-format", "Block digests ascend and never repeat.", field="blocks")
    if payload.seen.size == 0 and payload.seen.root != NOTHING_SEEN.root:
        raise Invalid("payload-format", "Whoever has seen nothing names the hash of nothing.", field="seen.root")
    from_instant(payload.occurred.at, "occurred.at")
    from_instant(payload.recorded_at, "recorded_at")


def _check_signers(attested: tuple[Attestation, ...]) -> None:
    if (signers := len(attested)) > 1:
        if len({signer.by for signer in attested}) < signers:
            raise Invalid("payload-format", "One person signs one event once.", field="attested")
        if len({signer.key for signer in attested}) < signers:
            raise Invalid("payload-format", "Two people never share a key.", field="attested")


def _check_size(data: bytes) -> None:
    if len(data) > MAX_PAYLOAD:
        raise Invalid("payload-size", f"A payload has at most {MAX_PAYLOAD} bytes; this one has {len(data)}.")
