"""The end of a retention in a real folder: nothing of the bytes is left in any file, and all proofs stay."""

from __future__ import annotations

import json
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

from api.commands import main
from api.commands.report import report_as_json
from api.commands.retention import end_retention
from api.commands.verify import verify_folder
from api.ending import finish_endings, signed_ending, unfinished_endings
from api.erasing import signed_verdicts
from api.folder import OpenLedger
from api.views import up_to_date
from api.web.app import create_app
from ledger.errors import TamperDetected
from ledger.events.expired import NoLongerKept
from ledger.events.kept_verdicts import VerdictsKept
from ledger.follow import events_from
from ledger.retention import retention_plan
from ledger.session import replay
from ledger.store.port import EventRow
from ledger.tlog.note import parse_vkey
from ledger.tlog.receipt import check_receipt, parse_receipt
from projections.compliance.as_last_judged import LastJudged
from projections.compliance.finding import Finding
from projections.compliance.keeping import resting_on_ending
from projections.compliance.reader import Compliance
from projections.session_list import sessions
from projections.session_timeline import timeline
from tests.api.test_erasing import holders, house, reopened
from tests.api.web.practice import QUICK
from tests.ledger.clinic import ANA, ORIGIN, SESSION, Clinic, Entropy

SEARCH = """
import json, sys
from pathlib import Path
data = [path.read_bytes() for path in Path(sys.argv[1]).rglob("*") if path.is_file()]
words = [bytes.fromhex(word) for word in json.load(sys.stdin)]
print(json.dumps(sum(any(word in each for each in data) for word in words)))
"""
"""A process of its own: whoever closes a file of SQLite loses the locks that the same process holds on it."""

TABLES = {
    "heads_entries": "*",
    "checkpoints": "*",
    "tiles": "*",
    "events": "position, stream, version, type, tag, event_id, dig, leaf, entry",
    "blocks": "digest, position, name, subject",
}
"""Everything of the log but the bytes that may go."""


@dataclass
class Ended:
    """A ledger before and after everything that could end did; `under` is where it is recorded."""

    clinic: Clinic
    opened: OpenLedger
    under: int = -1
    listed: tuple[int, ...] = ()
    secrets: list[bytes] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)

    def found(self) -> int:
        """How many of the removed bytes stand in any file of the folder."""
        done = subprocess.run(
            [sys.executable, "-c", SEARCH, str(self.opened.folder.root)],
            input=json.dumps([word.hex() for word in self.secrets]),
            capture_output=True,
            text=True,
            check=True,
        )
        return int(json.loads(done.stdout))

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        with closing(sqlite3.connect(f"file:{self.opened.folder.database}?mode=ro", uri=True)) as connection:
            return {
                table: connection.execute(f"SELECT {columns} FROM {table}").fetchall()
                for table, columns in TABLES.items()
            }


LATER = "2030-01-01T00:00:00.000000Z"


def judged(opened: OpenLedger) -> list[Finding]:
    return Compliance(opened.store, opened.subject_keys).findings(SESSION, as_of=LATER)


def recorded(root: Path) -> Ended:
    """Step 1 alone: the end is recorded and nothing is removed; what is going to be removed is written down."""
    clinic, opened = house(root)
    clinic.clock.forward(days=1)
    clinic.restart()
    plan = retention_plan(opened.store, clinic.clock.now.date(), clinic.retention)
    ended = Ended(clinic, opened, listed=plan.positions)
    rows = [row for row in opened.store.rows(0, 500) if isinstance(row, EventRow) and row.position in plan.positions]
    ended.secrets = [row.envelope[-100:] for row in rows]
    ended.secrets += [block.stored[:60] for row in rows for block in opened.store.blocks_of(row.position)]
    ended.before = {
        "tables": ended.tables(),
        "receipts": [clinic.recorder.receipt(position) for position in range(opened.store.head().size)],
        "found": ended.found(),
    }
    ended.before["findings"] = judged(opened)
    verdicts = resting_on_ending(opened.store, opened.subject_keys, plan, LATER)
    by, now, entropy = holders(clinic), clinic.clock.now, Entropy("act")
    kept = signed_verdicts(verdicts, by, clinic.recorder, ORIGIN, now, entropy)
    submission = signed_ending(plan, by, clinic.recorder, ORIGIN, now, entropy)
    ended.under = clinic.recorder.record([*kept, submission])[-1].position
    return ended


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    """The whole act, done once and looked at by the tests; nothing here changes it."""
    ended = recorded(tmp_path_factory.mktemp("ending"))
    assert finish_endings(ended.opened) == [ended.under]
    yield ended
    ended.opened.store.close()


