"""
Keys the organisation keeps for people who sign on no device of their own, each opened by its holder's PIN alone.

The seed is sealed under three parts: the PIN (stretched by Argon2id), the organisation's key beside the accounts,
and a secret in a cookie of the one browser in which the key was made; all three are needed.
Whoever has `accounts.db` can try PINs against their hash, a million guesses of 64 MiB; whoever has the whole folder
also has the organisation's key, and still lacks the browser's 256 bits. Whoever has the browser lacks the other two.
A new PIN, another browser or another organisation's key opens none of the old keys: a new one is made and approved,
and the old one revoked; what it signed stays as it is.
Officers never have such a key: the ledger itself refuses it (`officer-custody`), whichever came first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from api.web.accounts_db import AccountBook
from api.web.settings import Settings
from api.web.stretching import Cost, stretch
from ledger.encoding import from_base64url, to_base64url
from ledger.errors import Invalid, Refused
from ledger.signing import SigningKey

_MADE_ELSEWHERE = "SELECT kid FROM custody_organisation WHERE organisation <> ?"

DEVICE_COOKIE = "session-ledger-device"


@dataclass(frozen=True, slots=True)
class NewCustodyKey:
    """A key that was just made and sealed; `device_secret` goes into the browser's cookie."""

    key: SigningKey
    device_secret: str


class Custody:
    """The sealed keys of one organisation."""

    def __init__(self, book: AccountBook, settings: Settings, entropy: Callable[[int], bytes]) -> None:
        self._book = book
        self._settings = settings
        self._entropy = entropy

    def make(self, owner: str, pin: str, device_secret: str | None) -> NewCustodyKey:
        """A new key for somebody; it counts from its enrolment on, and not before."""
        secret = device_secret if device_secret and _is_secret(device_secret) else to_base64url(self._entropy(32))
        seed, salt, nonce = self._entropy(32), self._entropy(16), self._entropy(12)
        key = SigningKey(seed)
        cost = self._settings.cost
        sealing = AESGCM(self._opening(pin, salt, cost, secret, key.kid))
        with self._book.writing() as book:
            book.execute(
                "INSERT INTO custody VALUES (?, ?, ?, ?, ?)",
                (key.kid, owner, salt, json.dumps(asdict(cost)), nonce + sealing.encrypt(nonce, seed, owner.encode())),
            )
            book.execute("INSERT INTO custody_organisation VALUES (?, ?)", (key.kid, self._organisation()))
        return NewCustodyKey(key, secret)

    def open(self, owner: str, kids: frozenset[str], pin: str, device_secret: str | None) -> SigningKey:
        """
        The newest of these keys of its owner, after the PIN was found right.

        Raises:
            Refused: `custody-key`, when none is kept here; `custody-lost`, when all were made under another key of the
                organisation; `custody-device`, when this browser lacks its part, or the PIN is a newer one.
        """
        rows = self._book.rows("SELECT * FROM custody WHERE owner = ? ORDER BY rowid DESC", owner)
        rows = [row for row in rows if row["kid"] in kids]
        if not rows:
            raise Refused(
                "custody-key",
                "No key of yours that counts is kept here.",
                remedy="Have one made and approved (POST /v1/custody-keys), or sign on your own device.",
            )
        others = {row["kid"] for row in self._book.rows(_MADE_ELSEWHERE, self._organisation())}
        if all(row["kid"] in others for row in rows):
            raise Refused(
                "custody-lost",
                "Your key was sealed with an organisation's key that is no longer here.",
                remedy="Put accounts.key back from its backup; if it is lost, an officer revokes all keys in custody.",
            )
        for row in rows if device_secret and _is_secret(device_secret) else ():
            cost = Cost(**json.loads(row["cost"]))
            opening = AESGCM(self._opening(pin, row["salt"], cost, str(device_secret), row["kid"]))
            try:
                return SigningKey(opening.decrypt(row["sealed"][:12], row["sealed"][12:], owner.encode()))
            except InvalidTag:
                continue
        raise Refused(
            "custody-device",
            "This browser does not hold its part of your key, or your PIN was changed since the key was made.",
            remedy="Sign where the key was made, or have a new one made here and approved.",
        )

    def _organisation(self) -> bytes:
        """What tells one key of the organisation from another, and says nothing of either."""
        return hashlib.sha256(b"session-ledger/organisation/v1\n" + self._book.organisation_key).digest()

    def _opening(self, pin: str, salt: bytes, cost: Cost, device_secret: str, kid: str) -> bytes:
        parts = stretch(pin, salt, cost) + self._book.organisation_key + from_base64url(device_secret)
        return HKDF(SHA256(), 32, salt, b"session-ledger/custody/v1\n" + kid.encode("ascii")).derive(parts)


def _is_secret(text: str) -> bool:
    try:
        return len(from_base64url(text)) == 32
    except Invalid:
        return False
