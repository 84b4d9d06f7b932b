"""
A partner declines (scenario S4), played whole: every event of its list, and what must follow.

Every rule that is judged gives exactly the rows of the scenario's table, and of its negative twin.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from ledger.errors import Refused
from ledger.events.dosing import DoseDeclined
from ledger.events.incidents import BoundaryIncidentRecorded
from ledger.session import replay
from projections.couple_history import couple_history
from projections.own_medication import containers
from projections.session_timeline import timeline
from projections.snapshot import AsOf
from tests.conftest import WEEKEND
from tests.stories.event_list import event_list
from tests.stories.served import everything_served
from tests.stories.told import Told, changed, clock, local, play

STORY = WEEKEND.with_name("one-partner-declines.yaml")
PARTNERS = ("Ava", "Boris")
LIST = event_list("one-partner-declines.txt")
AFTERWARDS = "2026-09-18 12:00"
BESIDES = {
    "ledger-opened": 1,
    "staff-registered": 5,
    "key-enrolled": 8,
    "credential-granted": 3,
    "protocol-published": 1,
    "participant-registered": 2,
    "couple-registered": 1,
    "session-scheduled": 1,
    "sys-authorisation-refused": 1,
}
"""What the story has besides the list: people, keys, plans, the refusal, and the credentials of T1."""

# Source: scenarios.md, S4, "SUP-05", copied.
SUP_05 = "A: dose 10:00→10:15 (10:20): 10:15 · 10:15→10:30 (10:35): 10:30 · 10:30→10:45 (10:50): 10:40 · 10:40→10:55 (11:00): 10:45 · 10:45→11:00 (11:05): 11:00 · 11:00→11:30 (11:35): 11:30 · 11:30→12:00 (12:05): 12:00 · 12:00→12:30 (12:35): 12:30 · 12:30→13:00 (13:05): 13:02 · 13:02→13:32 (13:37): end 13:05"  # noqa: E501  # as the scenario has it

DECLINED = "private: yes, reason_class: withheld, pressure_concern: yes"
OTHERWISE = "private: yes, reason_class: unwell, pressure_concern: no"
COUNTED = ("Boris, count: 10", "Boris, count: 9.9")
DOSED = """    - {at: 10:55, event: dose-administered, for: S4/Boris, by: RN3, order: order-B, container: own-B,
       route: sublingual, mass: 10 mg, units: 0.1, ordinal: 1, identifiers: [name, birth-date], self_administered: no}
"""
BOOKED = ("follow_up_booked_a: yes\n", "follow_up_booked_a: yes\n      follow_up_booked_b: yes\n")
"""The closing books the call of each dosed partner (standing fact 11)."""
SECOND = ("refused: [ORD-09 B, PRE-01 B, PRE-06 B]", "refused: [ORD-02 B, ORD-05 B, ORD-09 B]")
"""What is asked for at 11:05 would be a second dose then, ten minutes after the first."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    yield from play(STORY, tmp_path_factory.mktemp("declines"), PARTNERS)


