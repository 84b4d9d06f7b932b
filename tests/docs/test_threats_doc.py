"""`docs/threats.md` names every attack that is tested, and only tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/threats.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`(test_\w+)`", PAGE))


def _names_of_tests(file: Path) -> set[str]:
    """The names of the test functions of a file."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_attack_that_is_tested_stands_on_the_page() -> None:
    missing = sorted(_names_of_tests(ROOT / "tests/ledger/test_tampering.py") - NAMED)

    assert not missing, f"docs/threats.md does not name these attacks; add a row for each: {', '.join(missing)}"


def test_every_test_on_the_page_exists() -> None:
    known = set().union(*(_names_of_tests(file) for file in (ROOT / "tests").rglob("test_*.py")))
    gone = sorted(NAMED - known)

    assert not gone, f"docs/threats.md names tests that do not exist (renamed?): {', '.join(gone)}"
