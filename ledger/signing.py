"""
Ed25519 signatures (RFC 8032), checked the same way by everyone.

A signature is valid when S < L and encode([S]B - [k]A) equals R byte for byte: the *cofactorless* check.
`cryptography` (OpenSSL) makes exactly this check and is the judge.
PyNaCl (libsodium) makes it twice as fast but also refuses an R of small order, so its yes counts
and its no is asked again; `tests/ledger/test_signing.py` holds the one case in which they differ.

A key is only *enrolled* when its point is canonical, on the curve, not the identity, and of prime order:
with a key of small order one signature fits many messages, and its owner could deny each of them.
Source: format v1, sections 1 and 4.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from nacl._sodium import ffi, lib  # type: ignore[import-not-found]  # its function without a copy of the message
from nacl.bindings import crypto_core_ed25519_is_valid_point

from ledger.errors import Invalid

ALGORITHM = "ed25519"

_NOWHERE = ffi.NULL
"""Where the message is not written to: it is at hand."""


def key_id(public_key: bytes, algorithm: str = ALGORITHM) -> str:
    """The kid of a public key: the SHA-256, in hex, of its algorithm and bytes under our own label."""
    label = b"session-ledger/key/v1\n" + algorithm.encode("ascii") + b"\n"
    return hashlib.sha256(label + public_key).hexdigest()


def check_enrollable(public_key: bytes, field: str = "") -> None:
    """
    Pass when this public key may be enrolled.

    Raises:
        Invalid: `unsafe-key`, when the point is not canonical, not on the curve, of small or mixed order.
    """
    if len(public_key) != 32 or not crypto_core_ed25519_is_valid_point(public_key):
        raise Invalid(
            "unsafe-key",
            "This public key is not a point of prime order, so its signatures would not bind its owner.",
            field=field,
            remedy="Make a new key on the device and enrol that one.",
        )


def is_signed_by(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) over `message` verifies under `public_key`, by the cofactorless check."""
    if len(signature) != 64:
        return False
    signed = signature + message
    if len(public_key) == 32 and lib.crypto_sign_open(_NOWHERE, _NOWHERE, signed, len(signed), public_key) == 0:
        return True
    return _judge(public_key, message, signature)


def _judge(public_key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        _public_key(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=4096)
def _public_key(public_key: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public_key)


class SigningKey:
    """
    One person's or the log's private key; it shows its public half and signs, and never prints its seed.

    Made from 32 secret bytes, so that randomness stays an argument.
    """

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw()
        self.kid = key_id(self.public)

    def sign(self, message: bytes) -> bytes:
        """The 64 signature bytes over `message`; the same bytes each time (Ed25519 is deterministic)."""
        return self._key.sign(message)

    def __repr__(self) -> str:
        return f"SigningKey({self.kid[:12]})"
