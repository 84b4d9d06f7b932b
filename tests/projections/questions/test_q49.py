"""Question 49: the findings with what became of them, by what is known, and how often rules were overridden."""

from __future__ import annotations

from projections.questions.answer import OF_STAFF, Found
from projections.questions.small_groups import NOTE, SMALLEST
from tests.ledger.clinic import MD1, PT1, RN1, blank, make, uuid
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day

OTHER_DOCTOR = f"staff/{uuid(6)}"


def released_early() -> Day:
    return Day().opens().gives("a", "10:00").releases("a", "10:30")


def state(day: Day, rule: str = "REL-01", **when: str | int) -> list[tuple[object, ...]]:
    found = asked(day, "49", **when)  # type: ignore[arg-type]
    return [each[1:] for each in told(found, "rule", "state", "by_itself", "since") if each[0] == rule]


def several(sessions: int, *, overridden: int = 0, prescriber: str = MD1) -> Day:
    """So many sessions with a dose each; in some of them a rule about staff was overridden."""
    day = Day()
    for number in range(sessions):
        session = f"session/{uuid(300 + number)}"
        day.opens(session)
        if prescriber != MD1:
            opened = day.placed[-1].event.model_copy(update={"prescriber": prescriber})
            day.placed.pop()
            day.put(opened, session, "09:00")
        if number < overridden:
            fields = blank("authorisation-overridden/1") | {"rule": "SUP-03", "reason": "emergency", "staff": RN1}
            event = make("authorisation-overridden/1", **fields)
            day.put(event, session, "09:30", who=[(MD1, "authorised", "medical-director")])
        day.gives("a", "10:00", session=session)
    return day


def figures(found: Found) -> dict[str, object]:
    return {each.name: each.value for each in found.figures}


def test_a_finding_is_open_then_closed_by_itself_where_the_second_person_signed_and_reopened_by_a_dispute() -> None:
    day = released_early()
    opened = len(day.placed)
    day.voids("11:00").signs("11:05")
    closed = len(day.placed)
    day.signs("11:30", of=-2, by=PT1, verdict="disputes")

    assert state(day, known_at=opened) == [("open", False, "10:30")]
    assert state(day, known_at=closed) == [("closed", True, "11:05")]
    assert state(day) == [("reopened", True, "11:30")]
    then = asked(day, "49", known_at=closed)
    assert counted(then, "closed") == len([each for each in then.rows if each.values["state"] == "closed"]) > 1


def test_the_events_behind_a_row_are_those_of_the_finding_and_of_what_turned_it() -> None:
    day = released_early()
    release = len(day.placed) - 1
    day.voids("11:00").signs("11:05")

    (row,) = [each for each in asked(day, "49").rows if each.values["rule"] == "REL-01"]
    assert {release, len(day.placed) - 1} <= set(row.evidence)


def test_overrides_are_counted_over_enough_sessions_and_for_each_hundred_doses() -> None:
    found = figures(asked(several(SMALLEST, overridden=2), "49"))

    assert (found["overrides"], found["per_hundred"]) == (2, "40.0")
    assert found[f"{OF_STAFF}{MD1}"] == "2 in 5 sessions, 40.0 for 100 doses"


def test_of_fewer_sessions_it_is_not_said_how_often_and_the_note_is_there_in_any_case() -> None:
    few, enough = asked(several(SMALLEST - 1, overridden=1), "49"), asked(several(SMALLEST), "49")

    assert not {"overrides", "per_hundred"} & set(figures(few))
    assert not [name for name in figures(few) if name.startswith(OF_STAFF)]
    assert few.notes == enough.notes == (NOTE,)
    one = asked(several(SMALLEST, overridden=1), "49", session=f"session/{uuid(300)}")
    assert "overrides" not in figures(one), "of one session among enough"


def test_who_overrode_in_few_sessions_is_not_named_nor_anybody_by_whom_they_could_be_reckoned() -> None:
    """MD1 overrode in two of the sessions that somebody else prescribed for: four remain of six, and all are hidden."""
    found = figures(asked(several(SMALLEST + 1, overridden=2, prescriber=OTHER_DOCTOR), "49"))

    assert found["overrides"] == 2
    assert [name for name in found if name.startswith(OF_STAFF)] == []


def test_a_finding_that_never_was_is_no_row() -> None:
    assert state(Day().opens().gives("a", "10:00"), "REL-01") == []


def test_an_open_finding_is_told_with_its_age_and_one_that_is_not_so_yet_is_no_row() -> None:
    day = Day().opens().gives("a", "10:00")
    found = [each.values for each in asked(day, "49", as_of="18 18:00").rows if each.values["rule"] == "SUP-05"]

    assert found and {(each["partner"], each["state"], each["age_days"]) for each in found} == {("A", "open", 2)}
    assert not [each for each in asked(day, "49", as_of="10:10").rows if each.values["rule"] == "SUP-05"]
