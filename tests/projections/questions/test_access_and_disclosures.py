"""The view of access and disclosures: looks, what was shown, what was allowed and asked for, in one list by time."""

from __future__ import annotations

from api.web.answers_in_care import reach_of
from projections.questions.asking import named
from tests.ledger.clinic import ANA, BEN, RN1, SLOT_A, SLOT_B
from tests.projections.questions.test_q38 import begun
from tests.projections.questions.words import asked, counted, told

VIEW = "access-and-disclosures"


def test_everything_that_reached_somebody_stands_in_one_list_by_time() -> None:
    day = begun().looks("11:00", SLOT_A)
    day.asks_for("access-request-received", "12:00").discloses("12:30").allows("13:00", whose=BEN)
    found = asked(day, VIEW)

    assert told(found, "at", "what", "person", "record") == [
        ("11:00", "looked", None, SLOT_A),
        ("12:00", "access asked for", ANA, None),
        ("12:30", "shown", ANA, None),
        ("13:00", "release signed", BEN, None),
    ]
    assert told(found, "who", "treats")[0] == (RN1, True)
    assert told(found, "recipient", "basis", "accountable")[2] == ("St M, ward 4", "own-authorisation", True)
    assert [counted(found, name) for name in ("looks", "urgent", "shown", "accountable")] == [1, 0, 1, 1]


def test_of_one_participant_nothing_about_their_partner_alone() -> None:
    day = begun().looks("11:00", SLOT_A).looks("11:05", SLOT_B).discloses("12:30").discloses("13:00", whose=BEN)

    assert told(asked(day, VIEW, person=ANA), "record", "person") == [(SLOT_A, None), (None, ANA)]


def test_it_is_read_by_office_alone() -> None:
    assert reach_of(named(VIEW)) == "by-office"


def test_what_was_corrected_and_the_sheet_of_a_session_are_views_by_name() -> None:
    assert (named("corrections"), named("session-sheet")) == (named("35"), named("48"))
