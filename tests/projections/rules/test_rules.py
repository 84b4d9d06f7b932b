"""What holds for every rule: its id, its page, its stories, its figures, and that it is a pure function."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.events.parameters import Parameters
from projections.compliance import rules
from projections.compliance.rule import Rule
from projections.compliance.rules import RULES
from tests.projections.rules import (
    test_rec_02,
    test_rec_03,
    test_rec_06,
    test_rec_07,
    test_rec_09,
    test_rec_17,
    test_rel_01,
    test_rel_07,
    test_sup_02,
    test_sup_05,
)
from tests.projections.rules.day import Day

ROOT = Path(__file__).parents[3]
FILES = sorted(file for file in Path(rules.__file__).parent.glob("*.py") if file.name != "__init__.py")
PAGE = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
STORIES: dict[str, list[Callable[[], Day]]] = {
    "SUP-02": [story for _, story, _, _ in test_sup_02.STORIES],
    "SUP-05": [story for _, story, _, _ in test_sup_05.STORIES],
    "REL-01": [story for _, story, _, _ in test_rel_01.STORIES],
    "REL-07": [story for _, story, _, _ in test_rel_07.STORIES],
    "REC-06": [story for _, story, _, _ in test_rec_06.STORIES],
    "REC-07": [story for _, story, _, _ in test_rec_07.STORIES],
    "REC-09": [story for _, story, _ in test_rec_09.STORIES],
    "REC-02": [story for _, story, _ in test_rec_02.STORIES],
    "REC-03": [story for _, story, _ in test_rec_03.STORIES],
    "REC-17": [story for _, story, _, _ in test_rec_17.STORIES],
}
MOMENTS = ("09:30", "10:01", "10:21", "18:00", "17 18:00")

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def module_of(rule: Rule) -> Any:
    return inspect.getmodule(rule.judge)


def test_every_file_of_a_rule_is_in_the_list_once() -> None:
    assert sorted(Path(str(module_of(rule).__file__)) for rule in RULES) == FILES


def test_ids_are_unique() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


@each_rule
def test_a_rule_is_named_after_its_file_and_says_what_it_rests_on(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z]{2,4}-\d\d", rule.id)
    assert module_of(rule).__name__.endswith(rule.id.lower().replace("-", "_"))
    assert rule.title.endswith(".")
    assert "[D]" in rule.source
    assert rule.version


@each_rule
def test_a_rule_has_its_section_with_figures_marked_as_ours(rule: Rule) -> None:
    section = PAGE.split(f"\n## {rule.id}\n")[1].split("\n## ")[0]

    assert rule.title in section
    for path in rule.parameters:
        assert re.search(rf"^\| `{re.escape(path)}` \| .+ \[D\] \|$", section, re.MULTILINE)


@each_rule
def test_its_parameters_are_those_it_reads(rule: Rule) -> None:
    names = {name for part in Parameters.model_fields for name in type(getattr(Parameters(), part)).model_fields}
    read = {
        node.attr
        for module in (module_of(rule), *([sys.modules["projections.compliance.no_drive"]] * (rule.id == "REL-07")))
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
def test_there_is_a_story_for_every_verdict_it_says_it_gives_and_it_gives_no_other(rule: Rule) -> None:
    given = {
        finding.verdict
        for story in STORIES[rule.id]
        for day in (story(),)
        for moment in MOMENTS
        for finding in day.findings(rule.id, as_of=moment)
    }

    assert given == set(rule.verdicts)


@each_rule
def test_no_two_findings_of_a_story_share_an_identity_and_asking_again_changes_nothing(rule: Rule) -> None:
    for story in STORIES[rule.id]:
        day = story()
        found = day.findings()
        assert len({finding.identity for finding in found}) == len(found)
        assert found == day.findings()


@each_rule
def test_evidence_was_known_and_had_happened_by_then(rule: Rule) -> None:
    for story in STORIES[rule.id]:
        day = story()
        for size in range(len(day.placed) + 1):
            for finding in day.findings(rule.id, known_at=size):
                assert all(position < size for position in finding.evidence)


def test_the_page_is_what_the_rules_say() -> None:
    checked = subprocess.run([sys.executable, "docs/generate_rules.py", "--check"], cwd=ROOT, check=False)

    assert checked.returncode == 0
