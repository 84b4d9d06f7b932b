"""`session-ledger ready` as people read it: the evening before the weekend, an hour before a release, and by couple."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from api.commands import main, output
from api.play_story import StoryLedger

Run = Callable[..., tuple[int, str]]
FRIDAY = ("--known-at", "2026-05-15T17:00-04:00", "--up-to", "2026-05-15T17:00-04:00")


@pytest.fixture
def run(weekend: StoryLedger, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setattr(output.out, "_width", 300)

    def type_in(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["session-ledger", "ready", str(weekend.ledger.folder.root), *words])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out + captured.err

    return type_in


def test_the_evening_before_each_session_ahead_says_how_much_is_missing_at_its_start(run: Run) -> None:
    code, said = run(*FRIDAY)

    assert code == 0
    assert "2026-05-16 09:30 EDT" in said
    assert "2 things missing" in said
    assert "This is the past" in said


def test_one_session_names_each_closed_gate_what_opens_it_who_signs_that_and_who_may_override(run: Run) -> None:
    _, said = run("2026-05-16", *FRIDAY)

    assert "Opening: 1 closed" in said
    assert "PRE-07 v1 closed: Opened at 17:00; the emergency equipment had not been checked here" in said
    assert "opened by emergency-readiness-checked/1 (nurse or prescriber or therapist)" in said
    assert "a medical-director may override it" in said
    assert "Release of A: A was not dosed" in said
    assert "ELIG-01" not in said, "an open gate is shown with --all"
    assert "ELIG-01 v1 open" in run("2026-05-16", "--all", *FRIDAY)[1]


def test_before_a_release_it_says_when_the_observation_is_over(run: Run) -> None:
    _, said = run("2026-05-16", "--known-at", "2026-05-16T12:00-04:00")

    assert "REL-01 v1 closed: A released at 12:06, 76 min after the last dose" in said
    assert "opens by itself 2026-05-16 12:50 EDT" in said


def test_a_couple_is_asked_about_by_its_code_and_what_is_not_there_is_refused_with_a_remedy(run: Run) -> None:
    code, said = run("--couple", "C-07", *FRIDAY)

    assert (code, "Dose of B: 3 closed" in said) == (0, True)
    assert run("--couple", "C-99")[0] == 2
    code, said = run("2031-01-01")
    assert code == 2
    assert "There are:" in said


def test_when_all_is_over_no_session_is_ahead(run: Run) -> None:
    assert "No session is planned or open." in run()[1]
