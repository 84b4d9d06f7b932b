"""What people call the records in an answer, and the clock on the wall where each thing happened."""

from __future__ import annotations

from api.play_story import StoryLedger
from projections.compliance.reader import Compliance
from projections.questions.answer import Answer
from projections.questions.asking import ask
from projections.questions.called import cell_in_words, records_in

AFTERWARDS = "2026-05-19T16:00:00.000000Z"


def asked(weekend: StoryLedger, name: str, **filters: str) -> Answer:
    compliance = Compliance(weekend.ledger.store, weekend.ledger.subject_keys)
    return ask(compliance, name, filters, now=AFTERWARDS)


def shown(answer: Answer, column: str) -> list[str]:
    (found,) = (each for each in answer.columns if each.name == column)
    return [cell_in_words(answer, each, found) for each in answer.rows]


def test_a_session_is_called_by_its_couple_its_number_and_its_day(weekend: StoryLedger) -> None:
    register = asked(weekend, "release-register")

    assert set(shown(register, "session")) == {"C-07 · session 1 · 2026-05-16", "C-07 · session 2 · 2026-05-17"}
    assert {each.zone for each in register.called.values()} == {"America/New_York"}


def test_an_instant_is_told_by_the_clock_where_it_happened_and_stays_utc_for_programs(weekend: StoryLedger) -> None:
    released = next(each for each in asked(weekend, "11").columns if each.kind == "instant")
    answer = asked(weekend, "11")

    assert [each.values[released.name] for each in answer.rows][:1] == ["2026-05-16T17:15:00.000000Z"]
    assert shown(answer, released.name)[:1] == ["2026-05-16 13:15 EDT"]


def test_a_row_at_no_place_is_told_by_the_clock_of_the_only_zone_there_is(weekend: StoryLedger) -> None:
    assert asked(weekend, "24").zone == "America/New_York"


def test_only_records_of_the_rows_are_called_and_a_person_by_nothing(weekend: StoryLedger) -> None:
    for name in ("release-register", "16", "48"):
        answer = asked(weekend, name)
        assert set(answer.called) <= set(records_in(answer.columns, answer.rows))
        assert not any(record.startswith("person/") for record in answer.called)
