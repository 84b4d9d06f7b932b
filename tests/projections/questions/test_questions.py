"""Every question: its words, its filters, and that each row names the signed events behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from api.play_story import StoryLedger
from ledger.errors import Invalid, Refused
from projections.compliance.judge import judge
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from projections.compliance.reader import Compliance
from projections.questions import QUESTIONS
from projections.questions.answer import Answer, Found
from projections.questions.asked import Asked
from projections.questions.asking import ask, named
from projections.questions.filters import WORDS, checked
from projections.questions.question import Question
from projections.questions.sessions.q01 import q01
from projections.snapshot import NOW, AsOf
from tests.ledger.clinic import BEN
from tests.projections.rules.day import Day, instant
from tests.projections.rules.test_sup_04 import dosed as without_prescriber
from tests.projections.rules.watching_words import Watch

AFTERWARDS = "2026-05-19T16:00:00.000000Z"
SATURDAY_1300 = "2026-05-16T17:00:00.000000Z"


@pytest.fixture(scope="module")
def compliance(weekend: StoryLedger) -> Compliance:
    return Compliance(weekend.ledger.store, weekend.ledger.subject_keys)


def answered(compliance: Compliance, name: str, *, when: AsOf = NOW, **filters: str) -> Answer:
    return ask(compliance, name, filters, now=AFTERWARDS, when=when)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.name)
def test_a_question_asks_names_its_filters_and_says_what_no_rows_mean(question: Question) -> None:
    assert question.title.endswith("?")
    assert question.empty.endswith(".")
    assert set(question.takes) <= set(WORDS)
    names = [column.name for column in question.columns]
    assert len(set(names)) == len(names)
    assert [each.name for each in QUESTIONS].count(question.name) == 1


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.name)
def test_every_row_has_every_column_and_rests_on_signed_events(question: Question, compliance: Compliance) -> None:
    found = answered(compliance, question.name)

    assert found.position == compliance.catch_up()
    for each in found.rows:
        assert set(each.values) == {column.name for column in found.columns}
        assert each.evidence
        assert all(0 <= position < found.position for position in each.evidence)


def test_an_answer_is_the_same_when_its_own_times_are_handed_back(compliance: Compliance) -> None:
    now = answered(compliance, "release-register")

    assert answered(compliance, "release-register", when=AsOf(now.position, now.as_of)) == now


@pytest.mark.parametrize(
    ("filters", "code", "field"),
    [
        ({"rule": "SUP-05"}, "unknown-filter", "rule"),
        ({"location": "R-9"}, "not-found", "location"),
        ({"couple": "C-99"}, "not-found", "couple"),
        ({"from": "soon"}, "instant", "from"),
        ({"from": "2026-02-30"}, "filter-value", "from"),
        ({"to": "2026-05-16T10:00"}, "naive-time", "to"),
        ({"from": "٢٠٢٦-05-16"}, "instant", "from"),
        ({"session": "yesterday"}, "filter-value", "session"),
        ({"session": "5f2c9a64-1e8b-4d37-b1c5-7a90e3f4d603"}, "not-found", "session"),
        ({"person": "person/5f2c9a64-1e8b-4d37-b1c5-7a90e3f4d603"}, "not-found", "person"),
        ({"person": ""}, "filter-value", "person"),
    ],
)
def test_what_a_question_does_not_take_is_refused_with_the_filter_and_a_remedy(
    filters: Mapping[str, str], code: str, field: str, compliance: Compliance
) -> None:
    with pytest.raises((Invalid, Refused)) as refused:
        ask(compliance, "release-register", filters, now=AFTERWARDS)

    assert (refused.value.code, refused.value.field) == (code, field)
    assert refused.value.remedy


def test_an_unknown_question_is_refused_with_where_the_list_is(compliance: Compliance) -> None:
    with pytest.raises(Refused, match="no question 99") as refused:
        answered(compliance, "99")
    assert "session-ledger ask" in (refused.value.remedy or "")


@pytest.mark.parametrize(
    ("filters", "sessions"),
    [
        ({}, 2),
        ({"from": "2026-05-17"}, 1),
        ({"to": "2026-05-16"}, 1),
        ({"from": "2026-05-16", "to": "2026-05-17"}, 2),
        ({"from": "2026-05-18"}, 0),
        ({"to": "2026-05-16T09:00-04:00"}, 0),
        ({"couple": "C-07"}, 2),
    ],
)
def test_sessions_are_chosen_by_the_local_day_of_their_opening(
    filters: Mapping[str, str], sessions: int, compliance: Compliance
) -> None:
    found = ask(compliance, "release-register", filters, now=AFTERWARDS)

    assert len({each.values["session"] for each in found.rows}) == sessions
    assert len(found.rows) == sessions * 2


def test_a_session_and_a_participant_are_chosen_by_number(weekend: StoryLedger, compliance: Compliance) -> None:
    ids = weekend.player.ids

    one = answered(compliance, "release-register", session=ids["Sat"].removeprefix("session/"))
    hers = answered(compliance, "release-register", person=ids["Ana"])

    assert {each.values["session"] for each in one.rows} == {ids["Sat"]}
    assert [each.values["partner"] for each in hers.rows] == ["A", "A"]


# -- the release register


def test_the_register_says_who_may_not_drive_and_until_when(compliance: Compliance) -> None:
    now = answered(compliance, "release-register")
    at_one = answered(compliance, "release-register", when=AsOf(None, SATURDAY_1300))

    assert [(each.values["partner"], each.values["no_drive_until"]) for each in now.rows] == [
        ("A", "2026-05-17T14:50:00.000000Z"),
        ("B", "2026-05-17T14:07:00.000000Z"),
        ("A", "2026-05-18T14:02:00.000000Z"),
        ("B", "2026-05-18T14:04:00.000000Z"),
    ]
    assert [each.values["care"] for each in now.rows] == ["nobody", "nobody", "an escort", "an escort"]
    assert not any(each.values["still"] for each in now.rows)
    assert [(each.values["partner"], each.values["released"], each.values["still"]) for each in at_one.rows] == [
        ("A", None, True),
        ("B", None, True),
    ]
    (bound,) = at_one.figures
    assert (bound.value, bound.evidence) == (2, tuple(sorted({p for each in at_one.rows for p in each.evidence})))


# -- question 1


def of_the_day(day: Day, question: Question = q01, filters: Mapping[str, str] | None = None) -> Found:
    size = len(day.placed)
    ledger = LedgerAt(day.known(), size=size, as_of=to_second(instant("18:00")))
    return question.solve(
        Asked(ledger, checked(question.takes, filters or {}), lambda session, _: judge(ledger.session(session)))
    )


@pytest.mark.parametrize(
    ("leaves", "short"), [("11:59:59", 1), ("11:59:00", 1), ("11:58:59", 2), ("10:00:00", 120), ("12:00:00", None)]
)
def test_question_1_counts_a_minute_begun_as_a_minute_short(leaves: str, short: int | None) -> None:
    found = of_the_day(Day().opens().gives("a", "10:00").releases("a", leaves, precision="s"))

    assert [(each.values["partner"], each.values["minutes_short"]) for each in found.rows] == (
        [] if short is None else [("A", short)]
    )
    assert found.figures[0].value == len(found.rows)


def test_a_question_about_one_participant_finds_nothing_about_the_other() -> None:
    early = Day().opens().gives("a", "10:00").gives("b", "10:00").releases("a", "11:00").releases("b", "11:00")

    found = of_the_day(early, filters={"person": BEN})

    assert [each.values["partner"] for each in found.rows] == ["B"]


def test_question_1_finds_nothing_in_the_weekend(compliance: Compliance) -> None:
    assert answered(compliance, "1").rows == ()


# -- questions that list the breaches of a rule


@pytest.mark.parametrize(
    ("name", "day", "rules"),
    [
        ("2", lambda: Day().opens().gives("a", "10:00"), ["SUP-06"]),
        ("6", lambda: without_prescriber(prescriber=None), ["SUP-04"]),
        ("10", lambda: Day().opens().gives("a", "10:00").releases("a", "12:30"), ["REL-02", "REL-03", "REL-04"]),
        ("18", lambda: Watch().opens().gives("a", "10:00").hands_over("10:43", signed=("received",)), ["SUP-10"]),
    ],
)
def test_a_breach_is_found_by_the_question_about_it(name: str, day: Callable[[], Day], rules: list[str]) -> None:
    found = of_the_day(day(), named(name))
    clean = of_the_day(Day().opens(), named(name))

    assert sorted({str(each.values["rule"]) for each in found.rows}) == rules
    assert found.figures[0].value == len(found.rows)
    assert clean.rows == ()
