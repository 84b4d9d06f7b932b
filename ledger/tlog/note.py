"""
Text under Ed25519 signatures: the signed note of c2sp.org/signed-note.

    This is an example message.
                                                       <- the last empty line parts text and signatures
    — example.com/foo Uw2QOjn8srV1yJGh2VYRlL1Tnav1YEq6TfXppzi2ONncAlTgK7Ztg1EQRYNZXsYjOBH3mFXmRKuwHjG1Yu7…

A signature line is an em dash (U+2014), a space, the name of the key, a space, and the base64 of the key id
(four bytes) and the signature. What is signed is the text with its last newline, without the empty line. A
note is UTF-8 without control characters other than newline, and ends with a newline.

A verifier key is one line of text, `name+keyid+base64(type || public key)`; the type of Ed25519 is 0x01:

    example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k

    key id = the first 4 bytes of SHA-256(name || LF || type || public key), in hexadecimal

Name and key id together say which key signed. A line by a key that the reader does not know is kept, and
proves nothing (a witness, or a newer algorithm). A line by a known key must verify, or the whole note is
refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from nacl.bindings import crypto_sign, crypto_sign_seed_keypair

from ledger.encoding import from_base64, from_hex, to_base64
from ledger.errors import Invalid
from ledger.signing import is_signed_by

ED25519 = b"\x01"
MAX_SIGNATURES = 100
MAX_NOTE_BYTES = 1_000_000
_DASH = "— "


_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
"""Control characters but the newline."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """An Ed25519 public key with the name under which it signs; `str(key)` is its line of text."""

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        """
        Check the name, and that the key has 32 bytes.

        Raises:
            Invalid: `vkey`.
        """
        if not _is_key_name(self.name) or len(self.public_key) != 32:
            raise Invalid("vkey", "A verifier key needs a name without spaces or plus signs, and 32 bytes.")

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a signature line names this key."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public_key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{to_base64(ED25519 + self.public_key)}"


def parse_vkey(text: str) -> VerifierKey:
    """
    The verifier key of a line `name+keyid+base64`; the mirror of `str(key)`.

    Raises:
        Invalid: `vkey`, also for another algorithm than Ed25519 and for a key id that is not the key's own.
    """
    try:
        name, key_id, encoded = text.split("+", 2)
        stated, key = from_hex(key_id, 4), from_base64(encoded)
    except (ValueError, Invalid):
        raise Invalid("vkey", "This is not a verifier key of the form name+keyid+base64.") from None
    if key[:1] != ED25519:
        raise Invalid("vkey", "This verifier key is not of the type Ed25519 (0x01).")
    parsed = VerifierKey(name, key[1:])
    if parsed.key_id != stated:
        raise Invalid("vkey", "The key id does not belong to this name and key.")
    return parsed


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One line below a note's text: who claims to have signed, and the bytes of the signature."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {to_base64(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class LogSigner:
    """A named Ed25519 key that signs notes, from its 32 secret bytes; the seed is never shown."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def vkey(self) -> VerifierKey:
        """
        What a reader needs to check this signer's lines.

        Raises:
            Invalid: `vkey`, for a name that no key may have.
        """
        return VerifierKey(self.name, _key_pair(self)[0])

    def sign(self, text: bytes) -> SignatureLine:
        """
        The signature line for this text; the same bytes each time.

        Raises:
            Invalid: `vkey`, for a name that no key may have.
        """
        _, secret, key_id = _key_pair(self)
        return SignatureLine(self.name, key_id, crypto_sign(text, secret)[:64])


@lru_cache(maxsize=4)
def _key_pair(signer: LogSigner) -> tuple[bytes, bytes, bytes]:
    """The public and the secret key of a signer, which signs every checkpoint of its process, and its key id."""
    if len(signer.seed) != 32:
        raise Invalid("vkey", "An Ed25519 seed has 32 bytes.")
    public, secret = crypto_sign_seed_keypair(signer.seed)
    return public, secret, VerifierKey(signer.name, public).key_id


