"""
What a signature counts for, in words: by which key, kept where, why it is doubted, and who can cure that.

Doubt is no fault of the log: the event was signed and recorded, and stays. It says that somebody else than the
owner may have held the key.
Source: format v1, section 8.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ledger.keys import EnrolledKey, KeyHistory, KeyState
from ledger.payload import Attestation

DOUBTED: tuple[KeyState, ...] = ("disputed", "quarantined")


@dataclass(frozen=True, slots=True)
class Doubt:
    """
    One signature at a position whose key is disputed or quarantined there.

    `confirmed_at` are the positions of later countersignatures that confirm the event; they do not remove the
    doubt about this key, they say that somebody stands in for it.
    """

    position: int
    state: KeyState
    kid: str
    owner: str
    custody: str
    revoked_at: int
    suspect_from: int | None
    reason: str
    confirmed_at: tuple[int, ...] = ()

    @property
    def why(self) -> str:
        """Why it is doubted, as half a sentence."""
        return why_doubted(self.state, self.revoked_at, self.suspect_from, self.reason)

    @property
    def curable_by(self) -> str:
        """Whose word would stand in for the doubted signature."""
        return curable_by(self.owner)


@dataclass(frozen=True, slots=True)
class SignerStanding:
    """One signer of an event: the key, where it is kept, and what it counts for; `doubt` is None when valid."""

    by: str
    kid: str
    custody: str
    officer: bool
    state: KeyState
    doubt: Doubt | None


def why_doubted(state: str, revoked_at: int, suspect_from: int | None, reason: str) -> str:
    """`key suspect from 180 on (stolen, revoked at 210)`, or `key already revoked at 210 (device-lost)`."""
    if state == "disputed":
        return f"key suspect from position {suspect_from} on ({reason}, revoked at position {revoked_at})"
    return f"key already revoked at position {revoked_at} ({reason})"


def curable_by(owner: str) -> str:
    """Who can countersign what a doubted key of this owner signed."""
    match owner.partition("/")[0]:
        case "staff":
            return "the same person with a key that counts, or somebody else who was there"
        case "session" | "person":
            return "the participant with a new key, or a member of staff who was there"
        case _:
            return "a security officer"


def signer_standings(history: KeyHistory, position: int, attested: Iterable[Attestation]) -> tuple[SignerStanding, ...]:
    """What each signer of the event at a position counts for, as known now; unknown keys are `not-enrolled`."""
    standings = []
    for signer in attested:
        key = history.find(signer.key)
        state: KeyState = "not-enrolled" if key is None else _state(history, key, position)
        standings.append(
            SignerStanding(
                by=signer.by,
                kid=signer.key,
                custody="unknown" if key is None else key.custody,
                officer=key is not None and key.officer,
                state=state,
                doubt=None if key is None else _doubt(key, state, position),
            )
        )
    return tuple(standings)


def doubts(history: KeyHistory, signed_at: Mapping[str, Iterable[int]]) -> tuple[Doubt, ...]:
    """The doubted signatures among those that each kid made, by position; costs nothing for keys never revoked."""
    found: list[Doubt] = []
    for kid, positions in signed_at.items():
        key = history.find(kid)
        if key is None or key.revoked_at is None:
            continue
        each = (_doubt(key, _state(history, key, position), position) for position in set(positions))
        found += [doubt for doubt in each if doubt is not None]
    return tuple(sorted(found, key=lambda doubt: (doubt.position, doubt.kid)))


def custody_counts(history: KeyHistory, signed_at: Mapping[str, Iterable[int]]) -> tuple[tuple[str, int], ...]:
    """How many signatures were made by keys kept on a device, in hardware, and by the service; by name."""
    counts: Counter[str] = Counter()
    for kid, positions in signed_at.items():
        if (key := history.find(kid)) is not None:
            counts[key.custody] += len(list(positions))
    return tuple(sorted(counts.items()))


def _state(history: KeyHistory, key: EnrolledKey, position: int) -> KeyState:
    """A key counts for the very event that enrols it."""
    return "valid" if key.enrolled_at == position else history.state(key.kid, position)


def _doubt(key: EnrolledKey, state: KeyState, position: int) -> Doubt | None:
    if state not in DOUBTED or key.revoked_at is None:
        return None
    return Doubt(
        position=position,
        state=state,
        kid=key.kid,
        owner=key.owner,
        custody=key.custody,
        revoked_at=key.revoked_at,
        suspect_from=key.suspect_from,
        reason=key.reason or "",
    )
