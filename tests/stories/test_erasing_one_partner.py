"""
The retreat weekend, served; then one of the two is erased, by the command, in another process.

Given every byte of the ledger and every answer of the service before; when one partner was erased; then what
was signed is what it was, nothing of that person can be read anywhere, and the other's record is whole.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.commands.report import report_as_json
from api.commands.verify import verify_folder
from api.folder import Folder
from api.play_story import StoryLedger, play_story
from api.story.script import read_script
from api.web.app import create_app
from api.web.service import Service
from ledger.block import Block, parse_block
from ledger.errors import Refused
from ledger.events.fields import Gone
from ledger.follow import events_from, log_rows
from ledger.reading import PlacedEvent
from ledger.store.sqlite import open_sqlite
from ledger.store.subject_keys import FolderSubjectKeys
from ledger.tlog.note import parse_vkey
from ledger.tlog.receipt import check_receipt, parse_receipt
from projections import VIEWS
from projections.runner import Runner
from projections.tables import ViewDatabase
from tests.api.web.practice import PASSWORD, PIN, QUICK, Screen, until
from tests.conftest import WEEKEND
from tests.ledger.clinic import Entropy
from tests.projections.house import digests

TABLES = ("events", "heads_entries", "blocks", "checkpoints", "tiles")
ROUTES = (
    "/v1/sessions",
    "/v1/sessions/{Sat}/timeline",
    "/v1/sessions/{Sun}/timeline",
    "/v1/sessions/{Sat}/timeline?partner=a",
    "/v1/sessions/{Sat}/timeline?partner=b",
    "/v1/sessions/{Sat}/room",
    "/v1/sessions/{Sun}/room",
    "/v1/sessions/{Sat}/terms",
    "/v1/couples/C-07/history",
    "/v1/couples/C-07/history?partner=a",
    "/v1/couples/C-07/history?partner=b",
    "/v1/findings",
    "/v1/floor",
)
EVERYWHERE = {b"refused"}
"""Codes that are also the name of a table."""

SEARCH = """
import json, sys
from pathlib import Path
files = [path for path in Path(sys.argv[1]).rglob("*") if path.is_file()]
data = [path.read_bytes() for path in files]
words = json.load(sys.stdin)
found = [word for word in words if any(bytes.fromhex(word) in each for each in data)]
print(json.dumps({"files": [path.name for path in files], "found": found}))
"""
"""A process of its own: whoever closes a file of SQLite loses the locks that the same process holds on it."""


@dataclass
class Weekend:
    """The weekend before and after the erasure of `erased`; `kept` is the other one, in the slot `other`."""

    root: Path
    story: StoryLedger
    client: TestClient
    screen: Screen
    erased: str
    kept: str
    other: str
    words: list[bytes] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Folder:
        return self.story.ledger.folder

    @property
    def person(self) -> str:
        return self.story.player.ids[self.erased]

    def ask(self, route: str) -> Any:
        ids = {name: value.rpartition("/")[2] for name, value in self.story.player.ids.items()}
        answer = self.screen.get(route.format(**ids))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def answers(self) -> dict[str, Any]:
        return {route: self.ask(route) for route in ROUTES}

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of the log, as it lies in the file."""
        with closing(sqlite3.connect(f"file:{self.folder.database}?mode=ro", uri=True)) as connection:
            return {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}

    def events(self, root: Path | None = None) -> list[PlacedEvent]:
        opened = self.story.ledger
        keys = FolderSubjectKeys((root or self.root) / "subjects", (root or self.root) / "epoch")
        return list(events_from(opened.store, keys, 0, 5000))

    def found(self, words: list[bytes] | None = None) -> set[bytes]:
        """The words of the erased person that stand anywhere in any file of the ledger's folder."""
        looked_for = self.words if words is None else words
        done = subprocess.run(
            [sys.executable, "-c", SEARCH, str(self.root)],
            input=json.dumps([word.hex() for word in looked_for]),
            capture_output=True,
            text=True,
            check=True,
        )
        said = json.loads(done.stdout)
        assert {"ledger.db", "views.db", "accounts.db", "head"} <= set(said["files"])
        return {bytes.fromhex(word) for word in said["found"]}


def blocks_of(weekend: Weekend, person: str) -> list[Block]:
    """The opened blocks of a person."""
    opened = weekend.story.ledger
    texts = {digest: text for row in log_rows(opened.store, opened.subject_keys) for digest, text in row.blocks.items()}
    found = [texts[digest] for digest, _ in opened.store.blocks_about(person)]
    assert all(isinstance(text, str) for text in found)
    return [parse_block(str(text)) for text in found]


