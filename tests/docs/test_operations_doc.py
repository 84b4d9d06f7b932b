"""`docs/operations.md`: its Python and shell lines do what the page says, on a real folder."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SHELL = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a practice ledger called `ledger`, as the page's examples have it."""
    root = tmp_path_factory.mktemp("operations")
    made = run(root, "session-ledger init ledger --organisation 'Test Clinic' --officer One --officer Two --practice")
    assert made.returncode == 0, made.stderr
    shutil.copy(root / "ledger/ledger.json", root / "my-own-ledger.json")
    return root


def run(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    """One shell line in this folder, with `session-ledger` being this checkout's."""
    command = f'"{sys.executable}" -c "from api.commands import main; main()"'
    return subprocess.run(  # noqa: S602  # the page's own lines
        line.replace("session-ledger ", f"{command} "),
        shell=True,
        cwd=folder,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "NO_COLOR": "1"},
        check=False,
    )


def test_the_shell_lines_work_in_order_and_the_kept_checkpoint_verifies(folder: Path) -> None:
    lines = [line for block in SHELL for line in block.splitlines() if line]
    assert len(lines) == 3

    for line in lines:
        result = run(folder, line)
        assert result.returncode == 0, f"{line}\n{result.stdout}{result.stderr}"

    assert (folder / "kept.checkpoint").read_text(encoding="utf-8").count("\n") == 5


def test_a_backup_verifies_in_a_folder_of_its_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    exec(compile(SNIPPETS[0], "docs/operations.md, backup", "exec"), {})  # noqa: S102
    (folder / "restored").mkdir()
    shutil.move(folder / "backup.db", folder / "restored/ledger.db")
    shutil.copy(folder / "ledger/ledger.json", folder / "restored/ledger.json")

    assert run(folder, "session-ledger verify restored").returncode == 0


def test_a_lost_head_is_made_again_from_a_kept_checkpoint(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = folder / "ledger/log/head"
    before = head.read_bytes()
    run(folder, "session-ledger receipt ledger 0 --out first.receipt")
    run(folder, "sed '1,/^$/d' first.receipt > kept.checkpoint")
    head.unlink()
    monkeypatch.chdir(folder)

    exec(compile(SNIPPETS[1], "docs/operations.md, lost head", "exec"), {})  # noqa: S102

    assert head.read_bytes() == before
