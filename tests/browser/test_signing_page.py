"""The signing module as a whole: how big it is, what it asks for, and where it works."""

from __future__ import annotations

import re
from typing import Any

from .conftest import STATIC

MODULE = sorted((STATIC / "signing").glob("*.js"))


def test_the_module_can_be_read_in_one_sitting() -> None:
    assert sum(file.stat().st_size for file in MODULE) < 30_000


def test_it_imports_nothing_but_itself() -> None:
    imported = {name for file in MODULE for name in re.findall(r'\bfrom "([^"]+)"', file.read_text(encoding="utf-8"))}

    assert imported <= {f"./{file.name}" for file in MODULE}


def test_it_asks_the_network_for_nothing_and_runs_no_text_as_code() -> None:
    # `import("…")` stands in comments, as a type.
    forbidden = re.compile(r"\bimport\((?!\"\./)|\b(?:eval|fetch|Function|WebSocket|XMLHttpRequest|sendBeacon)\b")

    assert [file.name for file in MODULE if forbidden.search(file.read_text(encoding="utf-8"))] == []


def test_every_file_loads_under_the_strict_policy_of_the_service(page: Any) -> None:
    names = page.evaluate(
        "names => Promise.all(names.map(async name => Object.keys(await import(`/static/signing/${name}`)).length))",
        [file.name for file in MODULE],
    )

    assert len(names) == len(MODULE) and all(names)
