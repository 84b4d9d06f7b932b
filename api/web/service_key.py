"""
The service's own key: with it the service signs what it notices itself, and nothing else (types `sys-*`).

It lies in `service.key` in the ledger's folder, made when an officer asks for it; it counts once that officer has
enrolled it like any other. Until then the service records everything and can say nothing of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from api.identifiers import uuid4_from
from api.key_file import read_seed, write_key
from api.web.known_keys import KnownKeys
from ledger.errors import Refused
from ledger.signing import SigningKey


@dataclass(frozen=True, slots=True)
class OwnKey:
    """The key and in whose name it signs, `service/…`."""

    owner: str
    key: SigningKey


class ServiceKey:
    """The key file of one service."""

    def __init__(self, folder: Path, keys: KnownKeys, entropy: Callable[[int], bytes]) -> None:
        self._path = folder / "service.key"
        self._keys = keys
        self._entropy = entropy

    def made(self) -> OwnKey:
        """
        The key, made now if there is none.

        Raises:
            Refused: `service-key`, when it counts already.
        """
        if self.counting() is not None:
            raise Refused("service-key", "The service has a key that counts already.")
        known = self._read()
        if known is None or any(each.kid == known.key.kid for each in self._keys.history.all()):
            self._path.unlink(missing_ok=True)  # a key that was revoked is never enrolled again
            write_key(self._path, self._entropy(32), f"service/{uuid4_from(self._entropy(16))}", None, self._entropy)
            known = self._read()
        if known is None:
            raise Refused("key-file-missing", f"There is no key file {self._path}.")
        return known

    def counting(self) -> OwnKey | None:
        """The key, if it counts in the ledger now."""
        known = self._read()
        if known is None or not any(each.kid == known.key.kid for each in self._keys.valid(known.owner)):
            return None
        return known

    def _read(self) -> OwnKey | None:
        if not self._path.exists():
            return None
        seed = read_seed(self._path, lambda: "")
        return OwnKey(str(json.loads(self._path.read_bytes())["owner"]), SigningKey(seed))
