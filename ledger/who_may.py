"""
Who may act in which role: one table, read from left to right.

    role × credentials that are valid on the day × the place × whose key signs

Which types a role signs, and with which meaning, each type says itself (`SIGNERS`); `signed_in` turns that around.
Who does not do two things both stands beside it, in `ledger.held_apart`.
Whose key it is and whether it counts at that position is decided when an event is recorded: nothing else is let in.

What the service itself would sign for somebody, at the desk, it refuses when these tables do not allow it
(`projections.compliance.at_the_desk`). What arrives signed is recorded: whoever gave a dose without a licence gave
it all the same.
Source: 21 CFR 11.10(g); the exact rules, section 0, item 17, and SUP-02; which role needs what is ours [D].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from ledger.events import EVENT_TYPES
from ledger.events.base import Signer
from ledger.vocabulary import CredentialType, Profession, Role

Key: TypeAlias = Literal["staff", "officer", "participant", "service"]
"""
Whose key signs in a role.

`staff` is a key enrolled for a member of staff, `officer` one enrolled as an officer's, `participant` a person's own
key or the one made for them for one session, `service` the software's.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """
    One role: what it is, whose key signs in it, what makes somebody hold it, and what it takes to attend a patient.

    `to_hold` are the credentials without which nobody holds the role: the desk asks for them, on the day and at the
    place of the act. Without any the clinic's own word makes somebody hold it, and so a clinic can begin.
    `licensed_as` are the professions one of which the licence is for; `to_attend` are the credentials needed by whoever
    watches, gives or releases, which is judged by SUP-02; `where` says at which place a licence has to hold.
    """

    role: Role
    means: str
    key: Key
    to_hold: tuple[CredentialType, ...] = ()
    licensed_as: tuple[Profession, ...] = ()
    to_attend: tuple[CredentialType, ...] = ()
    where: Literal["state of the session", "anywhere"] = "anywhere"


_ATTENDS: Final[tuple[CredentialType, ...]] = ("licence", "bls", "kap")
"""What everybody who attends a patient needs, whatever their role."""

WHO_MAY: Final[dict[str, Row]] = {
    row.role: row
    for row in (
        Row(
            "nurse",
            "watches, gives, checks, observes",
            "staff",
            ("licence",),
            ("rn", "np"),
            _ATTENDS,
            "state of the session",
        ),
        Row(
            "prescriber",
            "evaluates, orders, authorises doses and releases",
            "staff",
            ("licence", "dea"),
            ("md", "do", "np", "pa"),
            _ATTENDS,
            "state of the session",
        ),
        Row(
            "therapist",
            "accompanies; watches only with training as a monitor",
            "staff",
            ("licence",),
            ("psychotherapist", "md", "do", "np", "pa", "rn"),
            (*_ATTENDS, "monitor"),
            "state of the session",
        ),
        Row("medical-director", "publishes protocols, overrides rules about staff and place", "staff"),
        Row("security-officer", "enrols and revokes keys", "officer"),
        Row("registrar", "registers people and couples", "staff"),
        Row("scheduler", "plans sessions", "staff"),
        Row("custodian", "keeps medication: takes in, counts, hands out", "staff"),
        Row(
            "pharmacist",
            "prepares, checks, counts, witnesses waste",
            "staff",
            ("licence",),
            ("pharmd",),
            ("licence",),
            "state of the session",
        ),
        Row("credentialing-officer", "verifies credentials of others", "staff"),
        Row("compliance-officer", "disposes of findings, registers places", "staff"),
        Row("privacy-officer", "answers requests, discloses, approves an erasure", "staff"),
        Row("records-officer", "answers requests, discloses", "staff"),
        Row("driver", "takes people home", "staff"),
        Row("participant", "consents, declines, acknowledges: for themselves alone", "participant"),
        Row("representative", "signs for a participant, by law, on a key of theirs", "participant"),
        Row("service", "records what the software itself did or saw", "service"),
    )
}
"""Every role, in the order in which people ask about them."""


def needed(role: str | None) -> tuple[CredentialType, ...]:
    """
    Which credentials somebody needs to attend a patient in this role; nothing for a role that never does.

    None is a role that nobody knows yet: what everybody needs who attends.
    """
    return _ATTENDS if role is None else WHO_MAY[role].to_attend


def licensed_as(role: str | None) -> tuple[Profession, ...]:
    """For which professions a licence counts in this role; empty for any."""
    return () if role is None else WHO_MAY[role].licensed_as


def to_hold(role: str) -> tuple[CredentialType, ...]:
    """Which credentials make somebody hold this role; none where the clinic's own word does."""
    return WHO_MAY[role].to_hold


def signed_in(role: str) -> list[tuple[str, Signer]]:
    """Every type that this role signs, with the signature, in the order of the catalogue."""
    return [
        (tag, signer)
        for tag, kind in EVENT_TYPES.items()
        for signer in kind.SIGNERS
        if role in signer.roles or (not signer.roles and signer.by == "staff" and WHO_MAY[role].key == "staff")
    ]
