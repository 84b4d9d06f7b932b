"""Reading a story: steps with their times, lines, labels, and what is usual."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from api.story.script import Step, read_script
from tests.api.story.writing import FIRST_LINE, written

NEW_YORK = ZoneInfo("America/New_York")


def steps(folder: Path, text: str) -> tuple[Step, ...]:
    """The steps a test wrote."""
    return tuple(step for step in read_script(written(folder, text)).steps if step.line >= FIRST_LINE)


def test_a_step_happens_and_is_recorded_at_its_local_time(tmp_path: Path) -> None:
    (step,) = steps(tmp_path, "- {at: 10:20, event: supervision-checked, for: First/Ana, by: RN1, spo2: 98}")

    assert step.at == step.recorded == datetime(2026, 5, 2, 10, 20, tzinfo=NEW_YORK)
    assert (step.event, step.target, step.by, step.label) == ("supervision-checked", "First/Ana", ("RN1",), "")
    assert step.fields == {"spo2": "98"}
    assert step.line == FIRST_LINE


def test_a_late_entry_and_one_of_the_day_before(tmp_path: Path) -> None:
    late, before = steps(
        tmp_path,
        "- {at: 10:20, recorded: 11:00, usual: check, for: First/Ana}\n"
        "- {at: 2026-05-01 21:00, recorded: 11:05, usual: check, for: First/Ana}",
    )

    assert (late.at.hour, late.recorded.hour) == (10, 11)
    assert before.at == datetime(2026, 5, 1, 21, 0, tzinfo=NEW_YORK)
    assert before.recorded == datetime(2026, 5, 2, 11, 5, tzinfo=NEW_YORK)


def test_what_is_usual_fills_in_and_the_step_itself_wins(tmp_path: Path) -> None:
    usual, own = steps(
        tmp_path,
        "- {at: 10:20, usual: check, for: First/Ana}\n- {at: 10:35, usual: check, for: First/Ana, by: MD1, spo2: 95}",
    )

    assert (usual.event, usual.by, usual.fields) == ("supervision-checked", ("RN1",), {"spo2": "98"})
    assert (own.event, own.by, own.fields) == ("supervision-checked", ("MD1",), {"spo2": "95"})


def test_no_scalar_becomes_a_number_or_a_yes(tmp_path: Path) -> None:
    (step,) = steps(
        tmp_path, "- {at: 10:20, event: x, for: First, count: 010, when: 10:05, sure: yes, day: 2026-05-02}"
    )

    assert step.fields == {"count": "010", "when": "10:05", "sure": "yes", "day": "2026-05-02"}