@pytest.fixture(scope="module")
def otherwise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The same day, but B had another reason, and feared nothing."""
    folder = tmp_path_factory.mktemp("otherwise")
    yield from play(changed("one-partner-declines", folder, (DECLINED, OTHERWISE)), folder, PARTNERS)


def test_every_event_of_the_list_is_there_at_its_minute_and_nothing_unexpected(told: Told) -> None:
    """Line 30, his new role, is carried by the decline."""
    assert sorted(each.number for each in LIST) == [n for n in range(1, 57) if n != 30]
    assert told.besides(LIST) == BESIDES
    assert len(told.events) == len(LIST) + sum(BESIDES.values()) == 78


def test_every_value_of_the_list_is_the_value_recorded(told: Told) -> None:
    assert told.compare(LIST) == 174


def test_each_is_signed_by_who_signs_it(told: Told) -> None:
    assert told.signed_by("dose-declined/1") == {("S4/B declined", "T1 observed")}
    assert told.signed_by("boundary-incident-recorded/1") == {("T1 received",)}
    assert told.signed_by("own-medication-checked-out/1") == {
        (f"S4/{slot} received", "RN3 relinquished", "MD1 observed") for slot in "AB"
    }
    assert told.signed_by("follow-up-contact-made/1") == {("RN3 performed",), ("T1 performed",)}


def test_all_bytes_verify(told: Told) -> None:
    report = told.verified()

    assert report.problems == ()
    assert report.disputed == report.quarantined == report.unread == ()
    assert (report.withheld, report.size) == (0, told.story.ledger.store.head().size)


def test_he_declined_as_sober_support_and_nothing_was_given_to_him(told: Told) -> None:
    own = told.ids["S4"]
    session = replay(own, (placed for placed in told.events if placed.stream.startswith(own)))
    (declined,) = told.of_type("dose-declined/1")

    assert isinstance(declined.event, DoseDeclined)
    assert (declined.event.role_after, declined.event.reason_class) == ("sober-support", "withheld")
    assert declined.event.pressure_concern is True
    assert (clock(session.b.declined_at), clock(session.b.departed_at)) == ("09:43", "13:06")
    assert (session.b.doses, session.b.released_at, session.b.last_check_at) == ((), None, None)
    assert session.a.released_until is not None
    assert session.a.released_until.local == "2026-09-13 10:00 EDT"


def test_ten_lozenges_became_nine_and_ten_stayed_ten(told: Told) -> None:
    sheets = {sheet.code: sheet for sheet in containers(told.views).containers}

    for code, left, kinds in (("own-A", "9", 3), ("own-B", "10", 2)):
        handed_out = sheets[code].movements[-1]
        assert len(sheets[code].movements) == kinds
        assert sheets[code].movements[0].units == "10"
        assert (handed_out.units, handed_out.expected, handed_out.difference) == (left, left, "0")
        assert sheets[code].oddities == ()


# -- what the rules say


def test_sup_05_has_exactly_the_scenarios_anchors_dues_limits_and_what_met_them(told: Told) -> None:
    wanted = re.findall(r"(\d\d:\d\d)→(\d\d:\d\d) \((\d\d:\d\d)\): (?:end )?(\d\d:\d\d)", SUP_05)
    found = [f for f in told.findings("S4", AFTERWARDS) if (f.rule, f.slot) == ("SUP-05", "a")]

    assert len(wanted) == 10
    assert {f.verdict for f in found} == {"met"}
    assert [
        (*re.findall(r"after the (?:dose|check) of (\d\d:\d\d);", f.sentence), clock(f.due), clock(f.limit))
        for f in found
    ] == [each[:3] for each in wanted]
    assert [clock(f.made_at) for f in found] == [each[3] for each in wanted]


@pytest.mark.parametrize(
    ("as_of", "pending"),
    [
        ("2026-09-12 13:30", ["FU-01 a 2026-09-14 01:06", "FU-02 a 2026-09-19 13:06"]),
        ("2026-09-13 12:00", ["FU-02 a 2026-09-19 13:06"]),
        (AFTERWARDS, []),
    ],
)
def test_as_of_each_row_nothing_is_found_and_nothing_at_all_is_due_for_who_was_not_dosed(
    told: Told, as_of: str, pending: list[str]
) -> None:
    assert told.findings("S4", as_of, "breached", "cannot-judge") == []
    waiting = told.findings("S4", as_of, "pending")
    assert [f"{f.rule} {f.slot} {local(f.limit or '')}" for f in waiting] == pending
    his = [f for f in told.findings("S4", as_of) if f.slot == "b" and f.rule.startswith(("SUP", "REL"))]
    assert {f.verdict for f in his if f.rule != "REL-10"} == {"not-applicable"}
    assert [f.verdict for f in his if f.rule == "REL-10"] == ["met"]  # a session closes when both have left
    assert [f.verdict for f in told.findings("S4", as_of) if (f.rule, f.slot) == ("REL-07", "a")] == ["met"]


def test_at_no_five_minutes_of_the_day_is_anything_breached(told: Told) -> None:
    for hour in range(9, 14):
        for minute in range(0, 60, 5):
            assert told.findings("S4", f"2026-09-12 {hour:02}:{minute:02}", "breached", "cannot-judge") == []


def test_had_he_taken_10_mg_he_could_not_have_taken_her_home(tmp_path: Path) -> None:
    """Negative twin: refused at the door; had nobody asked, exactly these eleven."""
    before = "    - {at: 11:00, for: S4/Ava, usual: check}\n"
    dosed = changed("one-partner-declines", tmp_path, (before, DOSED + before), COUNTED, BOOKED, SECOND)
    with pytest.raises(Refused) as refused:
        next(play(dosed, tmp_path / "asked", PARTNERS))
    assert [each.rule for each in refused.value.objections] == ["REL-07"]
    for told in play(dosed, tmp_path, PARTNERS, asks=False):
        found = told.findings("S4", AFTERWARDS, "breached")

        assert sorted((f.rule, f.severity, f.slot, clock(f.limit or f.made_at)) for f in found) == [
            ("ORD-02", "C", "b", "10:55"),
            ("ORD-09", "C", "b", "10:55"),
            ("ORD-10", "M", "b", "10:55"),
            ("PRE-01", "C", "b", "10:55"),
            ("PRE-06", "C", "b", "10:55"),
            ("REL-07", "C", "a", "13:06"),
            ("REL-07", "C", "b", "13:06"),
            ("REL-11", "C", "b", "13:21"),
            ("SUP-01", "C", "b", "11:00"),
            ("SUP-05", "M", "b", "11:15"),
            ("SUP-06", "M", "b", "11:45"),
        ]
        (alone,) = (f.sentence for f in found if f.rule == "SUP-01")
        assert "from 10:55 to 13:06, 131 min" in alone
        (hers,) = (f.sentence for f in found if f.rule == "REL-07" and f.slot == "a")
        assert hers.endswith("the escort is B, dosed at 10:55, who may not drive until Sun 13 Sep 10:55.")
        (_, his) = (f for f in told.findings("S4", AFTERWARDS) if f.rule == "REL-01")
        assert (his.verdict, "131 min after" in his.sentence) == ("met", True)


# -- what she may not read


def told_to(told: Told, partner: str | None) -> list[str]:
    """The timeline and the couple's course as this reader gets them; digests and identifiers say nothing here."""
    return [
        json.dumps(asdict(timeline(told.views, told.ids["S4"], for_partner=partner))),
        json.dumps(asdict(couple_history(told.views, "C-19", for_partner=partner))),
    ]


