"""
Whose key it is, what it may sign, and whether it counted at a position.

A key's state at position p follows from entries of the stream `keys` below p, never from a time that a
thief of the key would sign too:

- *not-enrolled*: it signs nothing
- *valid*
- *disputed*: a later revocation names a position from which on it is suspect, and p lies behind that
- *quarantined*: it was revoked before p

`KeyHistory` is the fold of that stream; `check_signers` and `check_key_event` say what it forbids.
Source: format v1, sections 1 and 8.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, assert_never

from ledger.errors import Refused
from ledger.events.keys import KeyEnrolled, KeyRevoked, LedgerOpened, LogKeyAdded, LogKeyRetired
from ledger.payload import Attestation, Payload
from ledger.signing import check_enrollable, key_id
from ledger.tlog.note import parse_vkey

KeyEvent: TypeAlias = LedgerOpened | KeyEnrolled | KeyRevoked | LogKeyAdded | LogKeyRetired
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


@dataclass(frozen=True, slots=True)
class LogKey:
    """A key that signs checkpoints, by its C2SP verifier key."""

    vkey: str
    added_at: int
    retired_at: int | None = None


class KeyHistory:
    """Every key ever enrolled and what became of it; grows with the stream `keys`, one event at a time."""

    def __init__(self) -> None:
        self._keys: dict[str, EnrolledKey] = {}
        self._log_keys: dict[str, LogKey] = {}

    def copy(self) -> KeyHistory:
        """The same history, which grows on its own."""
        twin = KeyHistory()
        twin._keys, twin._log_keys = dict(self._keys), dict(self._log_keys)
        return twin

    def find(self, kid: str) -> EnrolledKey | None:
        """The key of a kid, if it was ever enrolled."""
        return self._keys.get(kid)

    def all(self) -> tuple[EnrolledKey, ...]:
        """All keys in the order of their enrolment."""
        return tuple(self._keys.values())

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
        if key.revoked_at is None:
            return "valid"
        if key.revoked_at < position:
            return "quarantined"
        if key.suspect_from is not None and key.suspect_from <= position:
            return "disputed"
        return "valid"

    def apply(self, position: int, event: KeyEvent) -> None:
        """Take in the key event recorded at `position`; never refuses."""
        match event:
            case LedgerOpened():
                for key in event.keys:
                    self._enrol(position, key.pub, key.owner, key.officer, key.custody)
                for vkey in event.log_keys:
                    self._log_keys[vkey] = LogKey(vkey, position)
            case KeyEnrolled():
                self._enrol(position, event.pub, event.owner, event.officer, event.custody)
            case KeyRevoked():
                if (known := self._keys.get(event.key)) is not None:
                    self._keys[event.key] = replace(known, revoked_at=position, suspect_from=event.suspect_from)
            case LogKeyAdded():
                self._log_keys[event.vkey] = LogKey(event.vkey, position)
            case LogKeyRetired():
                if (log_key := self._log_keys.get(event.vkey)) is not None:
                    self._log_keys[event.vkey] = replace(log_key, retired_at=position)
            case _:
                assert_never(event)

    def _enrol(self, position: int, pub: str, owner: str, officer: bool, custody: str) -> None:
        public = bytes.fromhex(pub)
        kid = key_id(public)
        self._keys.setdefault(kid, EnrolledKey(kid, public, owner, officer, custody, position))


def own_keys(event: object) -> dict[str, tuple[str, bytes]]:
    """Owner and public key by kid of the keys that a genesis or enrolment brings, and that count for itself."""
    match event:
        case LedgerOpened():
            return {key_id(bytes.fromhex(key.pub)): (key.owner, bytes.fromhex(key.pub)) for key in event.keys}
        case KeyEnrolled():
            return {key_id(bytes.fromhex(event.pub)): (event.owner, bytes.fromhex(event.pub))}
        case _:
            return {}


def check_signers(history: KeyHistory, position: int, payload: Payload, event: object) -> tuple[KeyState, ...]:
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


def check_key_event(history: KeyHistory, position: int, event: KeyEvent, attested: tuple[Attestation, ...]) -> None:
    """
    Pass when this key event may stand at this position with these signers.

    Raises:
        Refused: `genesis`, `key-known`, `enrolment`, `key-unknown`, `revocation` or `officer-missing`.
        Invalid: `unsafe-key`, or `vkey` for a log key that no checkpoint could be checked with.
    """
    match event:
        case LedgerOpened():
            _check_genesis(position, event, attested)
        case KeyEnrolled():
            _check_enrolment(history, position, event, attested)
        case KeyRevoked():
            _check_revocation(history, position, event, attested)
        case LogKeyAdded() | LogKeyRetired():
            parse_vkey(event.vkey)
            if not any(_is_officer(history, position, signer) for signer in attested):
                raise Refused("officer-missing", "Log keys are added and retired by a security officer.")
        case _:
            assert_never(event)


def _check_genesis(position: int, event: LedgerOpened, attested: tuple[Attestation, ...]) -> None:
    own = own_keys(event)
    if position != 0:
        raise Refused("genesis", "A ledger is opened once, at position 0.")
    if len(own) < len(event.keys):
        raise Refused("key-known", "A key is enrolled once.", field="keys")
    if not event.log_keys:
        raise Refused("genesis", "A ledger is opened with the key that signs its checkpoints.", field="log_keys")
    for vkey in event.log_keys:
        parse_vkey(vkey)
    for index, key in enumerate(event.keys):
        check_enrollable(bytes.fromhex(key.pub), f"keys[{index}].pub")
        _check_custody(key.officer, key.custody, key.owner)
    signers = {signer.by for signer in attested if signer.key in own}
    officers = {key.owner for key in event.keys if key.officer}
    if len(signers) < len(attested) or len(signers & officers) < 2:
        raise Refused("genesis", "A ledger is opened by two security officers with keys it names, and by nobody else.")


def _check_enrolment(history: KeyHistory, position: int, event: KeyEnrolled, attested: tuple[Attestation, ...]) -> None:
    public = bytes.fromhex(event.pub)
    check_enrollable(public, "pub")
    _check_custody(event.officer, event.custody, event.owner)
    kid = key_id(public)
    if history.find(kid) is not None:
        raise Refused("key-known", "This key was enrolled before; a key is enrolled once, ever.", field="pub")
    if not any(s.key == kid and s.by == event.owner and s.meaning == "possession" for s in attested):
        raise Refused("enrolment", "The new key itself must sign its enrolment, as possession.", field="attested")
    others = [s for s in attested if s.by != event.owner]
    if not any(_is_officer(history, position, signer) for signer in others):
        raise Refused("enrolment", "A security officer who is somebody else must sign too.", field="attested")


def _check_revocation(history: KeyHistory, position: int, event: KeyRevoked, attested: tuple[Attestation, ...]) -> None:
    target = history.find(event.key)
    if target is None:
        raise Refused("key-unknown", "No such key was ever enrolled.", field="key")
    if target.revoked_at is not None:
        raise Refused("revocation", "This key is already revoked.", field="key")
    if event.suspect_from is not None and event.suspect_from > position:
        raise Refused("revocation", "A key is suspect from a position that exists.", field="suspect_from")
    if any(signer.key == event.key for signer in attested):
        raise Refused("revocation", "A key does not sign its own revocation: a thief would not either.")
    if not any(s.by == target.owner or _is_officer(history, position, s) for s in attested):
        raise Refused("officer-missing", "A key is revoked by a security officer or its owner, with another key.")


def _check_custody(officer: bool, custody: str, owner: str) -> None:
    if officer and (custody == "service" or not owner.startswith("staff/")):
        raise Refused(
            "officer-custody", "An officer is a member of staff and holds the key in person.", field="custody"
        )


def _is_officer(history: KeyHistory, position: int, signer: Attestation) -> bool:
    key = history.find(signer.key)
    return key is not None and key.officer and history.state(signer.key, position) == "valid"