# -- what is gone


def test_before_it_the_bytes_do_stand_in_a_file(ended: Ended) -> None:
    """So that the search below can fail."""
    assert len(ended.secrets) > 20
    assert ended.before["found"] == len(ended.secrets)


def test_nothing_of_the_envelopes_or_their_blocks_is_left_in_any_file(ended: Ended) -> None:
    assert ended.found() == 0


def test_nothing_is_left_to_be_done(ended: Ended) -> None:
    assert unfinished_endings(ended.opened.store) == []


# -- what stays


def test_entries_leaves_proofs_and_checkpoints_are_byte_for_byte_what_they_were(ended: Ended) -> None:
    after = ended.tables()
    for table in ("heads_entries", "checkpoints", "events", "blocks"):
        before = ended.before["tables"][table]
        assert set(before) <= set(after[table])
    tiles = {row[:2]: row[2] for row in after["tiles"]}
    for level, tile, data in ended.before["tables"]["tiles"]:
        assert tiles[level, tile].startswith(data)


def test_every_old_receipt_still_proves_its_entry(ended: Ended) -> None:
    pin = ended.opened.pin
    for position, text in enumerate(ended.before["receipts"]):
        assert check_receipt(parse_receipt(text), [parse_vkey(pin.vkey)], pin.origin).size > position
    assert ended.clinic.recorder.receipt(ended.listed[0])


def test_verify_counts_what_is_expired_and_all_of_it_holds(ended: Ended) -> None:
    report = verify_folder(ended.opened.folder.root)

    assert report.holds, report.first
    assert report.expired == len(ended.listed)
    assert report_as_json(report)["expired_envelopes"] == len(ended.listed)


def test_an_envelope_that_no_list_names_is_tampering_named_by_its_position(tmp_path: Path) -> None:
    ended = recorded(tmp_path)
    finish_endings(ended.opened)
    ended.opened.store.close()
    with closing(sqlite3.connect(ended.opened.folder.database)) as connection:
        connection.execute("DROP TRIGGER events_update")
        connection.execute("UPDATE events SET envelope = x'' WHERE position = 1")
        connection.commit()

    report = verify_folder(tmp_path)
    assert [(each.position, each.code) for each in report.problems if each.code == "envelope-missing"] == [
        (1, "envelope-missing")
    ]
    again = reopened(ended.opened)
    with pytest.raises(TamperDetected) as caught:
        list(events_from(again.store, again.subject_keys, 0, 10))
    assert (caught.value.code, caught.value.position) == ("envelope-missing", 1)
    again.store.close()


