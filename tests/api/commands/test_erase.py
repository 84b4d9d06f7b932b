"""`session-ledger erase` and `rotate-epoch` as their users meet them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.commands import main, output
from api.folder import Folder
from api.play_story import StoryLedger, play_story
from api.story.script import read_script
from tests.conftest import WEEKEND
from tests.ledger.clinic import Entropy

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Type a command; its exit code and all it printed."""
    monkeypatch.setattr(output.out, "_width", 160)
    monkeypatch.setattr(output.err, "_width", 160)

    def type_in(*words: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["session-ledger", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out + captured.err

    return type_in


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> StoryLedger:
    """The weekend, under the periods that hold unless the clinic sets others."""
    played = play_story(read_script(WEEKEND), tmp_path_factory.mktemp("erase") / "ledger", Entropy("erase"))
    played.ledger.store.close()
    return played


def root_of(story: StoryLedger) -> Path:
    return story.ledger.folder.root


def keys_of(story: StoryLedger, first: str = "PT1", second: str = "MD1") -> list[str]:
    ids, folder = story.player.ids, Folder(root_of(story))
    files = (folder.person_key(ids[first]), folder.person_key(ids[second]))
    return ["--privacy-key", str(files[0]), "--second-key", str(files[1])]


def as_json(answer: tuple[int, str]) -> Any:
    """What was printed as JSON; that it is a practice ledger is said behind it, on standard error."""
    assert answer[0] == 0, answer[1]
    return json.JSONDecoder().raw_decode(answer[1])[0]


def test_without_a_person_everybody_is_listed(run: Run, story: StoryLedger) -> None:
    found = as_json(run("erase", root_of(story), "--json"))

    assert {(each["name"], each["state"]) for each in found} == {("Ana Almeida", "kept"), ("Ben Brandt", "kept")}
    code, text = run("erase", root_of(story))
    assert code == 0
    assert "Ana Almeida" in text


def test_without_keys_it_says_what_stands_against_it(run: Run, story: StoryLedger) -> None:
    person = story.player.ids["Ben"]

    code, text = run("erase", root_of(story), person.removeprefix("person/")[:8])

    assert code == 0
    assert "REC-13" in text
    assert "until 2036-05-2" in text
    assert "CS-09" in text


def test_with_two_keys_before_the_day_it_is_refused_and_nothing_has_changed(run: Run, story: StoryLedger) -> None:
    before = as_json(run("verify", root_of(story), "--json"))

    code, text = run("erase", root_of(story), story.player.ids["Ben"], *keys_of(story))

    assert code == 2
    assert "gate-closed" in text
    assert as_json(run("verify", root_of(story), "--json")) == before


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda keys: keys[:2], "two-people"),
        (lambda keys: [*keys, "--second-role", "nurse"], "two-people"),
        (lambda keys: [*keys[:3], keys[1]], "payload-format"),
    ],
    ids=["one key", "a role that may not", "one person twice"],
)
def test_it_takes_two_people_in_their_roles(
    run: Run, story: StoryLedger, change: Callable[[list[str]], list[str]], code: str
) -> None:
    ended, text = run("erase", root_of(story), story.player.ids["Ben"], *change(keys_of(story)))

    assert ended == 2
    assert code in text


@pytest.mark.parametrize(("person", "code"), [("person/nobody", "not-found"), ("", "ambiguous-code")])
def test_a_person_is_named_exactly(run: Run, story: StoryLedger, person: str, code: str) -> None:
    ended, text = run("erase", root_of(story), person, "--json")

    assert ended == 2
    assert json.JSONDecoder().raw_decode(text)[0]["error"]["code"] == code


def test_a_new_epoch_begins_on_command(run: Run, story: StoryLedger) -> None:
    before = as_json(run("verify", root_of(story), "--json"))
    (old,) = (root_of(story) / "epoch").iterdir()

    said = as_json(run("rotate-epoch", root_of(story), "--json"))

    assert said == {"epoch": int(old.stem) + 1, "practice": True}
    assert not old.exists()
    assert as_json(run("verify", root_of(story), "--json")) == before
