"""`docs/events.md` says what the classes say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ledger.events import EVENT_TYPES

DOCS = Path(__file__).parents[3] / "docs"


def test_the_page_is_what_the_classes_say() -> None:
    run = subprocess.run(
        [sys.executable, str(DOCS / "generate_events.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr


def test_the_page_has_every_type() -> None:
    page = (DOCS / "events.md").read_text(encoding="utf-8")

    assert [tag for tag in EVENT_TYPES if f"\n### {tag}\n" not in page] == []
