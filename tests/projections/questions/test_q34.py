"""Question 34: late entries, and how long entries wait to be written down."""

from __future__ import annotations

from typing import Any

from tests.ledger.clinic import RN1, SESSION, make
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.afterwards_words import INCIDENT
from tests.projections.rules.watching_words import Watch

FROM: dict[str, Any] = {"from": "2026-05-17"}
CHECKS = "supervision-checked/1"


def day() -> Watch:
    """Three checks: at once, at the limit of 15 min, and a minute after it."""
    told_so = Watch().opens().gives("a", "10:00")
    return (
        told_so.looks_at("a", "10:15").looks_at("a", "10:30", recorded="10:45").looks_at("a", "10:45", recorded="11:01")
    )


def test_of_each_person_and_type_how_many_were_late_and_how_long_it_took() -> None:
    found = asked(day(), "34")
    (checks,) = [each for each in found.rows if each.values["type"] == CHECKS]

    assert checks.values == {
        "by": RN1,
        "type": CHECKS,
        "entries": 3,
        "late": 1,
        "median": 15,
        "tenth": checks.values["tenth"],
        "longest": 16,
        "which": f"{len(day().placed) - 1} (16)",
    }
    assert checks.evidence == (len(day().placed) - 1,)
    assert counted(found, "late") == 1


def test_other_entries_may_take_an_hour() -> None:
    late = Watch().opens().acts("a", "10:00", recorded="11:00").acts("a", "12:00", recorded="13:01")

    rows = [row for row in told(asked(late, "34"), "type", "entries", "late") if row[0] == "intervention-performed/1"]
    assert rows == [("intervention-performed/1", 2, 1)]


def test_days_are_those_of_the_act_and_corrections_are_left_out() -> None:
    told_so = day().voids("17 12:00")

    assert asked(told_so, "34", as_of="18 12:00", **FROM).rows == ()
    assert counted(asked(told_so, "34", known_at=len(told_so.placed) - 2), "late") == 0


def test_what_only_compliance_reads_is_told_nobody_here() -> None:
    event = make("boundary-incident-recorded/1", kind="touch", session=SESSION)
    told_so = day().put(event, INCIDENT, "10:52", recorded="14:00")

    assert "boundary" not in repr(asked(told_so, "34"))
