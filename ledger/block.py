"""
Sealed blocks: the part of an event that can be shown to some, withheld from others, and erased.

A block is the base64url text of `[salt, name, value]`; only its SHA-256 stands in the signed payload:

    ["qw8FbNiZr4DgS0xWTWpiHA","a/clinical",{"hold_min":12,"swallowed":true}]

Handing the text over discloses it and anyone can check it against the signature (the disclosure of
RFC 9901, section 4.2.1).
Without the text, the 16 random salt bytes keep a small value from being guessed.
Destroying the subject's key erases the text at rest; no signature, leaf or proof changes.

`name` is `a|b|subject` / `clinical|sensitive|identity`: whose it is, and how private.
At rest the text is AES-256-GCM under that subject's own key, bound to its ledger, event and name,
so that a block moved to another event or person no longer opens.
Source: format v1, section 2.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from dataclasses import dataclass, field
from functools import lru_cache

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ledger.canonical import MAX_NESTING, Json, are_plain, canonical, is_spelled, parse_canonical, spelled
from ledger.encoding import FROM_URL, base64url_quickly, from_base64url, to_base64url
from ledger.errors import Invalid, TamperDetected

MAX_TEXT = 8_192
"""Characters in a block's text."""

_BOUND = "session-ledger/block/v1\n"
BLOCK = re.compile(
    rb'\["([A-Za-z0-9_-]{21}[AQgw])","((?:a|b|subject)/(?:clinical|sensitive|identity))",(\{.*\})\]', re.DOTALL
)
"""Every block there is: 16 bytes of salt have no other spelling than these 22 characters."""
_NAME = re.compile(r"(?:a|b|subject)/(?:clinical|sensitive|identity)")


@dataclass(frozen=True, slots=True)
class Block:
    """
    One subject's facts of one field class in one event; `value` maps field names to values.

    `read_from` is the text it was read from, so that nobody has to write the only text it has once more.
    """

    salt: bytes
    name: str
    value: dict[str, Json]
    read_from: str | None = field(default=None, compare=False, repr=False)

    @property
    def text(self) -> str:
        """The characters whose digest is signed."""
        if self.read_from is not None:
            return self.read_from
        json = canonical([to_base64url(self.salt), self.name, self.value], any_text=True)
        return to_base64url(json)

    @property
    def digest(self) -> str:
        """The hex SHA-256 of the text, as it stands in the payload."""
        return text_digest(self.text)


def text_digest(text: str) -> str:
    """The hex digest of a block's text."""
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def parse_block(text: str) -> Block:
    """
    The block of a text, refusing every spelling but the canonical one.

    Raises:
        Invalid: `block-format`, `block-size`, `base64url` or `not-canonical`.
    """
    if len(text) > MAX_TEXT:
        raise Invalid("block-size", f"A block's text has at most {MAX_TEXT} characters.", field="blocks")
    read = read_quickly(text.encode("ascii")) if text.isascii() else None
    if read is None or not are_plain((read[2],), MAX_NESTING - 1):
        return _parse_by_rules(text)
    salt, name, value = read
    return Block(binascii.a2b_base64(salt.translate(FROM_URL) + b"=="), name, value, text)


def read_quickly(text: bytes) -> tuple[bytes, str, dict[str, Json]] | None:
    """
    Salt (as it is spelled), name and value of a block's text; None where `parse_block` has to say what is wrong.

    Nothing is said about names, numbers and nesting inside the value: whoever asks this knows them by other means.
    """
    json = base64url_quickly(text)
    if json is None or len(text) > MAX_TEXT or (match := BLOCK.fullmatch(json)) is None:
        return None
    salt, name, inside = match.groups()
    value = value_quickly(inside)
    return None if value is None else (salt, name.decode(), value)


def value_quickly(inside: bytes) -> dict[str, Json] | None:
    """The value inside a block, as `read_quickly` gives it."""
    try:
        value: dict[str, Json] = orjson.loads(inside)
    except orjson.JSONDecodeError:
        return None
    return value if is_spelled(value, inside, any_text=True) else None


def _parse_by_rules(text: str) -> Block:
    """The same as `parse_block`, member by member: it names what is wrong, and the pattern is held to it."""
    value = parse_canonical(from_base64url(text, "blocks"), any_text=True)
    match value:
        case [str(salt_text), str(name), dict(members)]:
            salt = from_base64url(salt_text, "blocks.salt")
        case _:
            raise Invalid("block-format", "A block is [salt, name, object].", field="blocks")
    if len(salt) != 16:
        raise Invalid("block-format", "A block's salt has 16 bytes.", field="blocks.salt")
    if not _NAME.fullmatch(name):
        raise Invalid("block-format", f"{name!r} names no subject and field class.", field="blocks.name")
    return Block(salt, name, members, text)


def seal(block: Block, key: bytes, nonce: bytes, *, digest: str, ledger: str, event: str, subject: str) -> bytes:
    """
    The bytes kept at rest: the 12-byte nonce, then the text encrypted under the subject's 32-byte key.

    `digest` is that of the block's text, which whoever seals it knows already.
    """
    bound = _bound_to(digest, event, ledger, block.name, subject)
    return nonce + AESGCM(key).encrypt(nonce, block.text.encode("ascii"), bound)


def unseal(stored: bytes, key: bytes, *, digest: str, ledger: str, event: str, name: str, subject: str) -> Block:
    """
    The block kept at rest, after checking that it belongs to this event, name and subject and has this digest.

    Raises:
        TamperDetected: what `unseal_text` raises.
        Invalid: what `parse_block` raises, for a text that was signed and is no block.
    """
    place = {"digest": digest, "ledger": ledger, "event": event, "name": name, "subject": subject}
    return parse_block(unseal_text(stored, AESGCM(key), **place))


def unseal_text(stored: bytes, key: AESGCM, digest: str, ledger: str, event: str, name: str, subject: str) -> str:
    """
    The text of the block kept at rest, not read yet: it is the signed one and belongs to this event, name and subject.

    Raises:
        TamperDetected: `block-moved`, when the bytes do not open here (altered, or moved from elsewhere);
            `block-digest`, when they open to another text than the signed one.
    """
    try:
        data = key.decrypt(stored[:12], stored[12:], _bound_to(digest, event, ledger, name, subject))
    except (InvalidTag, ValueError):
        raise TamperDetected(
            "block-moved", f"The sealed block {name} does not open: it was altered or belongs to another event."
        ) from None
    if hashlib.sha256(data).hexdigest() != digest or not data.isascii():
        raise TamperDetected("block-digest", f"The sealed block {name} is not the one that was signed.")
    return data.decode("ascii")


def _bound_to(digest: str, event: str, ledger: str, name: str, subject: str) -> bytes:
    """Where a block belongs; each of these is known to be in the profile, or else it opens nowhere."""
    return f'{_BOUND}{{"digest":"{digest}","event":"{event}",{_whose(ledger, name, subject)}'.encode()


@lru_cache(maxsize=512)
def _whose(ledger: str, name: str, subject: str) -> str:
    """The members that are the same for many blocks."""
    return spelled({"ledger": ledger, "name": name, "subject": subject})[1:].decode()
