"""
Subject keys at rest: each wrapped under the key of the epoch, all in one file.

    session-ledger/subject-keys/v1
    7
    0b1c…(64 hex) base64(nonce ‖ AES-256-GCM(epoch key, subject key))

A line names its subject by a SHA-256: of one length, and silent about whose key it is.
The wrapping is bound to that name and to the number of the epoch, so that a line moved to another person, or
kept from an older epoch, does not open.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ledger.canonical import canonical
from ledger.encoding import from_base64, to_base64
from ledger.errors import Invalid, TamperDetected

KEY_SIZE = 32
"""Bytes of an AES-256 key."""

NONCE_SIZE = 12

_FIRST_LINE = "session-ledger/subject-keys/v1"


@dataclass(frozen=True, slots=True)
class WrappedKeys:
    """The keys of one epoch, wrapped, by the name of their subject."""

    epoch: int
    lines: Mapping[str, bytes]

    def bytes(self) -> bytes:
        """As they stand in the file, ascending by name."""
        lines = [f"{name} {to_base64(wrapped)}" for name, wrapped in sorted(self.lines.items())]
        return "\n".join([_FIRST_LINE, str(self.epoch), *lines, ""]).encode("ascii")


def parse_wrapped(data: bytes) -> WrappedKeys:
    """
    The wrapped keys of a file.

    Raises:
        TamperDetected: `subject-key-stored`.
    """
    try:
        first, number, *lines, last = data.decode("ascii").split("\n")
        if first != _FIRST_LINE or last:
            raise ValueError(first)
        parts = (line.split(" ") for line in lines)
        return WrappedKeys(int(number), {name: from_base64(wrapped) for name, wrapped in parts})
    except (ValueError, Invalid):
        raise stored_badly() from None


def name_of(subject: str) -> str:
    """What a subject is called in the file."""
    return hashlib.sha256(f"session-ledger/subject-key/v1\n{subject}".encode()).hexdigest()


def wrap(key: bytes, epoch_key: bytes, nonce: bytes, *, epoch: int, name: str) -> bytes:
    """A subject key under the key of an epoch."""
    return nonce + AESGCM(epoch_key).encrypt(nonce, key, _bound_to(epoch, name))


def unwrap(wrapped: bytes, epoch_key: bytes, *, epoch: int, name: str) -> bytes:
    """
    The subject key itself.

    Raises:
        TamperDetected: `subject-key-stored`, when it was wrapped by another epoch or for another subject.
    """
    try:
        key = AESGCM(epoch_key).decrypt(wrapped[:NONCE_SIZE], wrapped[NONCE_SIZE:], _bound_to(epoch, name))
    except (InvalidTag, ValueError):
        raise stored_badly() from None
    return key


def stored_badly() -> TamperDetected:
    """What is stored is no key."""
    return TamperDetected(
        "subject-key-stored",
        "The stored key of a subject is damaged.",
        remedy="Put the keys back from a backup of this epoch; see docs/operations.md.",
    )


def _bound_to(epoch: int, name: str) -> bytes:
    return b"session-ledger/subject-key/v1\n" + canonical({"epoch": epoch, "subject": name})
