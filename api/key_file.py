"""
A private key in a file: encrypted under a passphrase, or plainly marked as not.

    {"alg":"ed25519","format":"session-ledger/private-key/v1","kid":"…","ledger":"practice.clinic.example/…","owner":"staff/…",
     "protection":{"iterations":3,"kdf":"argon2id","lanes":4,"memory_kib":65536,"nonce":"…","salt":"…"},
     "secret":"…"}

The passphrase becomes a key by Argon2id (RFC 9106), which makes each guess cost 64 MiB; that key encrypts the
32-byte seed with AES-256-GCM, bound to kid and owner.
`protection` null means the seed stands there in clear: for practice ledgers and for the demo.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from ledger.canonical import Json, canonical
from ledger.encoding import from_base64, to_base64
from ledger.errors import Invalid, LedgerError, Refused
from ledger.practice import check_same_sort
from ledger.signing import ALGORITHM, SigningKey
from ledger.store.durable import make_folder, sync_folder, write_new

FORMAT = "session-ledger/private-key/v1"
MEMORY_KIB = 65_536
ITERATIONS = 3
LANES = 4

_FROM_COPY = "Put it back from its own copy."


def write_key(
    path: Path, seed: bytes, owner: str, passphrase: str | None, entropy: Callable[[int], bytes], ledger: str = ""
) -> None:
    """
    Write a new key file, readable by its owner only and durable when this returns.

    `ledger` is the name of the ledger it is made for, if there is one.

    Raises:
        Refused: `key-file-exists`; a key file is never overwritten.
    """
    kid = SigningKey(seed).kid
    protection: dict[str, Json] | None = None
    secret = seed
    if passphrase is not None:
        salt, nonce = entropy(16), entropy(12)
        protection = {
            "iterations": ITERATIONS,
            "kdf": "argon2id",
            "lanes": LANES,
            "memory_kib": MEMORY_KIB,
            "nonce": to_base64(nonce),
            "salt": to_base64(salt),
        }
        key = _stretch(passphrase, salt, ITERATIONS, LANES, MEMORY_KIB)
        secret = AESGCM(key).encrypt(nonce, seed, _bound(kid, owner))
    members: dict[str, Json] = {
        "alg": ALGORITHM,
        "format": FORMAT,
        "kid": kid,
        "owner": owner,
        "protection": protection,
        "secret": to_base64(secret),
    }
    if ledger:
        members["ledger"] = ledger
    make_folder(path.parent)
    try:
        write_new(path, canonical(members) + b"\n")
    except FileExistsError:
        raise Refused("key-file-exists", f"{path} is there already.", remedy="Choose another folder.") from None
    sync_folder(path.parent)


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A private key from a file, and whose it says it is; the ledger knows whose it truly is."""

    owner: str
    seed: bytes = field(repr=False)


def read_seed(path: Path, passphrase: Callable[[], str], ledger: str = "") -> bytes:
    """The 32 secret bytes of a key file; as `read_key`."""
    return read_key(path, passphrase, ledger).seed


def read_key(path: Path, passphrase: Callable[[], str], ledger: str = "") -> KeptKey:
    """
    The key of a key file; `passphrase` is asked only when the file is protected.

    `ledger` is the name of the one it is going to be used with. A file that does not say what it was made for, as
    those of earlier versions, is taken.

    Raises:
        Refused: `key-file-missing`, `passphrase`, `practice-ledger` or `real-ledger`.
        Invalid: `key-file`.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise Refused("key-file-missing", f"There is no key file {path}.", remedy=_FROM_COPY) from None
    try:
        said = json.loads(raw)
        match said:
            case {"format": str(form), "kid": str(kid), "owner": str(owner), "secret": str(text), "protection": how}:
                pass
            case _:
                raise Invalid("key-file", f"{path} is not a key file.", remedy=_FROM_COPY)
        if form != FORMAT:
            raise Invalid("key-file", f"{path} has a format this version does not know.")
        if ledger and isinstance(made_for := said.get("ledger"), str):
            check_same_sort(ledger, made_for, "key", "key")
        secret = from_base64(text)
        seed = secret if how is None else _unlock(secret, how, kid, owner, passphrase())
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid("key-file", f"{path} is not a key file: {error}.", remedy=_FROM_COPY) from None
    if len(seed) != 32 or SigningKey(seed).kid != kid:
        raise Invalid("key-file", f"{path} does not hold the key it names.", remedy=_FROM_COPY)
    return KeptKey(owner, seed)


def _unlock(secret: bytes, how: dict[str, object], kid: str, owner: str, passphrase: str) -> bytes:
    match how:
        case {
            "kdf": "argon2id",
            "iterations": int(iterations),
            "lanes": int(lanes),
            "memory_kib": int(memory),
            "nonce": str(nonce),
            "salt": str(salt),
        }:
            key = _stretch(passphrase, from_base64(salt), iterations, lanes, memory)
        case _:
            raise Invalid("key-file", "The key file is protected in a way this version does not know.")
    try:
        return AESGCM(key).decrypt(from_base64(nonce), secret, _bound(kid, owner))
    except InvalidTag:
        error: LedgerError = Refused("passphrase", "The passphrase does not open this key file.")
        raise error from None


def _stretch(passphrase: str, salt: bytes, iterations: int, lanes: int, memory_kib: int) -> bytes:
    kdf = Argon2id(salt=salt, length=32, iterations=iterations, lanes=lanes, memory_cost=memory_kib)
    return kdf.derive(passphrase.encode("utf-8"))


def _bound(kid: str, owner: str) -> bytes:
    return f"{FORMAT}\n{kid}\n{owner}".encode("ascii")
