"""
Who may do what: the one table of roles, in words a clinic uses.

Roles stand in the account, as an officer wrote them into the invitation; that somebody is an officer follows
from the ledger's own keys, and ends with the revocation of the last of them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from api.web.accounts import Account
from api.web.web_sessions import WebSession
from ledger.envelope import parse_envelope
from ledger.store.port import EventRow

OFFICER_ROLE = "security-officer"


@dataclass(frozen=True, slots=True)
class Who:
    """
    Who may come through a door.

    `roles` is None for everybody who is signed in; `locked` says that a locked screen may come too;
    `touches` that coming through means somebody is at the screen, as a board's own refresh does not;
    `board` that a screen which became a wall board may still come.
    """

    words: str
    anybody: bool = False
    roles: frozenset[str] | None = None
    locked: bool = False
    touches: bool = True
    board: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who was let in."""

    owner: str
    code: str
    roles: tuple[str, ...]
    officer: bool
    session: WebSession = field(repr=False)


_READING = frozenset(
    {
        "nurse",
        "prescriber",
        "therapist",
        "medical-director",
        "compliance-officer",
        "privacy-officer",
        "records-officer",
    }
)
_PLANNING = frozenset({"scheduler", "registrar", "custodian"})

ANYBODY = Who("anybody", anybody=True)
"""Status, set-up, invitation and sign-in."""

SIGNED_IN = Who("everybody who is signed in")
"""Keys, shapes, proofs, and handing in what was signed: a signature counts by its key, not by who carries it."""

EVEN_LOCKED = Who("everybody who is signed in, locked too", locked=True, board=True)
"""Unlocking, signing out, and asking who one is."""

WATCHING = Who("everybody who is signed in; does not keep a screen open", touches=False, board=True)
"""The stream; who may not read records gets positions and nothing else."""

OFFICERS = Who("security officers", roles=frozenset({OFFICER_ROLE}))
"""Accounts and approvals; to vouch for keys is no reason to read about people."""

KEEPERS = Who(
    "security, compliance and privacy officers",
    roles=frozenset({OFFICER_ROLE, "compliance-officer", "privacy-officer"}),
)
"""Who looks after the record itself: that it verifies, and what of it stands outside."""

READERS = Who("nurse, prescriber, therapist, medical director, compliance, privacy and records officer", roles=_READING)
"""What was recorded about people."""

ROOM = Who(f"{READERS.words}; does not keep a screen open", roles=_READING, touches=False)
"""One session's room, or what stands before a session: their pages ask by themselves again and again."""

EXPORTERS = Who(
    "medical director, compliance, privacy and records officer",
    roles=frozenset({"medical-director", "compliance-officer", "privacy-officer", "records-officer"}),
)
"""Who may take a copy out of the ledger; each copy leaves a signed trace."""

RECORD_KEEPERS = Who(
    "compliance, privacy and records officer",
    roles=frozenset({"compliance-officer", "privacy-officer", "records-officer"}),
)
"""Who answers for how long what is kept."""

ALERTED = Who("medical director, compliance officer", roles=frozenset({"medical-director", "compliance-officer"}))
"""Who may have alerts sent out of the house: numbers of findings, to an address they name."""

DRAFTERS = Who("medical director and compliance officer", roles=frozenset({"medical-director", "compliance-officer"}))
"""Who thinks about the next protocol; judging the whole past by it costs more than a question does."""

STOCKTAKERS = Who(f"{READERS.words}; custodian, pharmacist", roles=_READING | {"custodian", "pharmacist"})
"""What containers hold and what moved it; no name stands there."""

FLOOR = Who(f"{ROOM.words}; also a wall board", roles=_READING, touches=False, board=True)
"""The floor of all rooms; a wall board gets times and codes, no readings and no sentences."""

PLANNERS = Who(f"{READERS.words}; scheduler, registrar, custodian: without partners", roles=_READING | _PLANNING)
"""The list of sessions."""


IN_CONFIDENCE = frozenset({"boundary-incident-recorded/1", "boundary-incident-closed/1"})
"""Types that only compliance reads: whoever such an entry is about may be anybody else on the staff."""


def may_read_type(caller: Caller, type_tag: str) -> bool:
    """Whether somebody who reads records may also read an entry of this type."""
    return type_tag not in IN_CONFIDENCE or "compliance-officer" in caller.roles


_ANSWERABLE = frozenset({"compliance-officer", "privacy-officer", "records-officer", "medical-director"})
"""Who answers for what is asked of records, shown to others, and looked at."""

RULES_IN_CONFIDENCE: dict[str, frozenset[str]] = {
    "AE-05": frozenset({"compliance-officer"}),
    "REC-10": _ANSWERABLE,
    "REC-11": _ANSWERABLE,
    "REC-12": _ANSWERABLE,
    "REC-13": _ANSWERABLE,
    "REC-14": _ANSWERABLE,
}
"""Rules whose findings not every reader of records reads, and who does: AE-05 is about what compliance alone reads."""


def may_read_rule(caller: Caller, rule: str) -> bool:
    """Whether somebody who reads records may also read what this rule says."""
    return rule_is_for(caller.roles, rule)


def rule_is_for(roles: Collection[str], rule: str) -> bool:
    """The same for somebody in these roles who reads records."""
    readers = RULES_IN_CONFIDENCE.get(rule)
    return readers is None or not readers.isdisjoint(roles)


def may_be_alerted(account: Account | None, rule: str) -> bool:
    """Whether somebody who asked for alerts may be told, by the roles they have now, that this rule found something."""
    return account is not None and may_read_roles(account.roles) and rule_is_for(account.roles, rule)


def may_read_entry(caller: Caller, row: EventRow) -> bool:
    """Whether somebody who reads records may also read this entry; what became of a finding is read like its rule."""
    if not row.type.startswith("finding-") or not row.envelope:
        return may_read_type(caller, row.type)
    return may_read_rule(caller, str(parse_envelope(row.envelope).payload.body.get("rule")))


def may_read(caller: Caller) -> bool:
    """Whether somebody may read what was recorded about people."""
    return may_read_roles(caller.roles)


def may_read_roles(roles: Collection[str]) -> bool:
    """The same of somebody in these roles."""
    return not _READING.isdisjoint(roles)
