"""The reports file: stable views that tools only read, with nobody's name or values in them."""

from __future__ import annotations

import json
import re
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from api.commands import main
from api.play_story import StoryLedger, play_story
from api.reports_file import write_reports
from api.story.script import read_script
from api.web.callers import RULES_IN_CONFIDENCE
from ledger.errors import Refused
from projections.compliance.reader import Compliance
from projections.findings.register import Register
from projections.reports.rows import report_rows
from projections.reports.schema import REPORTS
from tests.conftest import WEEKEND
from tests.ledger.clinic import Entropy

ROOT = Path(__file__).parents[3]
FROZEN = json.loads((ROOT / "tests" / "golden" / "reports-v1.json").read_text())


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoryLedger]:
    script = read_script(WEEKEND.with_name("six-sessions.yaml"))
    played = play_story(script, tmp_path_factory.mktemp("six") / "ledger", Entropy("reports"))
    yield played
    played.ledger.store.close()


def written(six: StoryLedger, file: Path, *more: str, up_to: str = "2026-12-01T00:00Z") -> dict[str, Any]:
    words = ["session-ledger", "reports", str(six.ledger.folder.root), "--to", str(file), "--up-to", up_to, *more]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as ended:
            main()
    assert ended.value.code in (0, None)
    return {view.name: read(file, f"SELECT * FROM v1_{view.name}") for view in REPORTS}


def read(file: Path, sql: str) -> list[dict[str, Any]]:
    """As a tool reads: the file opened for reading alone."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql)]


@pytest.fixture(scope="module")
def told(six: StoryLedger, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return written(six, tmp_path_factory.mktemp("reports") / "reports.db")


@pytest.mark.parametrize("name", FROZEN)
def test_no_view_and_no_column_ever_goes_or_is_called_otherwise(name: str) -> None:
    view = next(each for each in REPORTS if each.name == name)
    columns = [[each.name, each.type] for each in view.columns]

    assert columns[: len(FROZEN[name])] == FROZEN[name], "a column may be added at the end, and nothing else"


def test_the_page_says_what_stands_in_every_column() -> None:
    done = subprocess.run([sys.executable, "docs/generate_reports.py", "--check"], cwd=ROOT, check=False)

    assert done.returncode == 0


def test_it_tells_sessions_findings_what_became_of_them_and_at_which_position(
    six: StoryLedger, told: dict[str, Any]
) -> None:
    (about,) = told["about"]
    (finding,) = told["finding"]
    (act,) = told["act"]

    assert (about["position"], about["practice"]) == (six.ledger.store.head().size, 1)
    assert len(told["session"]) == 6
    assert {each["place"] for each in told["session"]} == {"L-1"}
    assert all(each["entries"] > each["late_entries"] >= 0 and each["closed"] == 1 for each in told["session"])
    assert (finding["rule"], finding["state"], finding["outcome"]) == ("SUP-02", "dispositioned", "accepted-deviation")
    assert (finding["place"], finding["day"], finding["weekday"]) == ("L-1", "2025-11-15", "Saturday")
    assert json.loads(finding["evidence"])
    assert (act["finding"], act["kind"], act["role"]) == (finding["finding"], "dispositioned", "compliance-officer")
    assert sum(each["verdicts"] for each in told["verdict"] if each["verdict"] == "breached") == 1


def test_nobody_stands_in_it_no_value_and_nothing_that_is_read_in_confidence(told: dict[str, Any]) -> None:
    text = json.dumps({name: rows for name, rows in told.items() if name != "rule"})

    assert not re.search(r"person/|staff/|couple/|\bmg\b|Ada|Bruno", text)
    assert not [rule for rule in RULES_IN_CONFIDENCE if rule in json.dumps(told)]


def test_a_rule_that_is_read_in_confidence_stands_in_no_view(six: StoryLedger) -> None:
    compliance = Compliance(six.ledger.store, six.ledger.subject_keys)
    register = Register(compliance)
    ledger = register.at(as_of="2026-12-01T00:00:00.000000Z")

    rows = report_rows(
        ledger,
        register.registered(ledger),
        compliance.rules,
        in_confidence={"SUP-02"},
        practice=True,
        origin="x",
    )

    assert rows["finding"] == rows["act"] == []
    assert "SUP-02" not in json.dumps(rows)


def test_the_past_is_written_as_it_was_known(six: StoryLedger, tmp_path: Path) -> None:
    then = written(six, tmp_path / "then.db", "--known-at", "280")

    assert then["about"][0]["position"] == 280
    assert then["act"] == []
    assert {each["state"] for each in then["finding"]} == {"open"}
    assert len(written(six, tmp_path / "before.db", up_to="2025-09-01T00:00Z")["session"]) < 6


def test_a_tool_reads_and_writes_nothing_not_even_beside_the_file(six: StoryLedger, tmp_path: Path) -> None:
    file = tmp_path / "reports.db"
    written(six, file)

    with (
        closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        connection.execute("DELETE FROM t_finding")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA query_only = 1")
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("DELETE FROM t_finding")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["reports.db"]


def test_a_new_one_takes_the_place_of_the_last_while_that_is_being_read(six: StoryLedger, tmp_path: Path) -> None:
    file = tmp_path / "reports.db"
    written(six, file, "--known-at", "280")
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as reading:
        reading.execute("BEGIN")
        before = reading.execute("SELECT position FROM v1_about").fetchone()
        written(six, file)
        assert reading.execute("SELECT position FROM v1_about").fetchone() == before == (280,)

    assert read(file, "SELECT position FROM v1_about") == [{"position": six.ledger.store.head().size}]


def test_nothing_that_is_not_ours_is_written_over(tmp_path: Path) -> None:
    file = tmp_path / "letters.db"
    file.write_text("dear Ana")
    rows: dict[str, list[Any]] = {view.name: [] for view in REPORTS}

    with pytest.raises(Refused) as refused:
        write_reports(file, rows)
    with pytest.raises(Refused) as nowhere:
        write_reports(tmp_path / "no" / "where.db", rows)

    assert refused.value.code == nowhere.value.code == "reports-file"
    assert file.read_text() == "dear Ana"
