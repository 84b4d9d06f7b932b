"""`docs/format.md` recomputes the worked example: its Python runs, and its figures are those of the example file."""

from __future__ import annotations

import ast
import json
import os
import re
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ledger.events.dosing import DoseAdministered
from ledger.events.fields import FieldClass
from ledger.tlog.proofs import prove_consistency, prove_inclusion
from ledger.tlog.tiles import RightEdge, grow

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/format.md").read_text(encoding="utf-8")
EXAMPLE_TEXT = (ROOT / "tests/vectors/format-v1/example.json").read_text(encoding="utf-8")
EXAMPLE: dict[str, Any] = json.loads(EXAMPLE_TEXT)
SNIPPETS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def verifier() -> dict[str, Any]:
    """What the page defines, after all its Python ran in order, in the folder it says."""
    before = Path.cwd()
    names: dict[str, Any] = {"__name__": "docs.format"}
    try:
        os.chdir(ROOT)
        for number, snippet in enumerate(SNIPPETS, 1):
            exec(compile(snippet, f"docs/format.md, Python block {number}", "exec"), names)  # noqa: S102
    finally:
        os.chdir(before)
    return names


def test_the_page_imports_the_standard_library_and_cryptography_alone() -> None:
    imported = set()
    for node in (node for snippet in SNIPPETS for node in ast.walk(ast.parse(snippet))):
        match node:
            case ast.ImportFrom(module=str(module)):
                imported.add(module.partition(".")[0])
            case ast.Import(names=names):
                imported |= {alias.name.partition(".")[0] for alias in names}
            case _:
                pass

    assert imported - set(sys.stdlib_module_names) == {"cryptography"}


def test_the_page_computes_digest_dig_leaf_root_receipt_and_heads(verifier: dict[str, Any]) -> None:
    dose = EXAMPLE["events"][1]

    assert verifier["digest_of"](EXAMPLE["block"]["text"]) == EXAMPLE["block"]["digest"]
    assert verifier["dig_of"](dose["payload"].encode()) == dose["dig"]
    assert verifier["leaf_of"](dose["entry"].encode()).hex() == dose["leaf"]
    assert verifier["root_of"](verifier["leaves"]).hex() == EXAMPLE["extension"]["tree4"]["root"]
    assert verifier["check_receipt"](EXAMPLE["tree2"]["receipt_for_1"], EXAMPLE["log"]["vkey"])[0] == 1
    assert verifier["ends"]["keys"] == 2


def test_the_page_refuses_all_27_inputs_and_explains_each(verifier: dict[str, Any]) -> None:
    failing = EXAMPLE["must_fail"]
    names = {*failing, *failing["events"], *failing["payloads"]} - {"events", "payloads"}

    assert len(names) == 27
    assert verifier["refused"] == names
    rows = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    assert names <= rows, f"not in the table of section 16: {sorted(names - rows)}"


@pytest.mark.parametrize("at", [5, 40, 200, -3])
def test_the_page_refuses_a_changed_byte_of_every_part(verifier: dict[str, Any], at: int) -> None:
    dose = EXAMPLE["events"][1]
    good = [dose["envelope"], dose["entry"], EXAMPLE["block"]["text"]]
    for part in range(3):
        changed = list(good)
        text = bytearray(changed[part].encode())
        text[at % len(text)] ^= 1
        changed[part] = text.decode("latin-1")
        with pytest.raises((ValueError, KeyError, TypeError)):
            verifier["accept"](changed[0].encode("latin-1"), changed[1].encode("latin-1"), [changed[2]])


def test_a_shortened_or_lengthened_proof_is_refused(verifier: dict[str, Any]) -> None:
    leaves, root = verifier["leaves"], verifier["root_of"](verifier["leaves"])
    proof = [leaves[0], verifier["node_of"](leaves[2], leaves[3])]
    verifier["check_inclusion"](leaves[1], 1, 4, proof, root)
    for bad in (proof[:1], [*proof, leaves[0]], proof[::-1]):
        with pytest.raises(ValueError, match="inclusion"):
            verifier["check_inclusion"](leaves[1], 1, 4, bad, root)
    good = [verifier["from_base64"](text) for text in EXAMPLE["extension"]["tree4"]["consistency_2_4"]]
    old = verifier["root_of"](leaves[:2])
    for bad in ([], [*good, leaves[0]], [leaves[0]]):
        with pytest.raises(ValueError, match="consistency"):
            verifier["check_consistency"](2, old, 4, root, bad)


def _tile(stored: Mapping[tuple[int, int], bytes], level: int, index: int) -> bytes:
    return stored[level, index]


def test_proofs_of_every_small_tree_agree_with_ours(verifier: dict[str, Any]) -> None:
    """The page's loops and the product's recursion are two independent readings of the RFC."""
    leaves = [verifier["leaf_of"](b"%d" % n) for n in range(20)]
    for size in range(1, 21):
        stored = grow(RightEdge.empty(), leaves[:size]).tiles
        read_tile = partial(_tile, stored)
        root = verifier["root_of"](leaves[:size])
        for at in range(size):
            proof = prove_inclusion(at, size, read_tile)
            verifier["check_inclusion"](leaves[at], at, size, proof, root)
            old = verifier["root_of"](leaves[: at + 1])
            consistent = prove_consistency(at + 1, size, read_tile)
            verifier["check_consistency"](at + 1, old, size, root, list(consistent))


def test_every_hash_on_the_page_is_in_the_example() -> None:
    unknown = [value for value in re.findall(r"\b[0-9a-f]{64}\b", PAGE) if value not in EXAMPLE_TEXT]

    assert unknown == []


def test_the_differences_to_the_catalogue_are_those_the_page_names() -> None:
    body = set(json.loads(EXAMPLE["events"][1]["payload"])["body"])
    block = set(json.loads(EXAMPLE["block"]["json"])[2])
    privacy = {
        name: next(item.privacy for item in field.metadata if isinstance(item, FieldClass))
        for name, field in DoseAdministered.model_fields.items()
        if name != "type"
    }
    opened = {name for name, kind in privacy.items() if kind == "open"}
    clinical = {name for name, kind in privacy.items() if kind == "clinical"}

    section = PAGE.partition("## 17.")[2].partition("## 18.")[0]
    row = {line.split("|")[1].strip(): line for line in section.splitlines() if line.startswith("| ")}
    assert re.findall(r"\w+", row["open body"].split("|")[3]) == sorted(opened - body)
    named = re.findall(r"\w+", row["block `a/clinical`"].split("|")[3].partition(";")[0])
    assert named == sorted(clinical - block)
    assert block - clinical == {"note"}
