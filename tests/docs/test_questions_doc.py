"""The page of questions is what the questions answer on the demo's weekend."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_is_what_the_questions_answer() -> None:
    checked = subprocess.run([sys.executable, "docs/generate_questions.py", "--check"], cwd=ROOT, check=False)

    assert checked.returncode == 0
