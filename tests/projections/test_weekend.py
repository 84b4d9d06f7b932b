"""The retreat weekend of Ana and Ben (scenario S1), as its views tell it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import pytest

from api.play_story import StoryLedger
from projections import VIEWS
from projections.couple_history import CoupleHistory, couple_history
from projections.own_medication import container, containers
from projections.runner import Runner
from projections.session_list import sessions
from projections.session_timeline import SessionTimeline, timeline
from projections.snapshot import AsOf
from projections.tables import ViewDatabase

SAT_EVENING = AsOf(happened_up_to="2026-05-17T03:59:59.999999Z")
SUNDAY_1640 = AsOf(happened_up_to="2026-05-17T20:40:00.000000Z")


@pytest.fixture(scope="module")
def views(weekend: StoryLedger) -> ViewDatabase:
    database = ViewDatabase()
    Runner(database, weekend.ledger.store, weekend.ledger.subject_keys, VIEWS).catch_up()
    return database


def session_on(views: ViewDatabase, date: str) -> str:
    (session,) = (each.session for each in sessions(views, couple="C-07").sessions if each.date == date)
    return session


def saturday(views: ViewDatabase, for_partner: str | None = None) -> SessionTimeline:
    return timeline(views, session_on(views, "2026-05-16"), for_partner=for_partner)


def test_the_weekend_is_two_sessions_in_which_both_were_dosed(views: ViewDatabase) -> None:
    found = sessions(views, couple="C-07").sessions

    assert [(s.date, s.status, s.dosed, s.couple_code, s.location_code) for s in found] == [
        ("2026-05-16", "closed", ("a", "b"), "C-07", "R-1"),
        ("2026-05-17", "closed", ("a", "b"), "C-07", "R-1"),
    ]


def test_saturday_tells_the_doses_of_both_side_by_side(views: ViewDatabase) -> None:
    doses = [(r.local[11:], r.slot, r.phrase[:28]) for r in saturday(views).rows if r.type == "dose-administered/1"]

    assert doses == [
        ("10:05", "a", "100 mg sublingual from own-A"),
        ("10:07", "b", "100 mg sublingual from own-B"),
        ("10:50", "a", "50 mg sublingual from own-A,"),
    ]


def test_saturdays_abnormal_marks_are_exactly_bens_three_pressures(views: ViewDatabase) -> None:
    marked = [(row.slot, row.local, row.marks) for row in saturday(views).rows if row.marks]
    sunday = [row.marks for row in timeline(views, session_on(views, "2026-05-17")).rows if row.marks]

    assert marked == [
        ("b", "2026-05-16 10:36", ("BP 142/90 high",)),
        ("b", "2026-05-16 10:47", ("BP 146/92 high",)),
        ("b", "2026-05-16 11:06", ("BP 144/90 high",)),
    ]
    assert sunday == []


def test_saturday_tells_who_was_handed_over_to_whom(views: ViewDatabase) -> None:
    rows = [row for row in saturday(views).rows if row.type == "monitor-handover/1"]

    assert [(row.local[11:], row.phrase.partition(";")[0]) for row in rows] == [
        ("12:00", "RN1 handed A and B over to MD1"),
        ("12:25", "MD1 handed A and B over to RN1"),
    ]
    assert [[signed.by for signed in row.signed] for row in rows] == [["RN1", "MD1"], ["MD1", "RN1"]]


def test_saturday_tells_until_when_nobody_drives(views: ViewDatabase) -> None:
    released = {row.slot: row.phrase for row in saturday(views).rows if row.type == "release-authorised/1"}

    assert "not to drive until Sun 10:50 EDT (17 May 2026)" in released["a"]
    assert "not to drive until Sun 10:07 EDT (17 May 2026)" in released["b"]
    assert "onsite-lodging" in released["a"]


def test_scores_stand_beside_the_minute_they_were_taken(views: ViewDatabase) -> None:
    said = {(row.slot, row.local[11:]): row.phrase for row in saturday(views).rows if "BP" in row.phrase}

    assert "BP 138/86" in said["a", "11:05"]
    assert "MOAA/S 4, CADSS-6 9" in said["a", "11:05"]
    assert "CADSS-6 5" in said["b", "10:47"]
    assert "Aldrete 10" in said["b", "13:08"]
    assert "gait steady" in said["b", "13:08"]


def test_everything_was_recorded_at_once(views: ViewDatabase) -> None:
    assert {row.late for row in saturday(views).rows} == {()}


def test_the_course_has_each_ones_own_milligrams(views: ViewDatabase) -> None:
    history = couple_history(views, "C-07")

    assert history.total_mg == (("a", "300"), ("b", "200"))
    assert [session.gap_days for session in history.sessions] == [None, 1]
    assert [[part.total_mg for part in session.parts] for session in history.sessions] == [
        ["150", "100"],
        ["150", "100"],
    ]
    assert [[part.highest_pressure for part in s.parts] for s in history.sessions] == [
        ["138/86", "146/92"],
        ["136/84", "130/84"],
    ]
    assert [[part.declined for part in s.parts] for s in history.sessions] == [[False, True], [False, False]]
    assert [[part.departed for part in s.parts] for s in history.sessions] == [
        ["2026-05-16 13:15"] * 2,
        ["2026-05-17 17:00"] * 2,
    ]
    assert {part.followed_up for session in history.sessions for part in session.parts} == {"reached"}


def test_the_bottles_balance_after_saturday_and_on_sunday_when_they_were_counted(views: ViewDatabase) -> None:
    after_saturday = {c.code: c.balance_units for c in containers(views, as_of=SAT_EVENING).containers}
    counted = {
        name: (last.expected, last.units, last.difference, last.balance_units)
        for name in ("own-A", "own-B")
        for last in container(views, name, as_of=SUNDAY_1640).movements[-1:]
    }

    assert after_saturday == {"own-A": "8.5", "own-B": "9"}
    assert counted == {"own-A": ("7", "7", "0", "0"), "own-B": ("8", "8", "0", "0")}
    assert [c.oddities for c in containers(views).containers] == [(), ()]
    assert [c.owner_slot for c in containers(views).containers] == ["a", "b"]


@pytest.mark.parametrize(("own", "other"), [("a", "b"), ("b", "a")])
def test_no_word_or_number_of_the_other_is_in_a_partners_timeline(views: ViewDatabase, own: str, other: str) -> None:
    for date in ("2026-05-16", "2026-05-17"):
        session = session_on(views, date)
        whole = timeline(views, session)
        mine = timeline(views, session, for_partner=own)
        theirs = [row for row in whole.rows if row.slot == other]
        known = [replace(row, phrase=row.phrase.partition(";")[0]) for row in whole.rows if row.slot != other]

        only_theirs = tokens(text for row in theirs for text in (row.phrase, row.local)) - tokens([repr(known)])

        assert len(only_theirs) >= 7
        assert not only_theirs & tokens(row.phrase + row.local for row in mine.rows)
        assert not {row.position for row in theirs} & {place for row in mine.rows for place in row.evidence}
        assert other.upper() not in {signed.by for row in mine.rows for signed in row.signed}
        assert f"{other.upper()}:" not in repr(mine)


@pytest.mark.parametrize(("own", "other"), [("a", "b"), ("b", "a")])
def test_of_the_other_a_partner_reads_in_the_course_only_that_they_came_and_were_dosed(
    views: ViewDatabase, own: str, other: str
) -> None:
    mine = couple_history(views, "C-07", for_partner=own)
    everything = couple_history(views, "C-07")

    for session in mine.sessions:
        (shared,) = session.shared
        assert (shared.slot, shared.attended, shared.dosed) == (other, "yes", "yes")
        assert (shared.dose, shared.highest_pressure) == ("not shared", "not shared")
    theirs, ours = (values_of(everything, slot) for slot in (other, own))
    assert len(theirs - ours) >= 6
    assert not [value for value in theirs - ours if value in repr(mine)]


def tokens(texts: Iterable[str]) -> set[str]:
    """The words and numbers of these texts that say something."""
    found = {token for text in texts for token in re.findall(r"[A-Za-z0-9/.:-]+", text)}
    return {token for token in found if len(token) > 3 or "/" in token}


def values_of(history: CoupleHistory, slot: str) -> set[str]:
    """Every value of one partner's parts that could be recognised, as text."""
    parts = [part for session in history.sessions for part in session.parts if part.slot == slot]
    doses = [dose for part in parts for dose in part.doses]
    return {
        *(dose.at for dose in doses),
        *(dose.local for dose in doses),
        *(part.highest_pressure for part in parts),
        *(part.released for part in parts),
        dict(history.total_mg)[parts[0].slot],
    }
