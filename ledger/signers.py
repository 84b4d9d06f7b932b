"""
Whose signature an event needs, with which meaning and in which role: its class says so, this asks it.

A signature that may come later is not missed here; until it comes the event is pending.
"""

from __future__ import annotations

from typing import Protocol, assert_never

from ledger.errors import Refused
from ledger.events.base import Event, Signer
from ledger.payload import Attestation, Attested
from ledger.transcribed import check_transcribed, is_transcribed
from ledger.vocabulary import Meaning


class SignedBy(Protocol):
    """Who signed with which meaning and in which role: an `Attestation`, or somebody a paper sheet names."""

    @property
    def by(self) -> str:
        """The owner of a key, or whoever the sheet names."""

    @property
    def meaning(self) -> str:
        """What it means."""

    @property
    def role(self) -> str:
        """In which role."""


def check_meanings(kind: type[Event], payload: Attested) -> None:
    """
    Pass when each signature is one that this type asks for, and those that cannot come later are there.

    Raises:
        Refused: `signature-meaning`, `signature-missing`, or what `check_transcribed` raises.
    """
    if is_transcribed(payload):
        check_transcribed(kind, payload)
        return
    rules = kind.SIGNERS
    open_rules = list(rules)
    for index, signer in enumerate(payload.attested):
        rule = next((rule for rule in open_rules if fits(rule, signer, payload.stream)), None)
        if rule is None:
            raise Refused(
                "signature-meaning",
                f"{payload.type} has no signature of this meaning, role and owner.",
                field=f"attested[{index}]",
                remedy="docs/events.md lists who signs what with which meaning.",
            )
        if signer.meaning not in _ANY_NUMBER:
            open_rules.remove(rule)
    for rule in rules:
        if rule.when == "now" and not any(fits(rule, signer, payload.stream) for signer in payload.attested):
            raise Refused(
                "signature-missing",
                f"{payload.type} needs the signature '{rule.meaning}'"
                + (" of the person it is about." if rule.by in ("subject", "slot") else "."),
                field="attested",
                remedy="Have that person sign; nobody signs for somebody else.",
            )


_ANY_NUMBER: frozenset[Meaning] = frozenset({"opened", "enrolled", "revoked"})
"""Meanings that several people may give in one event: those of officers; how many are needed `key_changes` says."""


def fits(rule: Signer, signer: SignedBy, stream: str) -> bool:
    """Whether a signature has the meaning, role and owner that this rule asks for."""
    if rule.meaning != signer.meaning or (rule.roles and signer.role not in rule.roles):
        return False
    match rule.by:
        case "staff":
            return signer.by.startswith("staff/")
        case "person":
            return signer.by.startswith("person/")
        case "service":
            return signer.by.startswith("service/")
        case "slot":
            return signer.by.startswith("session/")
        case "holder":
            return True  # whose key it is decides `check_key_event`, which knows the keys
        case "subject":
            return stream in ("keys", signer.by)
        case _:
            assert_never(rule.by)


def is_for_a_person(signer: Attestation) -> bool:
    """Whether somebody signs for a participant, or as one on their own record: then an appointment may be asked for."""
    return signer.role == "representative" or signer.by.startswith("person/")
