"""The signed bytes of every type, frozen: a type that was published never changes."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from ledger.envelope import check_signatures, parse_envelope
from ledger.events import EVENT_TYPES
from tests.ledger.events.examples import EXAMPLES, key_of, sealed

GOLDEN = Path(__file__).parents[2] / "golden"


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_events", GOLDEN / "make_events.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make_events = _script()


@pytest.mark.parametrize("tag", EVENT_TYPES)
def test_every_type_has_an_example_and_its_frozen_bytes(tag: str) -> None:
    path = GOLDEN / "events" / make_events.file_name(tag)

    assert tag in EXAMPLES, f"add an example of {tag} to tests/ledger/events/examples.py"
    assert path.exists(), f"freeze the bytes of {tag}: python tests/golden/make_events.py"
    assert path.read_bytes() == make_events.golden(EXAMPLES[tag]).encode()


def test_every_golden_file_belongs_to_a_type() -> None:
    known = {make_events.file_name(tag) for tag in EVENT_TYPES}

    assert {path.name for path in (GOLDEN / "events").iterdir()} == known
    assert list(EXAMPLES) == list(dict.fromkeys(EXAMPLES)) and set(EXAMPLES) == set(EVENT_TYPES)


@pytest.mark.parametrize("tag", EVENT_TYPES)
def test_the_frozen_signatures_verify(tag: str) -> None:
    content = json.loads((GOLDEN / "events" / make_events.file_name(tag)).read_bytes())
    public_keys = {key_of(owner).kid: key_of(owner).public for owner, _, _ in EXAMPLES[tag].signed}

    envelope = parse_envelope(content["envelope"].encode())

    check_signatures(envelope, public_keys.get)
    assert envelope.dig == content["dig"]
    assert envelope.payload_bytes.decode() == content["payload"]
    assert list(envelope.payload.blocks) == sorted(block["digest"] for block in content["blocks"])


def test_an_example_is_made_the_same_twice() -> None:
    assert all(sealed(example) == sealed(example) for example in EXAMPLES.values())


def test_the_generator_refuses_to_change_a_golden_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(make_events, "FOLDER", tmp_path)
    assert make_events.main([]) == 0
    changed = tmp_path / "dose-administered.1.json"
    changed.write_text("{}\n")

    assert make_events.main([]) == 1
    assert "dose-administered.1.json" in capsys.readouterr().err
    assert changed.read_text() == "{}\n"
    assert make_events.main(["--overwrite"]) == 0
    assert changed.read_text() == make_events.golden(EXAMPLES["dose-administered/1"])
