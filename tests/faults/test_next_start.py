"""The next start says what happened in one sentence, with code and remedy, as in the table of docs/operations.md."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from api.folder import Folder, open_ledger, open_recorder
from tests.faults.damages import DAMAGES, HOLDS, PAGE, overwrite, records, settle, start, verified
from tests.faults.nursery import Nursery
from tests.ledger.clinic import START, Entropy, SetClock

PAGE_OF_DOCS = Path(__file__).parents[2] / "docs/operations.md"
SECTION = PAGE_OF_DOCS.read_text(encoding="utf-8").split("## What it says at the next start")[1].split("\n## ")[0]
ROWS = {
    words: (at_start.strip("`"), at_verify.strip("`"), do)
    for words, at_start, at_verify, do in re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", SECTION, re.MULTILINE)
    if words != "what happened"
}


def test_the_table_has_every_damage_of_these_tests_and_no_other() -> None:
    assert list(ROWS) == list(DAMAGES)


@pytest.mark.parametrize("words", DAMAGES)
def test_after(words: str, nursery: Nursery, house: Path) -> None:
    DAMAGES[words](house, nursery)
    at_start, at_verify, do = ROWS[words]

    assert verified(house) == at_verify

    code, error = start(house)
    assert code == at_start
    assert do
    if error is not None:
        assert error.message.endswith(".")
        assert error.message.count(". ") == 0
        assert error.remedy.endswith(".")
        assert start(house)[0] == code  # and again: nothing was changed by saying so
    else:
        assert verified(house) == ("subject-key-missing" if "`subjects/`" in words else HOLDS)


def test_what_was_taken_up_at_the_start_is_counted(nursery: Nursery, house: Path) -> None:
    DAMAGES["killed between the commit and the signature"](house, nursery)

    assert [_taken_up(house), _taken_up(house)] == [1, 0]


def _taken_up(folder: Path) -> int:
    with closing(open_ledger(folder).store) as _:
        opened = open_ledger(folder)
        with closing(opened.store):
            return open_recorder(opened, SetClock(START), lambda: "", entropy=Entropy("taken up")).taken_up


def garble(folder: Path, random: Random) -> None:
    """Some bytes of the folder's files become others, as a dying disk or a stray program leaves them."""
    files = [folder / "ledger.db", folder / "ledger.db", folder / "ledger.db", Folder(folder).head]
    files += [file for file in (folder / "ledger.db-wal",) if file.exists()]
    for _ in range(random.randint(1, 3)):
        file = random.choice(files)
        size = file.stat().st_size
        length = min(random.choice([1, 16, 512, PAGE]), size)
        overwrite(file, random.randint(0, size - length), random.randbytes(length))


def any_damage_is_said_in_the_ledger_s_own_words(founded: Path, tmp_path: Path, nursery: Nursery, seeds: Any) -> None:
    grown = Path(shutil.copytree(founded, tmp_path / "grown"))
    records(nursery, grown, "grown")
    said = set()
    for seed in seeds:
        folder = Path(shutil.copytree(grown, tmp_path / "garbled"))
        random = Random(seed)
        if random.random() < 0.5:
            settle(folder)
        garble(folder, random)
        said.add(verified(folder))  # which fails on any other error than one of ours
        said.add(start(folder)[0])
        shutil.rmtree(folder)
    assert len(said) >= 4, said


def test_any_damage_is_said_in_the_ledger_s_own_words(founded: Path, tmp_path: Path, nursery: Nursery) -> None:
    any_damage_is_said_in_the_ledger_s_own_words(founded, tmp_path, nursery, range(60))


@pytest.mark.soak
def test_any_of_many_damages(founded: Path, tmp_path: Path, nursery: Nursery) -> None:
    any_damage_is_said_in_the_ledger_s_own_words(founded, tmp_path, nursery, range(1000, 2500))
