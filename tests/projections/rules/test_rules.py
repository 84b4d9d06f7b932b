"""What holds for every rule: its id, its page, its stories, its figures, and that it is a pure function."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.events.choices import Parameters2
from projections.compliance import rules
from projections.compliance.rule import AnyRule
from projections.compliance.rules import RULES
from tests.projections.rules.day import Day

ROOT = Path(__file__).parents[3]
FILES = sorted(file for file in Path(rules.__file__).parent.rglob("*.py") if file.name != "__init__.py")
PAGE = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
SHARED = {
    "CS-01": ("counts",),
    "REL-03": ("recovery",),
    "REL-07": ("no_drive",),
    "REL-13": ("no_drive",),
    "SUP-03": ("ratios",),
}
"""Modules of `projections.compliance` that read figures for more than one rule."""


def file_of(rule: AnyRule) -> Any:
    """The tests of a rule: `STORIES` there have a name, what makes the day, and what follows; also `MOMENTS`."""
    return importlib.import_module(f"tests.projections.rules.test_{rule.id.lower().replace('-', '_')}")


def stories_of(rule: AnyRule) -> list[Callable[[], Day]]:
    """What makes the day of each of its stories."""
    return [story[1] for story in file_of(rule).STORIES]


MOMENTS = ("09:30", "10:01", "10:21", "18:00", "17 18:00")

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def module_of(rule: AnyRule) -> Any:
    return inspect.getmodule(rule.judge)


def test_every_file_of_a_rule_is_in_the_list_once() -> None:
    assert sorted(Path(str(module_of(rule).__file__)) for rule in RULES) == FILES


def test_ids_are_unique() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


@each_rule
def test_a_rule_is_named_after_its_file_and_says_what_it_rests_on(rule: AnyRule) -> None:
    assert re.fullmatch(r"[A-Z]{2,4}-\d\d", rule.id)
    assert re.search(r"\[D\]|\d", rule.source), "a clause of a source, or that it is ours"
    assert module_of(rule).__name__.endswith(rule.id.lower().replace("-", "_"))
    assert rule.title.endswith(".")
    assert rule.source
    assert rule.version


@each_rule
def test_a_rule_has_its_section_with_figures_marked_as_ours(rule: AnyRule) -> None:
    section = PAGE.split(f"\n## {rule.id}\n")[1].split("\n## ")[0]

    assert rule.title in section
    for path in rule.parameters:
        assert re.search(rf"^\| `{re.escape(path)}` \| .+ \[D\] \|$", section, re.MULTILINE)


@each_rule
def test_its_parameters_are_those_it_reads(rule: AnyRule) -> None:
    names = {name for part in Parameters2.model_fields for name in type(getattr(Parameters2(), part)).model_fields}
    read = {
        node.attr
        for module in (
            module_of(rule),
            *(sys.modules[f"projections.compliance.{name}"] for name in SHARED.get(rule.id, ())),
        )
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Attribute) and node.attr in names
    }

    assert {path.split(".")[1] for path in rule.parameters} == read


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_there_is_no_number_in_a_rule(file: Path) -> None:
    numbers = [
        f"{file.name}:{node.lineno} {node.value}"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)
    ]

    assert numbers == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_rule_imports_no_other_rule_no_store_and_no_clock(file: Path) -> None:
    imported = [
        str(node.module)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
    ]

    forbidden = (
        "projections.compliance.rules",
        "projections.compliance.reader",
        "ledger.store",
        "time",
        "os",
        "random",
    )
    assert not [name for name in imported if name.startswith(forbidden)]


@each_rule
def test_there_is_a_story_for_every_verdict_it_says_it_gives_and_it_gives_no_other(rule: AnyRule) -> None:
    given = {
        finding.verdict
        for story in stories_of(rule)
        for day in (story(),)
        for moment in (*MOMENTS, *getattr(file_of(rule), "MOMENTS", ()))
        for finding in day.findings(rule.id, as_of=moment)
    }

    assert given == set(rule.verdicts)


@each_rule
def test_no_two_findings_of_a_story_share_an_identity_and_asking_again_changes_nothing(rule: AnyRule) -> None:
    for story in stories_of(rule):
        day = story()
        found = day.findings()
        assert len({finding.identity for finding in found}) == len(found)
        assert found == day.findings()


@each_rule
def test_evidence_was_known_and_had_happened_by_then(rule: AnyRule) -> None:
    for story in stories_of(rule):
        day = story()
        for size in range(len(day.placed) + 1):
            for finding in day.findings(rule.id, known_at=size):
                assert all(position < size for position in finding.evidence)


def test_the_page_is_what_the_rules_say() -> None:
    checked = subprocess.run([sys.executable, "docs/generate_rules.py", "--check"], cwd=ROOT, check=False)

    assert checked.returncode == 0