@dataclass(frozen=True, slots=True)
class OpenNote:
    """
    A note that at least one known key has signed.

    `verified` are the known keys that signed, in the order of their first lines, each once.
    `unverified` are the lines of unknown keys; nothing may be concluded from them.
    """

    text: bytes
    verified: tuple[VerifierKey, ...]
    unverified: tuple[SignatureLine, ...]


def sign_note(text: bytes, signers: Sequence[LogSigner]) -> bytes:
    """
    The signed note: `text`, an empty line, and one signature line for each signer in this order.

    Raises:
        Invalid: `note-format`, when the text is not UTF-8, has control characters or no newline at its end,
            or when there are no signers or more than 100.
    """
    _require_text(text)
    if not 1 <= len(signers) <= MAX_SIGNATURES:
        raise Invalid("note-format", f"A note has 1 to {MAX_SIGNATURES} signatures.")
    return text + b"\n" + "".join(str(signer.sign(text)) for signer in signers).encode()


def parse_note(note: bytes) -> tuple[bytes, tuple[SignatureLine, ...]]:
    """
    The text and the signature lines of a note, nothing of it verified.

    Raises:
        Invalid: `note-format`, for anything that is not exactly a signed note.
    """
    _require_text(note)
    text, gap, below = note.rpartition(b"\n\n")
    if not gap:
        raise Invalid("note-format", "A note has an empty line between its text and its signatures.")
    lines = below.decode().split("\n")[:-1]
    if not 1 <= len(lines) <= MAX_SIGNATURES:
        raise Invalid("note-format", f"A note has 1 to {MAX_SIGNATURES} signatures.")
    return text + b"\n", tuple(map(_parse_line, lines))


def open_note(note: bytes, vkeys: Sequence[VerifierKey]) -> OpenNote:
    """
    The note's text with the known keys that signed it.

    One Ed25519 check for each line of a known key, cofactorless and with S below the order (format v1,
    section 4).

    Raises:
        Invalid: `note-format`, for anything that is not exactly a signed note.
        Invalid: `note-signature`, when a line of a known key does not verify, whatever the other lines say.
        Invalid: `note-unsigned`, when no known key has signed.
        Invalid: `vkey`, when two different known keys share name and key id.
    """
    known: dict[tuple[str, bytes], VerifierKey] = {}
    for vkey in vkeys:
        if known.setdefault((vkey.name, vkey.key_id), vkey) != vkey:
            raise Invalid("vkey", "Two known keys have the same name and key id.")
    text, lines = parse_note(note)
    verified: dict[VerifierKey, None] = {}
    unverified: list[SignatureLine] = []
    for line in lines:
        key = known.get((line.name, line.key_id))
        if key is None:
            unverified.append(line)
            continue
        if not is_signed_by(key.public_key, text, line.signature):
            raise Invalid("note-signature", f"The signature of {key.name} does not fit the text.")
        verified[key] = None
    if not verified:
        raise Invalid("note-unsigned", "No known key has signed this note.")
    return OpenNote(text, tuple(verified), tuple(unverified))


def _parse_line(line: str) -> SignatureLine:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if line.startswith(_DASH) and space and _is_key_name(name):
        try:
            decoded = from_base64(encoded)
        except Invalid:
            decoded = b""
        if len(decoded) > 4:
            return SignatureLine(name, decoded[:4], decoded[4:])
    raise Invalid("note-format", "A signature line is a dash, a key name, and base64 of over four bytes.")


def _is_key_name(name: str) -> bool:
    """Not empty, no Unicode space, no plus, no control character, and encodable."""
    return bool(name) and not any(c == "+" or c.isspace() or not _is_text(c) for c in name)


def _is_text(character: str) -> bool:
    """Neither an ASCII control character (below U+0020) nor half of a surrogate pair."""
    return character >= " " and not "\ud800" <= character <= "\udfff"


def _require_text(text: bytes) -> None:
    if len(text) > MAX_NOTE_BYTES:
        raise Invalid("note-format", f"A note has at most {MAX_NOTE_BYTES} bytes.")
    try:
        characters = text.decode()
    except UnicodeDecodeError:
        raise Invalid("note-format", "A note is UTF-8.") from None
    if not characters.endswith("\n") or _CONTROL.search(characters):
        raise Invalid("note-format", "A note ends with a newline and has no other control characters.")
