"""REC-09: two doses that are probably one are flagged, both count, and nothing is ever merged."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.payload import DeviceLink
from projections.compliance.doses import Dose
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from tests.ledger.chart import reference
from tests.ledger.clinic import OWN_A, RN1, SESSION, SLOT_A, dose, make, uuid
from tests.projections.rules.day import OTHER, TABLET, Day, instant

ELSEWHERE = f"stock/{uuid(77)}"


def twice(second: str, mg: str = "100", **changes: str) -> Day:
    return Day().opens().gives("a", "10:00", "100").gives("a", second, mg, **changes)


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("nobody was dosed", lambda: Day().opens(), "not-applicable"),
    ("one dose", lambda: Day().opens().gives("a", "10:00"), "not-applicable"),
    ("the same a minute later", lambda: twice("10:01"), "breached"),
    ("the same in the same minute", lambda: twice("10:00"), "breached"),
    ("the same exactly 15 min later", lambda: twice("10:15"), "breached"),
    ("the same more than 15 min later", lambda: twice("10:15:01", precision="s"), "met"),
    ("other milligrams", lambda: twice("10:01", "50"), "met"),
    ("another container", lambda: twice("10:01", container=ELSEWHERE), "met"),
    (
        "another container under the same label",
        lambda: Day().opens().gives("a", "10:00", label="L-1").gives("a", "10:01", container=ELSEWHERE, label="L-1"),
        "breached",
    ),
    ("no figures", lambda: Day().opens(protocol=False).gives("a", "10:00"), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    (finding,) = story().findings("REC-09", slot="a")

    assert finding.verdict == verdict, name


def test_both_doses_count_for_every_other_rule() -> None:
    day = twice("10:05")
    single = Day().opens().gives("a", "10:00", "100")

    assert [dose.mg for dose in _doses(day)] == [100, 100]
    assert len(day.findings("SUP-05", slot="a")) > len(single.findings("SUP-05", slot="a"))


def test_the_partners_dose_is_never_a_duplicate() -> None:
    day = Day().opens().gives("a", "10:00").gives("b", "10:00")

    assert {finding.verdict for finding in day.findings("REC-09")} == {"not-applicable"}


def test_a_dose_written_into_another_session_of_the_same_person_is_found() -> None:
    day = Day().plans(OTHER, at="1 11:00").opens().gives("a", "10:00").gives("a", "10:03", session=OTHER)

    assert [finding.verdict for finding in day.findings("REC-09", slot="a")] == ["breached"]


def test_three_of_the_same_are_three_pairs_with_their_own_identities() -> None:
    day = twice("10:05").gives("a", "10:10", "100")
    findings = day.findings("REC-09", slot="a")

    assert len({finding.identity for finding in findings}) == 3
    assert "100 mg from the same container or label, at 10:00 and 10:05, 5 min apart" in findings[0].sentence


def test_one_of_them_voided_and_confirmed_is_no_pair_any_more_and_then_it_was() -> None:
    day = twice("10:05").voids("10:30").signs("10:40")

    def verdicts(size: int) -> list[str]:
        return [finding.verdict for finding in day.findings("REC-09", slot="a", known_at=size)]

    assert verdicts(len(day.placed)) == ["not-applicable"]
    assert verdicts(len(day.placed) - 1) == ["breached"], "until a second person has signed the void"


def distinct(day: Day, at: str, first: int, second: int, session: str = SESSION) -> Day:
    """Somebody says that these two, by their places in the day, are two doses."""
    doses = [reference(day.placed[each]) for each in (first, second)]
    return day.put(make("doses-confirmed-distinct/1", doses=doses), f"{session}/a", at)


def test_a_pair_confirmed_as_two_doses_is_closed_and_keeps_its_identity() -> None:
    day = distinct(twice("10:05"), "10:30", -2, -1)

    def told(size: int) -> list[tuple[str, str]]:
        return [(each.verdict, each.identity) for each in day.findings("REC-09", slot="a", known_at=size)]

    size = len(day.placed)
    ((verdict, identity),) = told(size)
    assert verdict == "met"
    assert told(size - 1) == [("breached", identity)], "as it was known then"
    assert day.findings("REC-09", slot="a", as_of="10:29")[0].verdict == "breached", "it had not happened yet"
    assert f"are confirmed as two by {RN1}" in day.findings("REC-09", slot="a")[0].sentence


def test_a_dispute_or_a_void_opens_it_again_and_a_second_signature_changes_nothing() -> None:
    def verdict(day: Day) -> str:
        return day.findings("REC-09", slot="a")[0].verdict

    assert verdict(distinct(twice("10:05"), "10:30", -2, -1).signs("10:40", gives="verified")) == "met"
    assert verdict(distinct(twice("10:05"), "10:30", -2, -1).signs("10:40", verdict="disputes")) == "breached"
    assert verdict(distinct(twice("10:05"), "10:30", -2, -1).voids("10:50").signs("10:55")) == "breached"


def test_only_the_pair_that_was_confirmed_is_closed() -> None:
    day = distinct(twice("10:05").gives("a", "10:10", "100"), "10:30", -3, -2)

    assert sorted(each.verdict for each in day.findings("REC-09", slot="a")) == ["breached", "breached", "met"]


def test_a_pair_over_two_sessions_is_closed_by_what_stands_on_either_record() -> None:
    day = Day().plans(OTHER, at="1 11:00").opens().gives("a", "10:00").gives("a", "10:03", session=OTHER)

    assert [each.verdict for each in distinct(day, "10:30", -1, -2, OTHER).findings("REC-09", slot="a")] == ["met"]


def test_adjusted_times_are_compared() -> None:
    """Written at 10:07 by a clock 7 min ahead: the same minute as the other tablet's 10:00."""
    link = DeviceLink(id=TABLET, prev=None, seq=1)
    day = Day().enrols().opens().gives("a", "10:00").hears("10:30", 1, 1, 420)
    day.put(dose("100", container=OWN_A), SLOT_A, "10:22", received="10:30", device=link)

    assert [finding.verdict for finding in day.findings("REC-09", slot="a")] == ["breached"]


def _doses(day: Day) -> list[Dose]:
    history = LedgerAt(day.known(), size=len(day.placed), as_of=to_second(instant("18:00"))).session(SESSION)
    return list(history.doses("a"))
