"""
What may be done to keys, and by whom: opening, enrolment, revocation, log keys added and retired.

Every such event needs keys that count at its position; a quarantined key changes nothing, whoever hands it in.
A log key is added and retired by two officers: one alone, or a thief with one officer's key, could otherwise
continue the log under a key of their own.
Source: format v1, section 8; docs/adr/0010.
"""

from __future__ import annotations

from typing import assert_never

from ledger.errors import Refused
from ledger.events.keys import KeyEnrolled, KeyRevoked, LedgerOpened, LogKeyAdded, LogKeyRetired
from ledger.keys import KeyEvent, KeyHistory, own_keys
from ledger.log_keys import LogKey
from ledger.payload import Attestation
from ledger.signing import check_enrollable, key_id
from ledger.tlog.note import VerifierKey, parse_vkey


def check_key_event(history: KeyHistory, position: int, event: KeyEvent, attested: tuple[Attestation, ...]) -> None:
    """
    Pass when this key event may stand at this position with these signers.

    Raises:
        Refused: `genesis`, `key-known`, `enrolment`, `key-unknown`, `revocation`, `officer-missing`,
            `officer-custody`, `key-revoked` (a signer's key no longer counts), or `log-key`.
        Invalid: `unsafe-key`, or `vkey` for a log key that no checkpoint could be checked with.
    """
    own = own_keys(event)
    for index, signer in enumerate(attested):
        if signer.key not in own and history.state(signer.key, position) == "quarantined":
            raise Refused(
                "key-revoked",
                "A key that was revoked changes nothing about keys.",
                field=f"attested[{index}].key",
                remedy="Sign with a key that is valid now.",
            )
    match event:
        case LedgerOpened():
            _check_genesis(position, event, attested)
        case KeyEnrolled():
            _check_enrolment(history, position, event, attested)
        case KeyRevoked():
            _check_revocation(history, position, event, attested)
        case LogKeyAdded():
            _check_log_key_added(history, event)
            _check_two_officers(history, position, attested)
        case LogKeyRetired():
            _check_log_key_retired(history, event)
            _check_two_officers(history, position, attested)
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
    for index, vkey in enumerate(event.log_keys):
        _log_key(vkey, f"log_keys[{index}]")
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
        raise Refused(
            "key-known",
            "This key was enrolled before; a key is enrolled once, ever, also after its revocation.",
            field="pub",
            remedy="Make a new key.",
        )
    if not any(s.key == kid and s.by == event.owner and s.meaning == "possession" for s in attested):
        raise Refused("enrolment", "The new key itself must sign its enrolment, as possession.", field="attested")
    others = [s for s in attested if s.by != event.owner]
    if not any(_is_officer(history, position, signer) for signer in others):
        raise Refused("enrolment", "A security officer who is somebody else must sign too.", field="attested")
    _check_officers_hold_their_keys(history, position, event)


def _check_officers_hold_their_keys(history: KeyHistory, position: int, event: KeyEnrolled) -> None:
    """An officer has no key in custody beside their own, whichever came first."""
    theirs = history.valid_keys(event.owner, position)
    as_officer = event.officer or any(key.officer for key in theirs)
    in_custody = event.custody == "service" or any(key.custody == "service" for key in theirs)
    if as_officer and in_custody:
        raise Refused(
            "officer-custody",
            "An officer holds every key in person; none of theirs lies with the service.",
            field="custody",
            remedy="Revoke the key in custody first, or let somebody else be the officer.",
        )


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
    owners = any(s.by == target.owner and _is_valid(history, position, s) for s in attested)
    if not owners and not any(_is_officer(history, position, s) for s in attested):
        raise Refused("officer-missing", "A key is revoked by a security officer or its owner, with another key.")


def _check_two_officers(history: KeyHistory, position: int, attested: tuple[Attestation, ...]) -> None:
    officers = {signer.by for signer in attested if _is_officer(history, position, signer)}
    if len(officers) < 2:
        raise Refused(
            "officer-missing",
            "Log keys are added and retired by two security officers, who are two people.",
            field="attested",
            remedy="Have a second officer sign the same event.",
        )


def _check_log_key_added(history: KeyHistory, event: LogKeyAdded) -> None:
    new, known = _log_key(event.vkey, "vkey"), history.log_keys()
    if any(parse_vkey(key.vkey).public_key == new.public_key for key in known):
        raise Refused("log-key", "This log key was added before; a log key is added once, ever.", field="vkey")
    if any(parse_vkey(key.vkey).name != new.name for key in known):
        raise Refused("log-key", "A log key bears the name of its log, the origin.", field="vkey")


def _check_log_key_retired(history: KeyHistory, event: LogKeyRetired) -> None:
    _log_key(event.vkey, "vkey")
    serving: list[LogKey] = [key for key in history.log_keys() if key.retired_at is None]
    if all(key.vkey != event.vkey for key in serving):
        raise Refused("log-key", "This is no log key that still signs.", field="vkey")
    if len(serving) < 2:
        raise Refused("log-key", "The last log key is not retired.", field="vkey", remedy="Add the new log key first.")


def _log_key(vkey: str, field: str) -> VerifierKey:
    key = parse_vkey(vkey)
    check_enrollable(key.public_key, field)
    return key


def _check_custody(officer: bool, custody: str, owner: str) -> None:
    if officer and (custody == "service" or not owner.startswith("staff/")):
        raise Refused(
            "officer-custody", "An officer is a member of staff and holds the key in person.", field="custody"
        )


def _is_valid(history: KeyHistory, position: int, signer: Attestation) -> bool:
    return history.state(signer.key, position) == "valid"


def _is_officer(history: KeyHistory, position: int, signer: Attestation) -> bool:
    key = history.find(signer.key)
    return key is not None and key.officer and key.owner == signer.by and _is_valid(history, position, signer)
