"""Question 51: who signed before their training in the ledger, or before their signature agreement."""

from __future__ import annotations

from tests.ledger.clinic import MD1, PT1, RN1, SESSION, blank, check, make
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day

COLUMNS = ("staff", "trained", "before_training", "agreed", "before_agreement", "signed")


def signs(day: Day, at: str, who: str = PT1) -> Day:
    return day.put(check(), f"{SESSION}/a", at, who=[(who, "performed", "therapist")])


def trained(day: Day, on: str, *, passed: bool = True, subject: str = "ledger", who: str = PT1) -> Day:
    fields = blank("training-completed/1") | {"completed": on, "subject": subject, "title": "T", "passed": passed}
    return day.put(make("training-completed/1", **fields), who, "1 08:00", who=[(MD1, "verified", "medical-director")])


def agreed(day: Day, at: str, received: str = "", who: str = PT1) -> Day:
    event = make("signature-agreement-signed/1", text="a" * 64, version="v1")
    return day.put(event, who, at, received=received, who=[(who, "acknowledged", "therapist")])


def test_who_neither_was_trained_nor_agreed_is_found_with_every_entry() -> None:
    found = asked(signs(signs(Day(), "10:00"), "10:05"), "51")

    assert told(found, *COLUMNS) == [(PT1, None, 2, None, 2, 2)]
    assert found.rows[0].evidence == (0, 1)
    assert counted(found, "count") == 1


def test_what_was_signed_before_is_counted_and_what_came_after_is_not() -> None:
    day = signs(trained(Day(), "2026-05-16"), "15 10:00")
    signs(signs(agreed(day, "16 09:00"), "16 09:00"), "16 08:59")

    assert told(asked(day, "51", staff=PT1), *COLUMNS) == [(PT1, "2026-05-16", 1, "09:00", 2, 3)]


def test_who_was_trained_and_agreed_before_is_no_row() -> None:
    day = signs(agreed(trained(Day(), "2026-05-15"), "16 09:00"), "10:00")

    assert asked(day, "51", staff=PT1).rows == ()
    assert counted(asked(day, "51", staff=PT1), "staff") == 1


def test_a_training_that_was_not_passed_or_on_something_else_does_not_count() -> None:
    for changes in ({"passed": False}, {"subject": "kap"}):
        day = signs(agreed(trained(Day(), "2026-05-15", **changes), "16 09:00"), "10:00")
        assert told(asked(day, "51", staff=PT1), "before_training", "before_agreement") == [(1, 0)]


def test_an_agreement_that_was_not_known_yet_is_none() -> None:
    day = signs(trained(Day(), "2026-05-15"), "10:00")
    agreed(day, "09:00", received="12:00")

    assert asked(day, "51", staff=PT1).rows == ()
    assert told(asked(day, "51", staff=PT1, known_at=2), "before_agreement") == [(1,)]


def test_a_filter_by_days_leaves_those_entries() -> None:
    assert asked(signs(Day(), "10:00"), "51", since="2026-05-17").rows == ()
    assert asked(signs(Day(), "10:00", RN1), "51", since="2026-05-16").rows