def leaves(value: Any) -> Iterator[str]:
    """Every text in a sealed value, and a blood pressure as people write it."""
    if isinstance(value, dict):
        if {"systolic", "diastolic"} <= value.keys():
            yield f"{value['systolic']}/{value['diastolic']}"
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)
    elif isinstance(value, str):
        yield value


def telling(weekend: Weekend, person: str, other: str) -> list[bytes]:
    """What tells of one person alone: sealed texts in none of the other ("male" in "female"), and not in the open."""
    mine = {text for block in blocks_of(weekend, person) for text in leaves(block.value)}
    theirs = {text for block in blocks_of(weekend, other) for text in leaves(block.value)}
    opened = b"".join(bytes(row[9]) for row in weekend.before["tables"]["events"])
    open_text = b" ".join(json.dumps(e.payload.body).encode() for e in weekend.events()) + opened
    names = set(weekend.story.player.ids.values()) | {e.dig for e in weekend.events()}
    names |= {e.payload.id for e in weekend.events()}
    alone = (text for text in mine - names if not any(text in other_text for other_text in theirs))
    words = {text.encode() for text in alone if len(text) >= 4}
    return sorted(word for word in words if word not in open_text and word not in EVERYWHERE)


@pytest.fixture(scope="module", params=["Ben", "Ana"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weekend]:
    """The weekend is over and is being served; everything that will be compared was written down."""
    root = tmp_path_factory.mktemp("erasing") / "ledger"
    story = play_story(read_script(WEEKEND), root, Entropy("erasing"))
    (root / "policy.json").write_text('{"retention": {"chart_years": 0, "controlled_years": 0}}')
    app = create_app(story.ledger, story.recorder, story.player.clock, QUICK)
    service: Service = app.state.service
    nurse = story.player.ids["RN1"]
    service.accounts.accept(service.accounts.invite(nurse, ["nurse"]), PASSWORD, PIN)
    erased, kept, other = ("Ben", "Ana", "a") if request.param == "Ben" else ("Ana", "Ben", "b")
    with TestClient(app) as client:
        screen = Screen(client)
        assert screen.sign_in(nurse).status_code == 200
        weekend = Weekend(root, story, client, screen, erased, kept, other)
        weekend.before = {
            "tables": weekend.tables(),
            "answers": weekend.answers(),
            "events": weekend.events(),
            "receipts": [story.recorder.receipt(position) for position in range(story.ledger.store.head().size)],
        }
        weekend.words = telling(weekend, weekend.person, story.player.ids[kept])
        weekend.before["found"] = weekend.found()
        weekend.before["texts"] = [block.text.encode() for block in blocks_of(weekend, weekend.person)]
        subprocess.run(["cp", "-r", str(root), str(root.with_name("backup"))], check=True)
        weekend.before["dry run"] = command(weekend, "erase", str(root), weekend.person, "--json")
        weekend.before["untouched"] = weekend.tables() == weekend.before["tables"]
        weekend.before["act"] = command(weekend, "erase", str(root), weekend.person, *two_keys(weekend), "--json")
        weekend.before["at once"] = weekend.answers()
        yield weekend
    story.ledger.store.close()


def two_keys(weekend: Weekend) -> tuple[str, ...]:
    ids, folder = weekend.story.player.ids, weekend.folder
    privacy, second = folder.person_key(ids["PT1"]), folder.person_key(ids["MD1"])
    return ("--privacy-key", str(privacy), "--second-key", str(second), "--second-role", "medical-director")


def command(weekend: Weekend, *words: str) -> Any:
    """What the command answers, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", "from api.commands import main; main()", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads(done.stdout)


# -- before


def test_the_dry_run_says_what_would_go_and_changes_nothing(served: Weekend) -> None:
    said = served.before["dry run"]

    assert said["blocks"] == len(served.story.ledger.store.blocks_about(served.person))
    assert len(said["sessions"]) == 2
    assert said["objections"] == []
    assert said["events"]["dose-administered/1"] > 0
    assert served.before["untouched"]


def test_before_it_words_of_the_person_do_stand_in_the_views(served: Weekend) -> None:
    """So that the search below can fail."""
    assert len(served.words) > 15
    assert len(served.before["found"]) >= 4
    assert any(b"/" in word and word.replace(b"/", b"").isdigit() for word in served.before["found"])


# -- (a) what was signed is what it was


def test_every_row_of_the_log_is_byte_for_byte_what_it_was(served: Weekend) -> None:
    after = served.tables()

    for table in ("events", "heads_entries", "blocks", "checkpoints"):
        before = served.before["tables"][table]
        assert after[table][: len(before)] == before
    new = [row[3] for row in after["events"][len(served.before["tables"]["events"]) :]]
    assert new[-1] == "subject-erased/1"
    assert set(new[:-1]) == {"verdicts-kept/1", "record-verdicts-kept/1"}
    tiles = {row[:2]: row[2] for row in after["tiles"]}
    for level, tile, data in served.before["tables"]["tiles"]:
        assert tiles[level, tile].startswith(data)


def test_every_old_receipt_still_proves_its_entry(served: Weekend) -> None:
    pin = served.story.ledger.pin
    for position, text in enumerate(served.before["receipts"]):
        receipt = parse_receipt(text)
        assert receipt.position == position
        assert check_receipt(receipt, [parse_vkey(pin.vkey)], pin.origin).size > position


def test_verify_counts_what_is_erased_and_all_of_it_holds(served: Weekend) -> None:
    report = verify_folder(served.root)

    assert report.holds, report.first
    assert report.erased == len(served.before["texts"])
    assert report.withheld == 0
    assert report_as_json(report)["erased_blocks"] == report.erased
    assert verify_folder(served.root, without_keys=True).holds


def test_the_event_names_nobody_in_the_open_and_two_people_signed_it(served: Weekend) -> None:
    (erasure,) = [placed for placed in served.events() if placed.payload.type == "subject-erased/1"]

    assert erasure.stream == served.person
    assert set(erasure.payload.body) == {"blocks"}
    assert set(erasure.payload.body["blocks"]) == {"count", "root"}
    assert erasure.payload.blocks == ()
    ids = served.story.player.ids
    assert [signer.by for signer in erasure.payload.attested] == [ids["PT1"], ids["MD1"]]
    assert erasure.position == served.before["act"]["erased_at"]


# -- (b) nothing of the person is left in any file


def test_no_file_of_the_folder_holds_a_word_of_the_person(served: Weekend) -> None:
    until(lambda: not served.found())
    assert served.found() == set()


def test_nor_the_text_of_any_of_their_blocks(served: Weekend) -> None:
    assert served.found(served.before["texts"]) == set()


# -- (c) the other's record is whole


def test_the_other_reads_exactly_what_they_read_before(served: Weekend) -> None:
    for route in (
        f"/v1/sessions/{{Sat}}/timeline?partner={served.other}",
        f"/v1/couples/C-07/history?partner={served.other}",
    ):
        before, after = served.before["answers"][route], served.before["at once"][route]
        assert without_position(strip_shared(before)) == without_position(strip_shared(after))


def test_every_event_of_the_other_reads_as_before(served: Weekend) -> None:
    other = served.story.player.ids[served.kept]
    digests_of_other = {digest for digest, _ in served.story.ledger.store.blocks_about(other)}
    assert digests_of_other
    after = {placed.position: placed for placed in served.events()}
    mine = f"/{served.other}"
    for placed in served.before["events"]:
        if placed.stream == other or placed.stream.endswith(mine) or not gone(after[placed.position]):
            assert after[placed.position] == placed


def test_for_staff_the_rows_of_the_other_and_the_joint_facts_are_what_they_were(served: Weekend) -> None:
    for title in ("Sat", "Sun"):
        route = f"/v1/sessions/{{{title}}}/timeline"
        before, after = served.before["answers"][route]["rows"], served.before["at once"][route]["rows"]
        assert [row["position"] for row in before] == [row["position"] for row in after]
        kept = [(b, a) for b, a in zip(before, after, strict=True) if b["slot"] == served.other]
        assert len(kept) > 10
        assert all(b == a for b, a in kept)
        gone_rows = [
            a for b, a in zip(before, after, strict=True) if b["slot"] not in (served.other, "both") and a != b
        ]
        assert gone_rows
        assert [row for row in gone_rows if "erased" not in row["phrase"]] == []


def gone(placed: PlacedEvent) -> set[str]:
    values = (getattr(placed.event, name) for name in type(placed.event).model_fields)
    return {value.why for value in values if isinstance(value, Gone)}


def without_position(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "position"}


def strip_shared(answer: dict[str, Any]) -> dict[str, Any]:
    """What the other one shared is theirs, and goes with them."""
    sessions = answer.get("sessions")
    if sessions is None:
        return answer
    return answer | {"sessions": [{k: v for k, v in each.items() if k != "shared"} for each in sessions]}


# -- (d) the running service


def test_the_running_service_answers_erased_right_after(served: Weekend) -> None:
    answers = json.dumps(served.before["at once"], ensure_ascii=False).encode()
    codes = {b"withheld", b"asked"}  # also the word for what is not for this reader, and of other sentences

    assert [word for word in served.words if word in answers and word not in codes] == []
    before = json.dumps(served.before["answers"], ensure_ascii=False).encode()
    assert len([word for word in served.words if word in before]) >= 4
    slot = "b" if served.other == "a" else "a"
    vitals = served.before["at once"]["/v1/sessions/{Sat}/room"]["partners"][slot]["last_vitals"]
    assert vitals["values"]["blood_pressure"] == {"gone": "erased"}


def test_what_the_rules_said_of_both_stands_as_last_judged(served: Weekend) -> None:
    def verdicts(answers: dict[str, Any], slot: str) -> list[tuple[str, str, str]]:
        findings = answers["/v1/findings"]["findings"]
        return sorted((f["id"], f["rule"], f["verdict"]) for f in findings if f["slot"] == slot)

    mine, theirs = served.other, "b" if served.other == "a" else "a"
    before, after = served.before["answers"], served.before["at once"]
    for slot in (mine, theirs, ""):
        assert verdicts(before, slot) == verdicts(after, slot)
    kept = [f for f in after["/v1/findings"]["findings"] if "As last judged on" in f["sentence"]]
    assert len(kept) > 5
    assert {f["sentence"].partition("; ")[2] for f in kept} == {"values erased."}
    assert not any(word.decode() in f["sentence"] for f in kept for word in served.words)


def test_nothing_more_is_sealed_for_the_person_by_the_running_service(served: Weekend) -> None:
    assert served.story.ledger.subject_keys.key_of(served.person) is None
    assert served.story.ledger.subject_keys.key_of(served.story.player.ids[served.kept]) is not None


# -- (e) building again


def test_views_built_from_zero_are_the_views_there_are(served: Weekend) -> None:
    ledger = served.story.ledger
    fresh = ViewDatabase()
    Runner(fresh, ledger.store, ledger.subject_keys, VIEWS).catch_up()
    service: Service = served.client.app.state.service  # type: ignore[attr-defined]
    service.runner.catch_up()

    assert digests(fresh) == digests(service.database)


# -- (f) old copies


def test_an_old_backup_of_the_database_with_the_keys_of_now_opens_nothing_of_the_person(served: Weekend) -> None:
    old = served.root.with_name("backup")
    store = open_sqlite(old / "ledger.db")
    keys = FolderSubjectKeys(served.root / "subjects", served.root / "epoch")
    held = [placed for placed in events_from(store, keys, 0, 5000) if gone(placed)]
    texts = [text for row in log_rows(store, keys) for text in row.blocks.values() if isinstance(text, str)]
    store.close()

    assert {each.position for each in held} == {p for _, p in served.story.ledger.store.blocks_about(served.person)}
    assert not {text.encode() for text in texts} & set(served.before["texts"])


def test_an_old_backup_of_the_wrapped_keys_opens_nothing_at_all(served: Weekend, tmp_path: Path) -> None:
    old = served.root.with_name("backup")
    shutil.copytree(old / "subjects", tmp_path / "subjects")
    shutil.copytree(served.root / "epoch", tmp_path / "epoch")

    with pytest.raises(Refused) as caught:
        FolderSubjectKeys(tmp_path / "subjects", tmp_path / "epoch")

    assert caught.value.code == "epoch-key-missing"


def test_a_backup_that_holds_the_keys_of_the_epoch_as_well_undoes_the_erasure(served: Weekend) -> None:
    """Why `epoch/` is never backed up: said plainly, and shown."""
    old = served.root.with_name("backup")

    keys = FolderSubjectKeys(old / "subjects", old / "epoch")

    assert keys.key_of(served.person) is not None


# -- again


def test_the_same_command_again_finds_it_done(served: Weekend) -> None:
    said = command(served, "erase", str(served.root), served.person, "--json")

    assert said["erased_at"] == served.before["act"]["erased_at"]
    assert said["epoch"] == served.before["act"]["epoch"]
