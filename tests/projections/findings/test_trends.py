"""Trends over six sessions: counts by rule, site, room and weekday, late entries, and no group of fewer than five."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.commands import main
from api.play_story import StoryLedger, play_story
from api.story.script import read_script
from projections.compliance.reader import Compliance
from projections.findings.register import Register, Wanted
from projections.findings.trends import By, Per, trends
from projections.questions.answer import Answer
from projections.questions.filters import checked
from projections.questions.small_groups import NOTE, SMALLEST
from tests.conftest import WEEKEND
from tests.ledger.clinic import Entropy

LATER = "2026-12-01T00:00:00.000000Z"


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoryLedger]:
    script = read_script(WEEKEND.with_name("six-sessions.yaml"))
    played = play_story(script, tmp_path_factory.mktemp("six") / "ledger", Entropy("trends"))
    yield played
    played.ledger.store.close()


def counted(six: StoryLedger, by: By, per: Per = "all", **filters: str) -> Answer:
    register = Register(Compliance(six.ledger.store, six.ledger.subject_keys))
    ledger = register.at(as_of=LATER)
    given = {name.strip("_"): value for name, value in filters.items() if name != "place"}
    return trends(ledger, register.registered(ledger), by, per, checked(("from", "to"), given), filters.get("place"))


def values(answer: Answer, group: str) -> dict[str, Any]:
    (found,) = [each for each in answer.rows if each.values["group"] == group]
    return dict(found.values)


def test_a_rule_says_how_often_it_was_broken_among_the_sessions_it_judged(six: StoryLedger) -> None:
    answer = counted(six, "rule")

    sup_02 = values(answer, "SUP-02")
    assert (sup_02["counted"], sup_02["found"], sup_02["unclosed"], sup_02["percent"]) == (6, 1, 1, "16.7")
    assert sup_02["late_percent"] is None, "an entry belongs to a session, not to a rule"
    assert [number.value for number in answer.figures] == [1]
    assert answer.position == six.ledger.store.head().size


def test_a_site_says_how_much_was_written_down_late(six: StoryLedger) -> None:
    site = values(counted(six, "site"), "L-1")

    assert site["counted"] == 6
    assert 0 < site["late"] < site["entries"]
    assert site["late_percent"] == f"{100 * site['late'] / site['entries']:.1f}"


@pytest.mark.parametrize(("by", "group"), [("site", "L-1"), ("rule", "SUP-02")])
def test_the_events_behind_a_row_are_those_of_every_finding_and_the_openings_of_all_that_was_counted(
    six: StoryLedger, by: By, group: str
) -> None:
    """N1's three acts, what they were judged by, the override that declared it, and the disposition."""
    answer = counted(six, by)
    (row,) = [each for each in answer.rows if each.values["group"] == group]
    types = [getattr(six.ledger.store.row(position), "type", "") for position in row.evidence]

    assert row.values["found"] == 1
    assert types.count("session-opened/1") == row.values["counted"] == 6
    of_the_finding = Counter(each for each in types if each != "session-opened/1")
    assert of_the_finding == {
        "credential-granted/1": 1,
        "authorisation-overridden/1": 1,
        "monitor-assigned/1": 1,
        "dose-administered/1": 2,
        "finding-dispositioned/1": 1,
    }
    (total,) = answer.figures
    assert set(total.evidence) <= set(row.evidence)
    assert len(total.evidence) == 6


@pytest.mark.parametrize("by", ["rule", "site", "room", "weekday"])
def test_no_group_of_fewer_than_five_is_shown_and_the_note_says_so(six: StoryLedger, by: By) -> None:
    whole, monthly = counted(six, by), counted(six, by, "month")

    assert all(int(str(each.values["counted"])) >= SMALLEST for each in (*whole.rows, *monthly.rows))
    assert whole.notes == monthly.notes == (NOTE,), "also when nothing is hidden"


def test_days_and_a_place_narrow_it_and_a_group_that_becomes_small_is_hidden(six: StoryLedger) -> None:
    year = counted(six, "site", _from_="2026-01-01")
    here = counted(six, "site", place="L-1")

    assert [each.values["group"] for each in year.rows if each.values["group"] == "L-1"] == []
    assert [each.values["group"] for each in here.rows] == ["L-1"]
    assert here.filters["place"] == "L-1"


def test_it_counts_what_was_known_at_a_position_and_had_happened_by_an_instant(six: StoryLedger) -> None:
    register = Register(Compliance(six.ledger.store, six.ledger.subject_keys))

    def sessions(as_of: str, known_at: int | None = None) -> list[Any]:
        ledger = register.at(as_of=as_of, known_at=known_at)
        answer = trends(ledger, register.registered(ledger), "site", "all", checked((), {}))
        assert answer.position == (known_at or ledger.size)
        return [each.values["counted"] for each in answer.rows if each.values["group"] == "L-1"]

    assert sessions(LATER) == [6]
    assert sessions("2026-03-10T00:00:00.000000Z") == [5]
    assert sessions(LATER, known_at=380) == [5]
    assert sessions(LATER, known_at=200) == [], "fewer than five were known"


def test_both_commands_answer_as_json_and_as_a_table(
    six: StoryLedger, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def typed(*words: object) -> str:
        monkeypatch.setattr(sys, "argv", ["session-ledger", *map(str, words), "--up-to", "2026-12-01T00:00Z"])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code in (0, None)
        return capsys.readouterr().out

    folder: Path = six.ledger.folder.root
    told = json.loads(typed("findings", folder, "--json"))

    assert [(each["rule"], each["state"], each["outcome"]) for each in told["findings"]] == [
        ("SUP-02", "dispositioned", "accepted-deviation")
    ]
    assert "dispositioned" in typed("findings", folder)
    assert "None" not in typed("findings", folder, "--state", "open")
    assert json.loads(typed("trends", folder, "--by", "site", "--per", "all", "--json"))["rows"]
    assert "L-1" in typed("trends", folder, "--by", "site", "--per", "all")


def test_a_state_asked_for_leaves_no_other(six: StoryLedger) -> None:
    register = Register(Compliance(six.ledger.store, six.ledger.subject_keys))
    ledger = register.at(as_of=LATER)

    assert register.registered(ledger, wanted=Wanted("open")) == []
    assert len(register.registered(ledger, wanted=Wanted("unclosed"))) == 1