def test_whoever_opens_the_file_by_hand_cannot_empty_what_is_kept_or_write_into_what_is_not(ended: Ended) -> None:
    with closing(sqlite3.connect(ended.opened.folder.database)) as connection:
        for slip in (
            "UPDATE events SET envelope = x'' WHERE position = 0",
            f"UPDATE events SET envelope = x'00' WHERE position = {ended.listed[0]}",
            f"UPDATE events SET envelope = x'', type = 'x/1' WHERE position = {ended.listed[0]}",
            f"INSERT INTO ended (position, under) VALUES (0, {ended.under})",
            f"INSERT INTO ended (position, under) VALUES ({ended.under}, 5)",
            "DELETE FROM ended",
            "UPDATE ending SET state = 0",
            "UPDATE blocks SET name = 'a/x'",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(slip)


# -- what readers say


def test_the_state_of_an_expired_session_says_so_and_nothing_else(ended: Ended) -> None:
    opened = ended.opened
    placed = [each for each in events_from(opened.store, opened.subject_keys, 0, 500) if SESSION in each.stream]

    assert placed
    assert all(isinstance(each.event, NoLongerKept) for each in placed)
    session = replay(SESSION, placed)
    assert session.expired
    assert session.status == "unknown"
    assert session.a.doses == ()
    assert ended.clinic.restart().session(SESSION).expired


def test_the_views_show_expired_in_the_place_of_every_row(ended: Ended) -> None:
    with closing(up_to_date(ended.opened)) as database:
        shown = timeline(database, SESSION)
        listed = sessions(database)

    assert shown.summary.status == "expired"
    assert shown.rows
    assert {row.phrase for row in shown.rows} == {"expired"}
    assert {row.signed for row in shown.rows} == {()}
    assert [(each.session, each.couple_code, each.status) for each in listed.sessions] == [
        (SESSION, "expired", "expired")
    ]


def test_of_what_is_no_longer_kept_the_rules_say_what_they_last_said_and_nothing_arises(ended: Ended) -> None:
    after = judged(ended.opened)

    before = [each for each in ended.before["findings"] if each.verdict != "not-applicable"]
    assert before
    told = {(each.identity, each.verdict, each.severity) for each in after if each.verdict != "not-applicable"}
    assert told == {(each.identity, each.verdict, each.severity) for each in before}
    assert {each.sentence.partition("; ")[2] for each in after} == {"no longer kept."}
    assert {each.causes for each in after} == {("last-judged", "expired")}


def test_a_session_of_which_no_verdict_was_kept_is_not_judged_and_says_so(ended: Ended) -> None:
    nothing = LastJudged()
    for placed in events_from(ended.opened.store, ended.opened.subject_keys, 0, 500):
        if not isinstance(placed.event, VerdictsKept):
            nothing.take(placed)

    (said,) = nothing.over(SESSION, [], size=500, as_of=LATER)
    assert (said.verdict, said.evidence, said.causes) == ("cannot-judge", (ended.under,), ("expired",))


# -- the order of acts, broken off


def test_after_a_crash_behind_the_recording_the_next_start_of_the_service_finishes_it(tmp_path: Path) -> None:
    ended = recorded(tmp_path)
    assert ended.found() == len(ended.secrets)
    assert unfinished_endings(ended.opened.store) == [ended.under]

    app = create_app(ended.opened, ended.clinic.restart(), ended.clinic.clock, QUICK)
    with TestClient(app):
        pass

    assert unfinished_endings(ended.opened.store) == []
    assert ended.found() == 0
    ended.opened.store.close()


def test_verify_names_an_end_of_retention_that_is_not_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = recorded(tmp_path)
    ended.opened.store.close()
    monkeypatch.setattr(sys, "argv", ["session-ledger", "verify", str(tmp_path), "--json"])

    with pytest.raises(SystemExit) as done:
        main()

    assert done.value.code in (0, None)
    assert json.loads(capsys.readouterr().out)["unfinished_endings"] == [ended.under]


@pytest.mark.parametrize("dies_in", ["remove_ended", "forget_removed"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_whoever_dies_in_between_leaves_something_that_is_finished(tmp_path: Path, dies_in: str, when: str) -> None:
    ended = recorded(tmp_path)
    ended.opened.store.close()
    script = f"""
import os, sys
from pathlib import Path
from api.commands import main
from api.ending import finish_endings
from api.folder import open_ledger
from ledger.store.sqlite import SQLiteStore
step = SQLiteStore.{dies_in}
def dying(*args):
    if {when!r} == "after":
        step(*args)
    os._exit(99)
SQLiteStore.{dies_in} = dying
finish_endings(open_ledger(Path(sys.argv[1])))
"""
    died = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False, cwd=Path(__file__).parents[2])
    assert died.returncode == 99
    assert verify_folder(tmp_path).holds

    again = reopened(ended.opened)
    finish_endings(again)

    assert unfinished_endings(again.store) == []
    again.store.close()
    assert ended.found() == 0
    assert verify_folder(tmp_path).expired == len(ended.listed)


# -- the command


def test_the_command_lists_what_can_end_and_what_stands_against_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clinic, opened = house(tmp_path)

    end_retention(opened, clinic.clock, None, None, "security-officer", as_json=True)

    said = json.loads(capsys.readouterr().out)
    records = {each["record"]: each for each in said["records"]}
    assert said["envelopes"]["count"] == 0
    assert {one["rule"] for one in records[SESSION]["objections"]} == {"REC-13", "CS-09"}
    assert records[ANA]["objections"]
    assert not any(name.startswith(("keys", "governance", "staff")) for name in records)
    opened.store.close()
