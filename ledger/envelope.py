"""
The envelope: the signed payload with its signatures (DSSE), byte for byte what is kept.

    {"payload":"eyJhdHRl…","payloadType":"application/vnd.session-ledger.event.v1+json",
     "signatures":[{"keyid":"4ac12c0d…","sig":"…"}]}

Each signature is over PAE = "DSSEv1 " len(type) " " type " " len(payload) " " payload,
so the type of what is signed is signed too, and nothing needs to be serialised again to verify.
`signatures[i]` belongs to `attested[i]`: none missing, none more.
**dig** = SHA-256 of the PAE is the one name of an event's content.
Source: format v1, section 4.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple, TypeAlias

from ledger.canonical import Json, canonical, parse_canonical
from ledger.encoding import from_base64, from_hex, to_base64
from ledger.errors import Invalid
from ledger.payload import Payload, check_payload, parse_payload
from ledger.signing import SigningKey, is_signed_by

PAYLOAD_TYPE = "application/vnd.session-ledger.event.v1+json"
MAX_ENVELOPE = 65_536
"""Bytes of an envelope."""

_LINE = rb'\{"keyid":"[0-9a-f]{64}","sig":"[A-Za-z0-9+/]{86}=="\}'
SIGNED = re.compile(
    rb'\{"payload":"([^"]*)","payloadType":"%b","signatures":\[(%b(?:,%b)*)\]\}'
    % (re.escape(PAYLOAD_TYPE.encode()), _LINE, _LINE)
)
"""Every envelope that was ever signed; what does not match is read by the letter of the format."""
_SIGNATURE = re.compile(r'"keyid":"(.{64})","sig":"(.{88})"')

PublicKeyOf: TypeAlias = Callable[[str], bytes | None]
"""Gives the public key of a kid, or None when nobody enrolled it."""


def pae(payload: bytes, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """DSSE's pre-authentication encoding: the exact bytes that are signed."""
    kind = payload_type.encode("utf-8")
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def content_digest(payload: bytes) -> str:
    """The dig of a payload: the name by which references, retries and device chains call its content."""
    return hashlib.sha256(pae(payload)).hexdigest()


class Envelope(NamedTuple):
    """A payload and its signatures, in the order of `payload.attested`; `raw` is what was received and is kept."""

    raw: bytes
    payload_bytes: bytes
    payload: Payload
    signatures: tuple[bytes, ...]

    @property
    def dig(self) -> str:
        """The name of this event's content."""
        return content_digest(self.payload_bytes)

    @property
    def env(self) -> str:
        """The hex SHA-256 of the envelope's bytes, which the log entry names."""
        return hashlib.sha256(self.raw).hexdigest()


def sign(payload: Payload, keys: Sequence[SigningKey]) -> Envelope:
    """
    The envelope of a payload signed with these keys, one for each attestation, in its order.

    Raises:
        Invalid: `signatures-attested` when the keys are not the attested ones, or what `Payload.bytes` raises.
    """
    check_payload(payload)
    if [key.kid for key in keys] != [signer.key for signer in payload.attested]:
        raise Invalid("signatures-attested", "The signing keys are not the attested keys, in their order.")
    data = payload.bytes()
    message = pae(data)
    return assemble(payload, data, [key.sign(message) for key in keys])


def assemble(payload: Payload, data: bytes, signatures: Sequence[bytes]) -> Envelope:
    """The envelope of payload bytes and signatures made elsewhere, in the order of `attested`."""
    lines: list[Json] = [
        {"keyid": signer.key, "sig": to_base64(signature)}
        for signer, signature in zip(payload.attested, signatures, strict=True)
    ]
    raw = canonical({"payload": to_base64(data), "payloadType": PAYLOAD_TYPE, "signatures": lines})
    return Envelope(raw, data, payload, tuple(signatures))


