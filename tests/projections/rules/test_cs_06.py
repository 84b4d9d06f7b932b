"""CS-06: what is missing is looked into within a day, and a theft or a significant loss is reported in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from projections.compliance.business_days import business_days_later, is_business_day
from tests.ledger.clinic import OWN_A, make, uuid
from tests.projections.rules.day import Day, instant, local
from tests.projections.rules.standing import VIAL, handed_in, received, reference
from tests.projections.rules.stock_words import counted, found, mass, no_longer_kept, own_counted, wasted

OTHER = f"stock/{uuid(78)}"
CO = (("staff/" + uuid(4), "observed", "compliance-officer"),)
NOTICE, FORM = "notice", "form-106"


def short(mg: str = "490", **how: Any) -> Day:
    """A vial of 500 mg that nobody opened is counted on Saturday the 16th at 17:00."""
    return counted(received(Day().opens(**how)), "17:00", mg)


def opened(day: Day, at: str, suspicion: str = "unknown", count: dict[str, str] | None = None, **how: Any) -> Day:
    """A discrepancy is opened."""
    fields = {
        "count": count,
        "counted": mass("490"),
        "difference": mass("-10"),
        "expected": mass("500"),
        "suspicion": suspicion,
        "tolerance": mass("0"),
    }
    return day.put(make("discrepancy-found/1", **fields), how.pop("container", VIAL), at, who=CO, **how)


def taken_for(day: Day, at: str, suspicion: str, discrepancy: dict[str, str]) -> Day:
    event = make("discrepancy-investigated/1", cause=None, discrepancy=discrepancy, suspicion=suspicion)
    return day.put(event, VIAL, at, who=CO)


def told_the_dea(day: Day, at: str, discrepancy: dict[str, str] | None = None) -> Day:
    fields = {"channel": "phone", "discovered_at": instant(at), "mass": mass("10"), "reference": None}
    return day.put(make("loss-reported-to-dea/1", discrepancy=discrepancy, **fields), VIAL, at, who=CO)


def filed(day: Day, at: str) -> Day:
    event = make("form106-filed/1", discrepancy=None, document=None, mass=mass("10"), reference=None)
    return day.put(event, VIAL, at, who=CO)


def stolen(at: str = "16 18:00") -> Day:
    """It is taken for a theft on a Saturday evening; the next business day is Monday the 18th."""
    return opened(short(), at, "theft")


def otherwise(at: str) -> Day:
    day = stolen()
    return taken_for(day, at, "error", reference(day))


Told = list[tuple[str, ...]]
STORIES: list[tuple[str, Callable[[], Day], str, Told]] = [
    ("nothing is missing", lambda: short("500"), "20 18:00", []),
    ("a day to open it", short, "17 17:00", [("pending",)]),
    ("a day and a second", short, "17 17:00:01", [("breached", "missing")]),
    ("opened after a day", lambda: opened(short(), "17 17:00"), "20 18:00", [("met",)]),
    ("opened a minute later", lambda: opened(short(), "17 17:01"), "20 18:00", [("breached", "late")]),
    ("another figure of the protocol", lambda: opened(short(substance={"discrepancy_h": 48}), "18 17:00"), "20 18:00",
     [("met",)]),
    ("one of another container", lambda: opened(short(), "17 09:00", container=OTHER), "20 18:00",
     [("breached", "missing")]),
    ("one from before the count", lambda: opened(short(), "16 16:59"), "20 18:00", [("breached", "missing")]),
    ("own medication", lambda: own_counted(handed_in(Day().opens()), "17:00", "9"), "20 18:00",
     [("breached", "missing")]),
    ("found again, one discrepancy", lambda: opened(counted(short(), "17 09:00", "490"), "17 10:00"), "20 18:00",
     [("met",)]),
    ("still more is missing, a second one", lambda: opened(counted(short(), "18 09:00", "480"), "17 10:00"),
     "20 18:00", [("met",), ("breached", "missing")]),
    ("there again and missing again, a second one", lambda: opened(counted(counted(short(), "17 18:00", "500"),
     "18 09:00", "490"), "17 10:00"), "20 18:00", [("met",), ("breached", "missing")]),
    ("explained in time", lambda: wasted(short(), "16:00", "10", recorded="17 17:00"), "20 18:00", []),
    ("explained a minute too late", lambda: wasted(short(), "16:00", "10", recorded="17 17:01"), "20 18:00",
     [("breached", "missing")]),
    ("a theft, nothing reported yet", stolen, "18 23:59:59", [("met",), ("pending",), ("pending",)]),
    ("no notice by the end of Monday", stolen, "19 00:00", [("met",), ("breached", "missing"), ("pending",)]),
    ("notice at the end of Monday", lambda: told_the_dea(stolen(), "18 23:59"), "20 18:00",
     [("met",), ("met",), ("pending",)]),
    ("notice on Tuesday", lambda: told_the_dea(stolen(), "19 00:01"), "20 18:00",
     [("met",), ("breached", "late"), ("pending",)]),
    ("Form 106 on the 45th day", lambda: filed(told_the_dea(stolen(), "18 09:00"), "2026-06-30 23:59"),
     "2026-07-02 12:00", [("met",), ("met",), ("met",)]),
    ("Form 106 on the 46th day", lambda: filed(told_the_dea(stolen(), "18 09:00"), "2026-07-01 00:00"),
     "2026-07-02 12:00", [("met",), ("met",), ("breached", "late")]),
    ("taken for an error in time", lambda: otherwise("18 12:00"), "20 18:00",
     [("met",), ("not-applicable",), ("not-applicable",)]),
    ("taken for an error after the notice was due", lambda: otherwise("19 12:00"), "20 18:00",
     [("met",), ("breached", "missing"), ("not-applicable",)]),
    ("a loss that is no significant one", lambda: opened(short(), "16 18:00", "error"), "20 18:00", [("met",)]),
    ("the record is no longer kept", lambda: no_longer_kept(short()), "20 18:00", []),
    ("no protocol", lambda: opened(received(Day().opens(protocol=False)), "16 18:00", "theft"), "20 18:00",
     [("cannot-judge", "no-protocol")]),
]  # fmt: skip
MOMENTS = ("20 18:00",)


def told(day: Day, as_of: str = "20 18:00", **asked: Any) -> Told:
    return [(each.verdict, *each.causes) for each in day.findings("CS-06", as_of=as_of, **asked)]


@pytest.mark.parametrize(("name", "story", "as_of", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, expected: Told) -> None:
    assert told(story(), as_of) == expected, name


def test_the_clock_runs_from_the_first_time_it_is_taken_for_a_theft() -> None:
    day = opened(short(), "16 18:00")
    taken_for(day, "20 09:00", "significant-loss", reference(day))  # a Wednesday

    assert told(day, "21 12:00") == [("met",), ("pending",), ("pending",)]
    _, notice, form = day.findings("CS-06", as_of="22 00:00")
    assert (notice.verdict, form.verdict) == ("breached", "pending")
    assert notice.sentence == (
        "V-1: taken for a theft or a significant loss Wed 20 May 09:00; the DEA is told by Thu 21 May 23:59:59; "
        "not done."
    )


def test_a_report_may_name_its_discrepancy() -> None:
    day = stolen()
    first = reference(day)
    opened(day, "18 08:00", "theft")
    second = reference(day)

    assert told(told_the_dea(day, "18 09:00", second))[1:] == [
        ("breached", "missing"),
        ("pending",),
        ("met",),
        ("pending",),
    ]
    assert first != second


def test_the_finding_is_about_the_container_and_tells_the_numbers() -> None:
    (one,) = short().findings("CS-06", as_of="18 09:00")

    assert (one.subject, one.session, one.slot, one.severity) == (VIAL, "", "", "C")
    assert one.sentence == (
        "V-1, counted Sat 16 May 17:00: 10 mg missing; a discrepancy is opened within 24 h; not opened."
    )
    assert (local(one.limit), one.made_at) == ("17:00", None)


def test_one_count_of_two_containers_is_two_discrepancies() -> None:
    day = received(received(Day().opens()), "2 11:00", OTHER, code="V-2")
    counted(day, "17:00", "490", found(OTHER, "490"))
    found_there = day.findings("CS-06", as_of="20 18:00")

    assert [each.about for each in found_there] == [VIAL, OTHER]
    assert len({each.identity for each in found_there}) == 2


def test_a_correction_of_the_count_ends_it_in_time_and_not_afterwards() -> None:
    change = ("containers", [found(VIAL, "490")], [found(VIAL, "500")])
    in_time = short().corrects("17 16:00", change).signs("17 17:00")
    late = short().corrects("17 16:00", change).signs("17 17:01")

    assert told(in_time) == []
    assert told(late) == [("breached", "missing")]


def test_own_medication_is_told_by_its_container() -> None:
    (one,) = own_counted(handed_in(Day().opens()), "17:00", "9").findings("CS-06", as_of="18 09:00")

    assert one.subject == OWN_A


# -- business days


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-05-15", 1, "2026-05-18"),  # Friday, Monday
        ("2026-05-16", 1, "2026-05-18"),
        ("2026-05-22", 1, "2026-05-26"),  # Memorial Day is the last Monday in May
        ("2026-07-02", 1, "2026-07-06"),  # Independence Day is a Saturday, kept on Friday
        ("2027-07-02", 1, "2027-07-06"),  # a Sunday, kept on Monday
        ("2026-11-25", 1, "2026-11-27"),  # Thanksgiving
        ("2026-12-24", 1, "2026-12-28"),
        ("2021-12-30", 1, "2022-01-03"),  # New Year's Day is a Saturday, kept on Friday the 31st
        ("2026-05-18", 3, "2026-05-21"),
        ("9999-12-31", 1, "9999-12-31"),
    ],
)
def test_business_days(day: str, count: int, expected: str) -> None:
    assert business_days_later(date.fromisoformat(day), count) == date.fromisoformat(expected)


def test_the_holidays_of_2026() -> None:
    """As the Office of Personnel Management lists them."""
    days = (date.fromordinal(each) for each in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal()))

    assert [f"{day:%m-%d}" for day in days if day.weekday() < 5 and not is_business_day(day)] == [
        "01-01", "01-19", "02-16", "05-25", "06-19", "07-03", "09-07", "10-12", "11-11", "11-26", "12-25",
    ]  # fmt: skip
