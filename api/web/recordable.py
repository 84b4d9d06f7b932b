"""
What may be recorded at a desk, grouped by clinical act, and what of it somebody in these roles signs.

Which role signs which type every type says itself (`SIGNERS`), read by the tables of `ledger.who_may`. What the
software signs is nobody's to record; what needs a page, a command or a ceremony of its own is named here with where
it is done.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Collection
from typing import Any, Final

from api.web.forms import sentence
from ledger.events import EVENT_TYPES
from ledger.events.base import Event, Signer
from ledger.who_may import WHO_MAY

ELSEWHERE: Final[dict[str, str]] = {
    "addendum-appended": "on the page of the entry it is about",
    "clock-corrected": "by the command correct-clock",
    "countersignature-given": "on the page of the entry it is about",
    "device-enrolled": "with the keys of a tablet",
    "device-revoked": "with the keys of a tablet",
    "entry-corrected": "on the page of the entry it is about",
    "entry-reattributed": "on the page of the entry it is about",
    "entry-voided": "on the page of the entry it is about",
    "finding-acknowledged": "on the page of the finding",
    "finding-closed": "on the page of the finding",
    "finding-dispositioned": "on the page of the finding",
    "finding-explained": "on the page of the finding",
    "finding-reopened": "on the page of the finding",
    "key-enrolled": "with the keys of a tablet",
    "key-revoked": "by the command revoke",
    "late-entry-declared": "on the page of the entry it is about",
    "ledger-opened": "by the command init",
    "log-key-added": "by the command rotate-log-key",
    "log-key-retired": "by the command rotate-log-key",
    "paper-line-transcribed": "on the page for paper",
    "paper-sheet-declared": "on the page for paper",
    "retention-ended": "by the command that ends retention, which destroys the keys too",
    "subject-erased": "by the command erase, which destroys the keys too",
    "verdicts-kept": "by the command that ends retention",
}
"""Types that people sign, but not on the page of forms, and where instead."""

CREATES: Final = frozenset(
    {
        "boundary-incident-recorded",
        "consent-form-published",
        "couple-registered",
        "location-registered",
        "own-medication-checked-in",
        "participant-registered",
        "privacy-incident-opened",
        "session-scheduled",
        "staff-registered",
        "stock-received",
    }
)
"""Types with which a record begins: the page makes its identifier."""

MAY_CREATE: Final = frozenset({"protocol-published", "review-completed", "access-review-completed"})
"""Types that begin a record, or go on with one that is there."""


def newest() -> dict[str, type[Event]]:
    """Of each type that people sign its newest version, by name without the version, in the order of the catalogue."""
    found: dict[str, type[Event]] = {}
    for tag, kind in EVENT_TYPES.items():
        if all(signer.by != "service" for signer in kind.SIGNERS):
            found[tag.split("/")[0]] = kind
    return found


def may_sign(signer: Signer, roles: Collection[str]) -> bool:
    """Whether a signature is one that somebody of the staff with these roles gives."""
    staff = [role for role in roles if role in WHO_MAY and WHO_MAY[role].key in ("staff", "officer")]
    return signer.by == "staff" and (not signer.roles or not set(signer.roles).isdisjoint(staff)) and bool(staff)


def may_record(kind: type[Event], roles: Collection[str]) -> bool:
    """
    Whether somebody with these roles records this: they give a signature without which it is refused.

    What a participant signs is recorded by whoever witnesses it; with no witness, by anybody who accompanies people or
    keeps their records.
    """
    now = [signer for signer in kind.SIGNERS if signer.when == "now" and signer.by == "staff"]
    if now:
        return any(may_sign(signer, roles) for signer in now)
    later = [signer for signer in kind.SIGNERS if signer.by == "staff"]
    if later:
        return any(may_sign(signer, roles) for signer in later)
    return not _ACCOMPANYING.isdisjoint(roles)


_ACCOMPANYING: Final = frozenset(
    {"nurse", "prescriber", "therapist", "registrar", "privacy-officer", "records-officer", "security-officer"}
)


def acts(roles: Collection[str]) -> list[dict[str, Any]]:
    """What somebody with these roles records here, by the clinical act it belongs to."""
    groups: dict[str, dict[str, Any]] = {}
    for name, kind in newest().items():
        if name in ELSEWHERE or not may_record(kind, roles):
            continue
        act = kind.__module__.rpartition(".")[2]
        group = groups.setdefault(act, {"act": act, **_heading(kind.__module__), "types": []})
        group["types"].append({"type": kind.type_tag(), "name": name, "sentence": sentence(kind)})
    return list(groups.values())


def _heading(module: str) -> dict[str, str]:
    title = (inspect.getdoc(sys.modules[module]) or "").partition("\n\n")[0]
    name, _, idea = re.sub(r"\s+", " ", title).partition(": ")
    return {"title": name, "idea": idea[:1].upper() + idea[1:]}
