"""
Passwords and PINs at rest: Argon2id (RFC 9106), 64 MiB a guess, with its parameters beside the hash.

    $argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA

So a later release can ask for more without locking anybody out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess costs; the default is the second recommendation of RFC 9106."""

    iterations: int = 3
    lanes: int = 4
    memory_kib: int = 65_536


def protect(secret: str, entropy: Callable[[int], bytes], cost: Cost) -> str:
    """The text to keep for a password or PIN."""
    return _kdf(entropy(16), cost).derive_phc_encoded(_bytes(secret))


def fits(secret: str, kept: str) -> bool:
    """Whether this is the password or PIN that was kept; takes the same time either way."""
    try:
        Argon2id.verify_phc_encoded(_bytes(secret), kept)
    except InvalidKey:
        return False
    return True


def stretch(secret: str, salt: bytes, cost: Cost) -> bytes:
    """32 bytes of a PIN, for a key that opens something."""
    return _kdf(salt, cost).derive(_bytes(secret))


def _kdf(salt: bytes, cost: Cost) -> Argon2id:
    return Argon2id(salt=salt, length=32, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib)


def _bytes(secret: str) -> bytes:
    """Two keyboards may type one letter in two ways."""
    return unicodedata.normalize("NFKC", secret).encode("utf-8")
