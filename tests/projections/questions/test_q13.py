"""Question 13: one session minute by minute, by what was known at a time."""

from __future__ import annotations

from api.play_story import StoryLedger
from projections.compliance.reader import Compliance
from projections.questions.asking import ask
from projections.snapshot import AsOf
from tests.ledger.clinic import ANA, BEN, RN1
from tests.projections.questions.words import asked, told
from tests.projections.rules.day import Day
from tests.projections.rules.watching_words import Watch


def day() -> Watch:
    """A is dosed at 10:00, watched and looked at; B at 10:05."""
    return Watch().opens().assigns("09:30").gives("a", "10:00").looks_at("a", "10:05").gives("b", "10:05")


def minute(told_of: Day, clock: str, **asking: object) -> list[tuple[str | None, ...]]:
    rows = told(asked(told_of, "13", **asking), "minute", "a", "b", "both")  # type: ignore[arg-type]
    return [row[1:] for row in rows if row[0] == clock]


def test_both_partners_stand_side_by_side_in_each_minute() -> None:
    ((a, b, both),) = minute(day(), "10:05")

    assert a is not None
    assert b is not None
    assert ("BP 128/80" in a, "100 mg sublingual" in b, both) == (True, True, None)
    ((_, _, watching),) = minute(day(), "09:30")
    assert RN1 in str(watching)


def test_seconds_of_one_minute_are_one_row_and_the_next_minute_another() -> None:
    story = day().gives("a", "11:00:59", precision="s").gives("a", "11:01:00", precision="s")

    assert [row[0] for row in told(asked(story, "13"), "minute") if row[0].startswith("11:")] == ["11:00", "11:01"]


def test_nothing_of_the_partner_is_told_where_a_participant_is_asked_about() -> None:
    assert [(a is None, b is None) for a, b, _ in minute(day(), "10:05", person=ANA)] == [(False, True)]
    assert minute(day(), "10:00", person=BEN) == []


def test_what_was_written_down_later_was_not_known_then() -> None:
    story = day()
    known = len(story.placed)
    story.looks_at("a", "10:15", recorded="14:30")

    assert len(minute(story, "10:15")) == 1
    assert minute(story, "10:15", known_at=known) == []


def test_what_was_voided_later_stands_as_it_was_then() -> None:
    story = day().looks_at("a", "10:15")
    known = len(story.placed)
    story.voids("14:30").signs("14:31")

    assert minute(story, "10:15") == []
    assert len(minute(story, "10:15", known_at=known)) == 1
    assert asked(story, "13").notes[1:] == ("Corrected or voided by then: 1 of its entries. What counts is shown.",)
    assert asked(story, "13", known_at=known).notes[1:] == ()


def test_a_ledger_without_a_session_has_nothing_to_tell() -> None:
    assert asked(Day().enrols(), "13").rows == ()


def test_the_weekend_as_known_at_five_past_one_has_nothing_of_later(weekend: StoryLedger) -> None:
    compliance = Compliance(weekend.ledger.store, weekend.ledger.subject_keys)
    now = "2026-05-19T16:00:00.000000Z"
    session = {"session": weekend.player.ids["Sat"]}

    whole = ask(compliance, "13", session, now=now)
    then = ask(compliance, "13", session, now=now, when=AsOf(None, "2026-05-16T18:05:00.000000Z"))

    assert len(then.rows) < len(whole.rows)
    assert all(str(each.values["minute"]) <= then.as_of for each in then.rows)
    assert {position for each in then.rows for position in each.evidence} < {
        position for each in whole.rows for position in each.evidence
    }
