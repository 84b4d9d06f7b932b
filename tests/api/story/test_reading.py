"""Reading a story: steps with their times, lines, labels, and what is usual."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from api.story.script import Step, read_script
from ledger.errors import Invalid
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


ROUTINE = """\
routines:
  two looks:
    - {at: <first>, as: first-<name>, usual: check, for: First/<name>}
    - {at: 10:35, usual: check, for: First/<name>, by: [<nurse>], cuff: "<date> to <next date>"}
days:
"""


def with_routine(folder: Path, steps: str) -> Path:
    path = written(folder, steps)
    path.write_text(path.read_text(encoding="utf-8").replace("days:\n", ROUTINE), encoding="utf-8")
    return path


def test_a_routine_is_written_out_with_its_blanks_filled(tmp_path: Path) -> None:
    path = with_routine(tmp_path, "- {routine: two looks, first: 10:20, name: Ana, nurse: RN2}")

    first, second = read_script(path).steps[-2:]

    assert (f"{first.at:%H:%M}", first.target, first.label, first.by) == ("10:20", "First/Ana", "first-Ana", ("RN1",))
    assert (first.event, first.fields) == ("supervision-checked", {"spo2": "98"})
    assert (second.target, second.by, second.fields["cuff"]) == ("First/Ana", ("RN2",), "2026-05-02 to 2026-05-03")


@pytest.mark.parametrize(
    ("step", "field", "message"),
    [
        ("{routine: three looks}", "routine", "No routine is called three looks."),
        ("{routine: two looks, first: 10:20, name: Ana}", "by", "Nothing says what <nurse> is."),
        (
            "{routine: two looks, first: 10:20, name: Ana, nurse: RN1, doctor: MD1}",
            "doctor",
            "The routine two looks has no <doctor>.",
        ),
        ("{routine: two looks, first: 10:20, name: Ana, nurse: [RN1]}", "nurse", "nurse is one text."),
    ],
)
def test_a_routine_that_is_unknown_or_not_filled_in_rightly_is_refused(
    tmp_path: Path, step: str, field: str, message: str
) -> None:
    with pytest.raises(Invalid) as caught:
        read_script(with_routine(tmp_path, f"- {step}"))

    assert (caught.value.code, caught.value.field) == ("story", field)
    assert message in caught.value.message
    assert "line " in caught.value.message
    assert caught.value.remedy
