"""
Whose key it is, what it may sign, and whether it counted at a position.

A key's state at position p follows from entries of the stream `keys` below p, never from a time that a
thief of the key would sign too:

- *not-enrolled*: it signs nothing
- *valid*
- *disputed*: a later revocation names a position from which on it is suspect, and p lies behind that
- *quarantined*: it was revoked before p

`KeyHistory` is the fold of that stream; `check_signers` says who may sign, `ledger.key_changes` what may change.
Source: format v1, sections 1 and 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, TypeAlias, assert_never

from ledger.errors import Refused
from ledger.events.keys import KeyEnrolled, KeyRevoked, LedgerOpened, LogKeyAdded, LogKeyRetired
from ledger.log_keys import LogKey
from ledger.payload import Attested, Payload
from ledger.signing import key_id

KeyEvent: TypeAlias = LedgerOpened | KeyEnrolled | KeyRevoked | LogKeyAdded | LogKeyRetired
KEY_EVENTS = (LedgerOpened, KeyEnrolled, KeyRevoked, LogKeyAdded, LogKeyRetired)
KeyState: TypeAlias = Literal["not-enrolled", "valid", "disputed", "quarantined"]


@dataclass(frozen=True, slots=True)
class EnrolledKey:
    """A key as the ledger knows it; positions are those of its enrolment and revocation."""

    kid: str
    public: bytes
    owner: str
    officer: bool
    custody: str
    enrolled_at: int
    revoked_at: int | None = None
    suspect_from: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Revocation:
    """Where a key was revoked, from which position on it is suspect (None: from none), and why."""

    at: int
    suspect_from: int | None
    reason: str

    def state(self, position: int) -> KeyState:
        """What the enrolled key counts for at a position."""
        return state_between(position, self.at, self.suspect_from)


Revoked: TypeAlias = Mapping[str, Revocation]
"""The first revocation of each key, by kid, as far as it is known."""

NONE_REVOKED: Revoked = MappingProxyType({})


class KeyHistory:
    """Every key ever enrolled and what became of it; grows with the stream `keys`, one event at a time."""

    def __init__(self) -> None:
        self._keys: dict[str, EnrolledKey] = {}
        self._log_keys: dict[str, LogKey] = {}
        self._of_owner: dict[str, tuple[str, ...]] = {}
        self._revoked_before: dict[str, tuple[int, KeyRevoked]] = {}
        self._revoked: Revoked = NONE_REVOKED

    def copy(self) -> KeyHistory:
        """The same history, which grows on its own."""
        twin = KeyHistory()
        twin._keys, twin._log_keys = dict(self._keys), dict(self._log_keys)
        twin._of_owner, twin._revoked_before = dict(self._of_owner), dict(self._revoked_before)
        twin._revoked = self._revoked
        return twin

    def find(self, kid: str) -> EnrolledKey | None:
        """The key of a kid, if it was ever enrolled."""
        return self._keys.get(kid)

    @property
    def revoked(self) -> Revoked:
        """What was revoked so far; the same object until another key is."""
        return self._revoked

    def all(self) -> tuple[EnrolledKey, ...]:
        """All keys in the order of their enrolment."""
        return tuple(self._keys.values())

    def keys_of(self, owner: str) -> tuple[EnrolledKey, ...]:
        """All keys of one owner in the order of their enrolment, also those that no longer count."""
        return tuple(self._keys[kid] for kid in self._of_owner.get(owner, ()))

    def valid_keys(self, owner: str, position: int) -> tuple[EnrolledKey, ...]:
        """The keys of one owner that count at a position."""
        return tuple(key for key in self.keys_of(owner) if self.state(key.kid, position) == "valid")

    def log_keys(self) -> tuple[LogKey, ...]:
        """All log keys in the order they were added."""
        return tuple(self._log_keys.values())

    def public_key(self, kid: str) -> bytes | None:
        """The 32 public bytes of a kid."""
        key = self._keys.get(kid)
        return None if key is None else key.public

    def state(self, kid: str, position: int) -> KeyState:
        """What the key counted for at a position, as known now."""
        key = self._keys.get(kid)
        if key is None or key.enrolled_at >= position:
            return "not-enrolled"
        return state_between(position, key.revoked_at, key.suspect_from)

    def apply(self, position: int, event: KeyEvent) -> None:
        """Take in the key event recorded at `position`; never refuses. The first of two of a kind counts."""
        match event:
            case LedgerOpened():
                for key in event.keys:
                    self._enrol(position, key.pub, key.owner, key.officer, key.custody)
                for vkey in event.log_keys:
                    self._log_keys.setdefault(vkey, LogKey(vkey, position))
            case KeyEnrolled():
                self._enrol(position, event.pub, event.owner, event.officer, event.custody)
            case KeyRevoked():
                if event.key not in self._revoked:
                    revocation = Revocation(position, event.suspect_from, event.reason)
                    self._revoked = {**self._revoked, event.key: revocation}
                known = self._keys.get(event.key)
                if known is None:  # no writer takes this; in a log that another hand wrote it counts all the same
                    self._revoked_before.setdefault(event.key, (position, event))
                elif known.revoked_at is None:
                    self._keys[event.key] = _revoked(known, position, event)
            case LogKeyAdded():
                self._log_keys.setdefault(event.vkey, LogKey(event.vkey, position))
            case LogKeyRetired():
                log_key = self._log_keys.get(event.vkey)
                if log_key is not None and log_key.retired_at is None:
                    self._log_keys[event.vkey] = replace(log_key, retired_at=position)
            case _:
                assert_never(event)

    def _enrol(self, position: int, pub: str, owner: str, officer: bool, custody: str) -> None:
        public = bytes.fromhex(pub)
        kid = key_id(public)
        if kid not in self._keys:
            key = EnrolledKey(kid, public, owner, officer, custody, position)
            before = self._revoked_before.get(kid)
            self._keys[kid] = key if before is None else _revoked(key, *before)
            self._of_owner[owner] = (*self._of_owner.get(owner, ()), kid)


def _revoked(key: EnrolledKey, position: int, event: KeyRevoked) -> EnrolledKey:
    return replace(key, revoked_at=position, suspect_from=event.suspect_from, reason=event.reason)


def state_between(position: int, revoked_at: int | None, suspect_from: int | None) -> KeyState:
    """What an enrolled key counts for at a position, by the positions of its revocation and suspicion."""
    if revoked_at is None:
        return "valid"
    if revoked_at < position:
        return "quarantined"
    return "disputed" if suspect_from is not None and suspect_from <= position else "valid"


def own_keys(event: object) -> dict[str, tuple[str, bytes]]:
    """Owner and public key by kid of the keys that a genesis or enrolment brings, and that count for itself."""
    match event:
        case LedgerOpened():
            return {key_id(bytes.fromhex(key.pub)): (key.owner, bytes.fromhex(key.pub)) for key in event.keys}
        case KeyEnrolled():
            return {key_id(bytes.fromhex(event.pub)): (event.owner, bytes.fromhex(event.pub))}
        case _:
            return {}


def check_signers(history: KeyHistory, position: int, payload: Attested, event: object) -> tuple[KeyState, ...]:
    """
    The state of each attested key at `position`, after checking that it may sign this at all.

    Raises:
        Refused: `key-not-enrolled`, `key-owner` (the key is somebody else's), `key-stream`
            (this owner signs nothing of this kind on this stream) or `officer-missing`.
    """
    own = own_keys(event)
    states: list[KeyState] = []
    for index, signer in enumerate(payload.attested):
        field = f"attested[{index}]"
        state: KeyState = "valid"
        if signer.key in own:
            owner = own[signer.key][0]
        else:
            known = history.find(signer.key)
            state = history.state(signer.key, position)
            if known is None or state == "not-enrolled":
                raise Refused(
                    "key-not-enrolled",
                    "Nobody enrolled this key before this position.",
                    field=f"{field}.key",
                    remedy="Enrol the key first, with a security officer.",
                )
            owner = known.owner
            if signer.role == "security-officer" and not known.officer:
                raise Refused(
                    "officer-missing",
                    "Only an officer signs as security officer.",
                    field=f"{field}.role",
                    remedy="Have one of the ledger's officers sign.",
                )
        if owner != signer.by:
            raise Refused("key-owner", "This key belongs to somebody else.", field=f"{field}.by")
        if signer.key not in own and not may_sign(owner, payload.stream, payload.type):
            raise Refused(
                "key-stream",
                f"A key of {owner.partition('/')[0]} does not sign {payload.type} on this stream.",
                field=f"{field}.by",
            )
        states.append(state)
    return tuple(states)


def may_sign(owner: str, stream: str, kind: str) -> bool:
    """Whether keys of this owner sign events of this type on this stream (format v1, section 1)."""
    if stream == "keys" and kind == "key-revoked/1":
        return not owner.startswith("service/")  # whoever owns the revoked key, or an officer: see check_key_event
    match owner.split("/"):
        case ["service", _]:
            return kind.startswith("sys-")
        case ["staff", _]:
            return not kind.startswith("sys-")
        case ["person", _]:
            return stream == owner
        case ["session", session, _]:
            own_medication = stream.startswith("stock/") and kind.startswith("own-medication-")
            return stream in (owner, f"session/{session}") or own_medication
        case _:
            return False


def check_handed_in(history: KeyHistory, position: int, payload: Payload, handed_in_by: str | None) -> None:
    """
    Pass when what a revoked key signed is taken all the same, to stand as quarantined.

    So a tablet that was offline loses nothing it recorded: a person with a key that counts hands it in.
    What governs the ledger itself (the streams `keys` and `governance`, and an erasure) is never taken so.

    Raises:
        Refused: `key-revoked`.
    """
    stream = payload.stream
    governs = stream == "keys" or stream.startswith("governance/") or payload.type.startswith("subject-erased/")
    is_person = handed_in_by is not None and handed_in_by.startswith(("staff/", "person/"))
    if governs or not is_person or not history.valid_keys(str(handed_in_by), position):
        raise Refused(
            "key-revoked",
            "A key that signed this was revoked.",
            field="attested",
            remedy="Sign with a key that is valid now."
            if governs
            else "Have it handed in by somebody whose key is valid: it is then kept and shown as quarantined.",
        )
