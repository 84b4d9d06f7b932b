"""What a draft would have found: what would appear, what would go, and that nothing is recorded."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.commands import main
from api.play_story import StoryLedger
from ledger.encoding import to_instant
from ledger.errors import Refused
from projections.compliance.draft import Draft
from projections.compliance.finding import Finding
from projections.compliance.judge import judge, judge_ledger
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from projections.compliance.reader import Compliance
from projections.questions.what_if import Changes, changed, what_if
from projections.snapshot import AsOf
from tests.ledger.clinic import PLACE, RN1, SESSION, make
from tests.ledger.test_gates import Guarded
from tests.projections.house import occurred
from tests.projections.rules.afterwards_words import INCIDENT
from tests.projections.rules.day import Day, instant
from tests.projections.rules.stock_words import counted
from tests.projections.rules.test_ae_05 import incident
from tests.projections.rules.test_cs_01 import vial

NOW = "2026-05-19T16:00:00.000000Z"


def changes(day: Day, draft: dict[str, Any], *, as_of: str = "18:00", known_at: int | None = None) -> Changes:
    """What a draft would change in the session of a day."""
    size = len(day.placed) if known_at is None else known_at
    ledger = LedgerAt(day.known(), size=size, as_of=to_second(instant(as_of)))
    drafted = ledger.under(Draft(draft))
    return changed(SESSION, None, judge(ledger.session(SESSION)), judge(drafted.session(SESSION)))


def rules(findings: tuple[Finding, ...]) -> list[str]:
    return sorted({each.rule for each in findings})


def released(at: str = "12:10") -> Day:
    """A is dosed at 10:00 and released."""
    return Day().opens().gives("a", "10:00").releases("a", at)


def test_a_longer_observation_lets_a_finding_appear() -> None:
    found = changes(released(), {"release": {"min_observation_min": 150}})

    assert rules(found.appear) == ["REL-01"]
    assert "at least 150 min are asked for" in found.appear[0].sentence
    assert found.go == ()
    assert found.stay


def test_a_shorter_one_lets_it_go() -> None:
    found = changes(released("11:50"), {"release": {"min_observation_min": 100}})

    assert (rules(found.appear), rules(found.go)) == ([], ["REL-01"])


@pytest.mark.parametrize(("minutes", "appears"), [(130, False), (131, True)])
def test_the_limit_of_the_draft_itself_is_met(minutes: int, appears: bool) -> None:
    assert bool(changes(released(), {"release": {"min_observation_min": minutes}}).appear) is appears


def test_a_draft_that_says_what_the_protocol_says_changes_nothing() -> None:
    assert not changes(released(), {"release": {"min_observation_min": 120}}).any


def test_a_session_without_a_published_protocol_stays_as_it_is() -> None:
    day = Day().opens(protocol=False).gives("a", "10:00").releases("a", "10:30")

    assert not changes(day, {"release": {"min_observation_min": 150}}).any


def test_it_is_judged_by_what_was_known_at_a_time() -> None:
    day = Day().opens().gives("a", "10:00")
    known = len(day.placed)
    day.releases("a", "12:10", recorded="14:00")
    draft = {"release": {"min_observation_min": 150}}

    assert rules(changes(day, draft).appear) == ["REL-01"]
    assert changes(day, draft, known_at=known).appear == ()


def test_the_ledger_itself_is_judged_as_before() -> None:
    day = released()
    ledger = LedgerAt(day.known(), size=len(day.placed), as_of=to_second(instant("18:00")))
    before = judge(ledger.session(SESSION))

    judge(ledger.under(Draft({"release": {"min_observation_min": 150}})).session(SESSION))

    assert judge(ledger.session(SESSION)) == before


# -- the whole ledger


@pytest.fixture(scope="module")
def compliance(weekend: StoryLedger) -> Compliance:
    return Compliance(weekend.ledger.store, weekend.ledger.subject_keys)


LONGER = Draft({"release": {"min_observation_min": 200}})


def test_the_weekend_is_judged_session_by_session_with_counts_of_each_rule(compliance: Compliance) -> None:
    found = what_if(compliance, LONGER, {}, now=NOW)

    assert (found.judged, found.position, found.unpublished) == (2, compliance.catch_up(), 0)
    assert found.counted() == {"REL-01": (4, 0)}
    assert found.figures == ("release.min_observation_min",)
    assert all(evidence < found.position for each in found.changes for one in each.appear for evidence in one.evidence)


def test_the_filters_narrow_it_and_an_unknown_one_is_refused(compliance: Compliance) -> None:
    sunday = what_if(compliance, LONGER, {"from": "2026-05-17"}, now=NOW)

    assert (sunday.judged, sunday.counted()) == (1, {"REL-01": (2, 0)})
    assert what_if(compliance, LONGER, {"from": "2026-05-18"}, now=NOW).judged == 0
    with pytest.raises(Refused, match="takes no filter person"):
        what_if(compliance, LONGER, {"person": "person/x"}, now=NOW)


def test_its_own_times_handed_back_give_the_same(compliance: Compliance) -> None:
    now = what_if(compliance, LONGER, {}, now=NOW)

    assert what_if(compliance, LONGER, {}, now="2027-01-01T00:00:00.000000Z", when=AsOf(now.position, now.as_of)) == now


def test_what_belongs_to_no_session_is_in_it_only_where_it_is_not_narrowed(compliance: Compliance) -> None:
    ledger, stricter = compliance.at(as_of=NOW), Draft({"substance": {"tolerance_own_units": "0"}})
    found = what_if(compliance, stricter, {}, now=NOW).changes
    narrowed = what_if(compliance, LONGER, {"location": "R-1"}, now=NOW).changes

    assert found == ()
    assert all(each.session for each in narrowed)
    assert judge_ledger(ledger.under(stricter)) == judge_ledger(ledger)


def test_an_incident_on_a_record_of_its_own_is_judged_where_no_place_narrows_it() -> None:
    house = Guarded().opens()
    house.wait(minutes=90)
    event = make("boundary-incident-recorded/1", kind="partner-pressure", session=SESSION)
    at = occurred(house.clock.now - timedelta(minutes=75))
    house.record(event, INCIDENT, (RN1, "received", "nurse"), occurred=at)
    judged, now = Compliance(house.store, house.subject_keys), to_instant(house.clock.now)
    stricter = Draft({"follow_up": {"boundary_h": 1}})

    def counted(**filters: str) -> dict[str, tuple[int, int]]:
        return what_if(judged, stricter, filters, now=now).counted()

    assert counted() == {"AE-05": (1, 0)}
    assert counted(session=SESSION) == counted(location=PLACE) == counted(to="2020-01-01") == {}


@pytest.mark.parametrize(
    ("day", "draft", "rule"),
    [
        (lambda: incident("12:52"), {"follow_up": {"boundary_h": 1}}, "AE-05"),
        (lambda: counted(vial(), "17:00", "420"), {"substance": {"tolerance_ml_per_vial": "0"}}, "CS-01"),
    ],
)
def test_rules_about_the_whole_ledger_are_judged_by_the_draft_too(
    day: Callable[[], Day], draft: dict[str, Any], rule: str
) -> None:
    story = day()
    ledger = LedgerAt(story.known(), size=len(story.placed), as_of=to_second(instant("18 18:00")))

    found = changed("", None, judge_ledger(ledger), judge_ledger(ledger.under(Draft(draft))))

    assert rule in rules(found.appear)
    assert found.go == ()


# -- the command


def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["session-ledger", "what-if", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    captured = capsys.readouterr()
    return int(ended.value.code or 0), captured.out, captured.err


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.json"
    path.write_text('{"release": {"min_observation_min": 200}}')
    return path


def test_the_command_lists_what_would_change_and_records_nothing(
    draft: Path, weekend: StoryLedger, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = weekend.ledger.store.head()

    code, said, _ = typed(monkeypatch, capsys, draft, weekend.ledger.folder.root, "--up-to", "2026-05-19T12:00-04:00")

    assert code == 0
    assert "REL-01: 4 would appear, 0 would go" in said
    assert "Nothing was recorded" in said
    assert weekend.ledger.store.head() == before


def test_as_json_each_finding_has_its_rule_version_and_evidence(
    draft: Path, weekend: StoryLedger, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, said, _ = typed(monkeypatch, capsys, draft, weekend.ledger.folder.root, "--from", "2026-05-17", "--json")

    found = json.loads(said)
    (change,) = [each for each in found["changes"] if each["session"]]
    assert [(each["rule"], each["version"], each["slot"]) for each in change["appear"]] == [
        ("REL-01", "1", "a"),
        ("REL-01", "1", "b"),
    ]
    assert all(each["evidence"] for each in change["appear"])
    assert found["rules"]["REL-01"] == {"appear": 2, "go": 0}
    assert to_instant(to_second(found["as_of"])) >= change["at"]


def test_a_draft_that_changes_nothing_says_so(
    draft: Path, weekend: StoryLedger, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    draft.write_text('{"release": {"min_observation_min": 120}}')

    assert "Nothing would change." in typed(monkeypatch, capsys, draft, weekend.ledger.folder.root)[1]


def test_a_bad_or_missing_draft_is_refused_with_what_to_do(
    draft: Path, weekend: StoryLedger, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    draft.write_text('{"release": {"nothing": 1}}')
    code, _, error = typed(monkeypatch, capsys, draft, weekend.ledger.folder.root)
    assert (code, "release.nothing" in error) == (2, True)

    code, _, error = typed(monkeypatch, capsys, draft.with_name("none.json"), weekend.ledger.folder.root)
    assert (code, "Give the JSON file of the draft first" in error) == (2, True)
