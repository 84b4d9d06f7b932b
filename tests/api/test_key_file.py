"""Private keys in files: what opens them, and what does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.key_file import read_seed, write_key
from ledger.errors import Invalid, Refused
from tests.ledger.clinic import RN1, Entropy

SEED = bytes(range(32))


def never() -> str:
    raise AssertionError("nobody asks for a passphrase here")


def test_a_protected_key_opens_with_its_passphrase_and_no_other(tmp_path: Path) -> None:
    write_key(tmp_path / "k", SEED, RN1, "correct horse battery", Entropy())

    assert read_seed(tmp_path / "k", lambda: "correct horse battery") == SEED
    assert SEED.hex() not in (tmp_path / "k").read_text()
    with pytest.raises(Refused, match="passphrase"):
        read_seed(tmp_path / "k", lambda: "correct horse batterz")


def test_a_practice_key_asks_for_nothing(tmp_path: Path) -> None:
    write_key(tmp_path / "k", SEED, RN1, None, Entropy())

    assert read_seed(tmp_path / "k", never) == SEED


def test_a_key_file_is_only_for_its_owner_and_never_overwritten(tmp_path: Path) -> None:
    write_key(tmp_path / "folder/k", SEED, RN1, None, Entropy())

    assert (tmp_path / "folder/k").stat().st_mode & 0o777 == 0o600
    with pytest.raises(Refused, match="key-file-exists"):
        write_key(tmp_path / "folder/k", bytes(32), RN1, None, Entropy())
    assert read_seed(tmp_path / "folder/k", never) == SEED


@pytest.mark.parametrize("member", ["kid", "owner", "protection", "secret", "format"])
def test_a_changed_key_file_is_refused(tmp_path: Path, member: str) -> None:
    write_key(tmp_path / "k", SEED, RN1, "correct horse battery", Entropy())
    key = json.loads((tmp_path / "k").read_text())
    key[member] = key[member] | {"lanes": 2} if member == "protection" else "AAAA" + str(key[member])[4:]
    (tmp_path / "k").write_text(json.dumps(key))

    with pytest.raises((Refused, Invalid)):
        read_seed(tmp_path / "k", lambda: "correct horse battery")


@pytest.mark.parametrize("text", ["", "{}", "not json", "[1]", '{"format":"session-ledger/private-key/v1"}'])
def test_what_is_no_key_file_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "k").write_text(text)

    with pytest.raises(Invalid, match="key-file"):
        read_seed(tmp_path / "k", never)
    with pytest.raises(Refused, match="key-file-missing"):
        read_seed(tmp_path / "elsewhere", never)
