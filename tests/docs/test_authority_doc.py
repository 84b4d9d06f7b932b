"""The page on authority is what the code says, and its table is complete."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import get_args

from ledger.events import EVENT_TYPES
from ledger.vocabulary import CredentialType, Profession, Role
from ledger.who_may import WHO_MAY, signed_in

ROOT = Path(__file__).parents[2]


def test_the_page_is_what_the_code_says() -> None:
    checked = subprocess.run([sys.executable, "docs/generate_authority.py", "--check"], cwd=ROOT, check=False)

    assert checked.returncode == 0


def test_every_role_has_one_row_and_only_known_credentials() -> None:
    assert set(WHO_MAY) == set(get_args(Role))
    for row in WHO_MAY.values():
        assert set(row.to_attend) <= set(get_args(CredentialType))
        assert set(row.licensed_as) <= set(get_args(Profession))
        assert ("licence" in row.to_attend) == bool(row.licensed_as)


def test_every_type_is_signed_in_some_role_of_the_table() -> None:
    """But the revocation of a key, which its holder signs in whatever role they have."""
    signed = {tag for role in WHO_MAY for tag, _ in signed_in(role)}

    assert {tag for tag, kind in EVENT_TYPES.items() if kind.SIGNERS} - signed == {"key-revoked/1"}


def test_nobody_of_the_staff_signs_as_a_participant_and_no_participant_as_staff() -> None:
    for role in WHO_MAY:
        own = {signer.by for _, signer in signed_in(role)}
        if role in ("participant", "representative"):
            assert own <= {"subject", "slot", "person", "holder"}
        elif role != "service":
            assert "slot" not in own
            assert "person" not in own