def test_whatever_his_reason_was_she_reads_exactly_the_same(told: Told, otherwise: Told) -> None:
    assert told.ids == otherwise.ids
    assert told_to(told, "a") == told_to(otherwise, "a")
    assert told_to(told, "b") != told_to(otherwise, "b"), "he may read what he said himself"


@pytest.mark.parametrize(
    "word", ["declined", "concern about pressure", "partner-pressure", "sober-support", "incident"]
)
def test_her_copy_says_nothing_of_it(told: Told, word: str) -> None:
    for answer in told_to(told, "a"):
        assert word not in answer.replace('"declined": null', "")


def test_the_service_tells_her_the_same_whatever_he_said_and_tells_nobody_here_of_an_incident(
    told: Told, otherwise: Told
) -> None:
    answers, others = (everything_served(each, AFTERWARDS, "C-19") for each in (told, otherwise))
    hers = [path for path in answers if path.endswith("?partner=a")]

    assert len(hers) == 2
    assert [answers[path] for path in hers] == [others[path] for path in hers]
    assert not [path for path, answer in answers.items() if "partner-pressure" in answer]


def test_the_course_says_to_her_only_that_he_attended(told: Told) -> None:
    (session,) = couple_history(told.views, "C-19", for_partner="a").sessions
    (his,) = session.shared

    assert his.attended == "yes"
    assert {his.dosed, his.dose, his.highest_pressure} == {"not shared"}


def test_the_pressure_stands_on_a_record_that_is_in_no_copy_and_in_no_view_of_the_session(told: Told) -> None:
    (incident,) = told.of_type("boundary-incident-recorded/1")

    assert isinstance(incident.event, BoundaryIncidentRecorded)
    assert incident.stream.removeprefix("governance/") != told.ids["S4"].removeprefix("session/")
    for viewer in (None, "a", "b"):
        rows = timeline(told.views, told.ids["S4"], for_partner=viewer).rows
        assert incident.position not in {place for row in rows for place in row.evidence}


def test_his_reason_is_open_in_no_payload(told: Told) -> None:
    (declined,) = told.of_type("dose-declined/1")
    opened = [str(p.payload.body) for p in told.events if p.stream.startswith("session/")]

    assert declined.payload.body == {}
    assert not [body for body in opened if re.search("withheld|pressure|sober", body)]


def test_before_he_said_no_nobody_could_read_that_he_would(told: Told) -> None:
    (declined,) = told.of_type("dose-declined/1")
    then = timeline(told.views, told.ids["S4"], as_of=AsOf(known_at=declined.position))

    assert max(row.position for row in then.rows) < declined.position
    assert "declined" not in repr(then)
