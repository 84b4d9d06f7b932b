"""A copy that was handed out is checked by anybody, with the file and the pinned key alone."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.commands import main
from ledger.events.base import Event
from tests.api.web.practice import NURSE, Practice, Screen
from tests.api.web.test_copies import COPY, lines, records
from tests.ledger.clinic import PT1, RN1, SESSION, SLOT_A, SLOT_B, Who, dose, make

__all__ = ["records"]  # the fixture

Check = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture
def check(practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Check:
    """Exit code, JSON and words of the check of these bytes."""

    def run(content: bytes, pin: Path | None = None) -> tuple[int, dict[str, Any], str]:
        file = tmp_path / "copy.jsonl"
        file.write_bytes(content)
        told: list[Any] = []
        for words in (("--json",), ()):
            known = pin or practice.opened.folder.pin_file
            monkeypatch.setattr(sys, "argv", ["session-ledger", "check-copy", str(file), "--pin", str(known), *words])
            with pytest.raises(SystemExit) as ended:
                main()
            captured = capsys.readouterr()
            told += [ended.value.code or 0, captured.out or captured.err]
        assert told[0] == told[2]
        try:
            return int(told[0]), json.loads(told[1]), told[3]
        except ValueError:
            return int(told[0]), {}, told[1] + told[3]

    return run


def put(practice: Practice, event: Event, stream: str, who: Who) -> int:
    done = practice.service.recorder.record([practice.clinic.submission(event, stream, [who])])[0]
    practice.clinic.clock.forward(minutes=1)
    practice.service.look()
    return done.position


def written(parts: list[Any]) -> bytes:
    return b"".join(json.dumps(each, separators=(",", ":")).encode() + b"\n" for each in parts)


def test_a_copy_of_a_session_and_of_one_partner_holds_and_says_so_in_plain_words(records: Screen, check: Check) -> None:
    for partner in ("", "&partner=a"):
        purpose = "own-record" if partner else "legal"
        code, told, words = check(records.get(f"{COPY}?purpose={purpose}{partner}").content)

        assert (code, told["holds"], told["problems"]) == (0, True, [])
        assert told["session"] == SESSION
        assert told["partner"] == ("a" if partner else None)
        assert told["signed"] >= told["entries"] > 0
        assert "Verified: this copy is what was signed" in words
        assert "Traceback" not in words


def test_a_partners_copy_brings_no_key_of_the_other(records: Screen) -> None:
    text = records.get(f"{COPY}?purpose=own-record&partner=a").text

    first, *_ = lines(text)
    assert len(first["keys"]) > 1
    assert SLOT_B not in json.dumps(first)
    owners = {key["position"] for key in first["keys"]}
    assert 0 in owners


def test_the_copy_of_the_log_is_audited_whole(records: Screen, check: Check) -> None:
    code, told, words = check(records.get("/v1/log/copy?purpose=audit").content)

    assert (code, told["holds"], told["what"]) == (0, True, "log")
    assert told["entries"] == told["size"]
    assert told["absent"]["withheld"] > 0
    assert "A copy of the log" in words


def _change(parts: list[Any], what: str) -> None:
    """One thing done to a copy by whoever passes it on."""
    first, entries = parts[0], parts[1:]
    dosed = next(each for each in entries if each["type"] == "dose-administered/1")
    match what:
        case "an entry is left out":
            parts.remove(dosed)
        case "an entry is left out, and the number put right":
            parts.remove(dosed)
            first["entries"] -= 1
        case "two entries are swapped":
            parts[1], parts[2] = parts[2], parts[1]
        case "an envelope is another's":
            dosed["envelope"] = next(each for each in entries if each is not dosed)["envelope"]
        case "a sealed part is another's":
            dosed["blocks"] = [text for each in entries if each is not dosed for text in each["blocks"]][:1]
        case "a byte of a signature":
            at = dosed["envelope"].index('"sig":"') + 9
            flipped = "A" if dosed["envelope"][at] != "A" else "B"
            dosed["envelope"] = dosed["envelope"][:at] + flipped + dosed["envelope"][at + 1 :]
        case "a receipt is another's":
            dosed["receipt"] = next(each for each in entries if each is not dosed)["receipt"]
        case "no receipt":
            del dosed["receipt"]
        case "an enrolment is left out":
            first["keys"] = [each for each in first["keys"] if each["position"] != first["keys"][-1]["position"]]
        case "the first entry of all is left out":
            first["keys"] = first["keys"][1:]
        case "its partner is the other":
            first["partner"] = "b"
        case "it says it is of another record":
            first["records"] = [f"{SESSION}/b"]
        case "a line is no entry":
            parts.insert(2, [])


CHANGES = (
    "an entry is left out",
    "an entry is left out, and the number put right",
    "two entries are swapped",
    "an envelope is another's",
    "a sealed part is another's",
    "a byte of a signature",
    "a receipt is another's",
    "no receipt",
    "an enrolment is left out",
    "the first entry of all is left out",
    "its partner is the other",
    "it says it is of another record",
    "a line is no entry",
)


def test_whatever_is_done_to_a_copy_is_found(practice: Practice, records: Screen, check: Check) -> None:
    put(practice, dose("50"), SLOT_A, NURSE)
    whole = records.get(f"{COPY}?purpose=own-record&partner=a").text
    assert check(written(lines(whole)))[0] == 0
    for what in CHANGES:
        parts = lines(whole)
        _change(parts, what)

        code, told, words = check(written(parts))

        assert (code, told["holds"]) == (40, False), what
        assert told["problems"][0]["message"]
        assert "NOT VERIFIED" in words


def test_nor_is_anything_done_to_a_copy_of_the_log(records: Screen, check: Check) -> None:
    whole = records.get("/v1/log/copy?purpose=audit").text
    short, changed = lines(whole), lines(whole)
    short.pop(6)
    changed[6]["envelope"] = changed[7]["envelope"]
    for parts in (short, changed):
        code, told, _ = check(written(parts))
        assert (code, told["holds"]) == (40, False)
        assert told["problems"]

    code, _, words = check(records.get("/v1/log/copy?purpose=audit&start=5").content)
    assert (code, "copy-begins-later" in words) == (2, True)


def test_what_is_no_copy_or_another_ledgers_is_refused(
    records: Screen, check: Check, practice: Practice, tmp_path: Path
) -> None:
    parts = lines(records.get(f"{COPY}?purpose=legal").text)
    for content in (b"", b"not a copy\n", b"[]\n", written([parts[0] | {"copy": "other/v1"}])):
        code, _, words = check(content)
        assert (code, "copy-format" in words) == (2, True), content
    known = json.loads(practice.opened.folder.pin_file.read_bytes())
    other = tmp_path / "other.json"
    other.write_text(json.dumps(known | {"origin": known["origin"][:-4] + "0000"}))
    code, _, words = check(written(parts), other)
    assert (code, "other-ledger" in words) == (2, True)


def test_a_signature_by_a_key_that_was_suspect_is_told(practice: Practice, records: Screen, check: Check) -> None:
    given = put(practice, dose("50"), SLOT_A, NURSE)
    event = make("key-revoked/1", key=practice.clinic.keys[RN1].kid, reason="stolen", suspect_from=given)
    put(practice, event, "keys", (PT1, "revoked", "security-officer"))

    code, told, words = check(records.get(f"{COPY}?purpose=own-record&partner=a").content)

    assert (code, told["holds"]) == (20, True)
    assert given in told["doubted"]
    assert "suspect or revoked" in words