def parse_envelope(raw: bytes) -> Envelope:
    """
    The envelope of received bytes; its signatures are *not* checked yet.

    Raises:
        Invalid: `envelope-size`, `envelope-format`, `signatures-attested`, and what `parse_payload` raises.
    """
    if len(raw) > MAX_ENVELOPE:
        raise Invalid("envelope-size", f"An envelope has at most {MAX_ENVELOPE} bytes; this one has {len(raw)}.")
    match = SIGNED.fullmatch(raw)
    if match is None:
        return _parse_by_rules(raw)
    try:
        data = from_base64(match[1].decode("ascii", "replace"))
    except Invalid:
        return _parse_by_rules(raw)
    payload = parse_payload(data)
    lines = [
        (kid, from_base64(text, f"signatures[{index}].sig"))
        for index, (kid, text) in enumerate(_SIGNATURE.findall(match[2].decode()))
    ]
    return _joined(raw, data, payload, lines)


def _parse_by_rules(raw: bytes) -> Envelope:
    """The same as `parse_envelope`, member by member: it names what is wrong, and the pattern is held to it."""
    match parse_canonical(raw):
        case {"payload": str(text), "payloadType": str(kind), "signatures": list(lines), **rest} if not rest:
            pass
        case _:
            raise Invalid("envelope-format", "An envelope has exactly payload, payloadType and signatures.")
    if kind != PAYLOAD_TYPE:
        raise Invalid("envelope-format", "This payload type is not the one of this format.", field="payloadType")
    data = from_base64(text, "payload")
    payload = parse_payload(data)
    return _joined(raw, data, payload, [_signature(line, f"signatures[{index}]") for index, line in enumerate(lines)])


def _joined(raw: bytes, data: bytes, payload: Payload, signatures: list[tuple[str, bytes]]) -> Envelope:
    if [kid for kid, _ in signatures] != [signer.key for signer in payload.attested]:
        raise Invalid(
            "signatures-attested",
            "Each attestation has one signature by its own key, in the same order, and there is no other.",
            field="signatures",
        )
    return Envelope(raw, data, payload, tuple(signature for _, signature in signatures))


def fitting_signatures(envelope: Envelope, public_key_of: PublicKeyOf) -> frozenset[str]:
    """The kids of the attestations whose key is known and whose signature fits; nothing is refused here."""
    message = pae(envelope.payload_bytes)
    found = []
    for signer, signature in zip(envelope.payload.attested, envelope.signatures, strict=True):
        public_key = public_key_of(signer.key)
        if public_key is not None and is_signed_by(public_key, message, signature):
            found.append(signer.key)
    return frozenset(found)


def check_signatures(envelope: Envelope, public_key_of: PublicKeyOf, *, fitting: Collection[str] = frozenset()) -> None:
    """
    Pass when every attestation is signed by its key; those of the kids in `fitting` were checked before.

    Raises:
        Invalid: `key-not-enrolled` or `signature`; `field` names the attestation.
    """
    message = pae(envelope.payload_bytes)
    for index, (signer, signature) in enumerate(zip(envelope.payload.attested, envelope.signatures, strict=True)):
        if signer.key in fitting:
            continue
        public_key = public_key_of(signer.key)
        if public_key is None:
            raise Invalid(
                "key-not-enrolled",
                "Nobody enrolled this key in the ledger.",
                field=f"attested[{index}].key",
                remedy="Enrol the key first, with a security officer.",
            )
        if not is_signed_by(public_key, message, signature):
            raise Invalid(
                "signature",
                "The signature does not fit the bytes it came with.",
                field=f"signatures[{index}]",
                remedy="Sign exactly the bytes that are sent.",
            )


def _signature(line: Json, field: str) -> tuple[str, bytes]:
    match line:
        case {"keyid": str(kid), "sig": str(text), **rest} if not rest:
            from_hex(kid, 32, f"{field}.keyid")
            signature = from_base64(text, f"{field}.sig")
        case _:
            raise Invalid("envelope-format", "A signature has exactly keyid and sig.", field=field)
    if len(signature) != 64:
        raise Invalid("envelope-format", "An Ed25519 signature has 64 bytes.", field=f"{field}.sig")
    return kid, signature
