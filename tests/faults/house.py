"""The ledger that dies: the small clinic of the tests in a folder, as `session-ledger init` lays one out."""

from __future__ import annotations

import hashlib
from pathlib import Path

from api.folder import make_ledger
from tests.ledger.clinic import MD1, ORIGIN, PT1, Clinic, Entropy, SetClock

LOG_KEY_SEED = hashlib.sha256(b"TEST ONLY log key").digest()


def make_house(root: Path) -> Path:
    """A ledger of the clinic at `root`: 12 entries, log key and head store beside it, everything closed again."""
    clinic = Clinic(seed="founding")
    opening = [(owner, "opened", "security-officer") for owner in (MD1, PT1)]
    genesis = clinic.submission(clinic.genesis(), "keys", opening)
    entropy = _SeedFirst()
    opened, recorder = make_ledger(root, ORIGIN, "Test Clinic", lambda _: genesis, clock=clinic.clock, entropy=entropy)
    for submissions in clinic.founding():
        recorder.record(submissions)
        clinic.clock.forward(minutes=1)
    close(recorder)
    opened.store.close()
    return root


def close(recorder: object) -> None:
    """End what a recorder may have running."""
    end = getattr(recorder, "close", None)
    if end is not None:
        end()


def signer_clinic(name: str, clock: SetClock | None = None) -> Clinic:
    """People who sign, each name with ids and salts of its own; their recorder in memory is not used."""
    clinic = Clinic(seed=f"faults {name}")
    if clock is not None:
        clinic.clock = clock
    return clinic


class _SeedFirst:
    """Entropy whose first 32 bytes are the clinic's log key, so that what is signed stays the same."""

    def __init__(self) -> None:
        self._more = Entropy("house")
        self._given = False

    def __call__(self, length: int) -> bytes:
        if length == 32 and not self._given:
            self._given = True
            return LOG_KEY_SEED
        return self._more(length)
