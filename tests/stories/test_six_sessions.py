"""
Six sessions in eighteen months (scenario S2), played whole: every event of its list, and what must follow.

Given the story file; when it is played into an empty ledger; then …
The list is read from `tests/vectors/stories/six-sessions.txt`, and nothing of it is typed here again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.play_story import StoryLedger
from ledger.encoding import from_instant
from ledger.events.deviations import AuthorisationOverridden, FindingDispositioned
from ledger.events.dosing import DoseAdministered
from ledger.events.release import NoDrivingReleaseSigned, ReleaseAuthorised
from ledger.reading import PlacedEvent
from ledger.session import replay
from projections.compliance.finding import Finding
from projections.compliance.known import Fact, Known
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.reader import Compliance
from projections.compliance.rules.supervision.sup_02 import sup_02
from projections.couple_history import CoupleHistory, couple_history
from projections.own_medication import containers
from projections.session_list import sessions
from projections.session_timeline import timeline
from projections.snapshot import AsOf
from projections.tables import ViewDatabase
from tests.conftest import WEEKEND
from tests.stories.event_list import event_list
from tests.stories.served import everything_served
from tests.stories.told import Told, clock, instant, local, of_type, play

STORY = WEEKEND.with_name("six-sessions.yaml")
NEW_YORK = ZoneInfo("America/New_York")
LIST = event_list("six-sessions.txt")
TITLES = ("S1", "S2", "S3", "S4", "S5", "S6")
AFTERWARDS = "2026-07-20 12:00"
"""The last row of the scenario's table."""

BESIDES = {
    "ledger-opened": 1,
    "staff-registered": 6,
    "key-enrolled": 19,
    "protocol-published": 1,
    "participant-registered": 2,
    "couple-registered": 1,
    "session-scheduled": 6,
    "authorisation-overridden": 1,
    "finding-dispositioned": 1,
    "sys-authorisation-refused": 2,
}
"""What the story has besides the list: people, keys, plans, refusals, and the override and disposition of session 4."""

# Source: scenarios.md, S2, "SUP-05 (all six sessions alike)", copied.
SUP_05 = """
- A 4: dose 09:35→09:50 (09:55): 09:50 · 09:50→10:05 (10:10): 10:05 · 10:05→10:20 (10:25): 10:15 · 10:15→10:30 (10:35): 10:20 · 10:20→10:35 (10:40): 10:35 · 10:35→11:05 (11:10): 11:05 · 11:05→11:35 (11:40): 11:35 · 11:35→12:05 (12:10): 12:05 · 12:05→12:35 (12:40): 12:35 · 12:35→13:05 (13:10): 12:40 · 12:40→13:10 (13:15): end 12:45
- B 4: dose 09:36→09:51 (09:56): 09:51 · 09:51→10:06 (10:11): 10:06 · 10:06→10:21 (10:26): 10:16 · 10:16→10:31 (10:36): 10:21 · 10:21→10:36 (10:41): 10:36 · 10:36→11:06 (11:11): 11:06 · 11:06→11:36 (11:41): 11:36 · 11:36→12:06 (12:11): 12:06 · 12:06→12:36 (12:41): 12:36 · 12:36→13:06 (13:11): 12:40 · 12:40→13:10 (13:15): end 12:45
"""  # noqa: E501  # as the scenario has it


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """All six sessions, played into a ledger of their own; always the same bytes."""
    yield from play(STORY, tmp_path_factory.mktemp("six"), ("Ada", "Bruno"))


@pytest.fixture(scope="module")
def story(told: Told) -> StoryLedger:
    return told.story


@pytest.fixture(scope="module")
def events(told: Told) -> list[PlacedEvent]:
    return told.events


@pytest.fixture(scope="module")
def views(told: Told) -> ViewDatabase:
    return told.views


@pytest.fixture(scope="module")
def judged(told: Told) -> Compliance:
    return told.judged


# -- the list


def test_the_list_has_371_events_and_each_number_once() -> None:
    assert sorted(each.number for each in LIST) == list(range(1, 372))
    assert [each.local for each in LIST] == sorted(each.local for each in LIST)


def test_every_event_of_the_list_is_there_at_its_minute_and_nothing_unexpected(told: Told) -> None:
    assert told.besides(LIST) == BESIDES
    assert len(told.events) == len(LIST) + sum(BESIDES.values()) == 411


def test_every_value_of_the_list_is_the_value_recorded(told: Told) -> None:
    """Credentials of one person and minute are told apart by what they say."""
    assert told.compare(LIST) > 1000


def test_each_is_signed_by_who_signs_it(told: Told) -> None:
    signed_by = told.signed_by

    for title in TITLES:
        nurse = "N1" if title == "S4" else "N2"
        assert signed_by("supervision-checked/1", title) == {(f"{nurse} performed",)}
        assert signed_by("monitor-assigned/1", title) == {(f"{nurse} received",)}
        assert signed_by("session-closed/1", title) == {(f"{nurse} reviewed", "TH reviewed")}
        assert signed_by("release-authorised/1", title) == {("MD2 authorised-release",)}
        assert signed_by("no-driving-release-signed/1", title) == {
            (f"{title}/{slot} acknowledged", f"{nurse} witnessed") for slot in "AB"
        }
    assert signed_by("consent-signed/1") == {("A consented", "TH witnessed"), ("B consented", "TH witnessed")}
    assert signed_by("course-reviewed/1") == {("MD2 reviewed",)}


def test_all_bytes_verify(told: Told) -> None:
    report = told.verified()

    assert report.problems == ()
    assert report.disputed == report.quarantined == report.unread == ()
    assert (report.withheld, report.size) == (0, told.story.ledger.store.head().size)


# -- times


def test_local_times_are_the_right_instants_in_winter_and_in_summer(
    story: StoryLedger, events: list[PlacedEvent]
) -> None:
    doses = [p for p in of_type(events, "dose-administered/1") if p.stream.endswith("/a")]

    assert [(p.payload.occurred.at[:16], p.payload.occurred.offset) for p in doses] == [
        ("2025-01-18T14:35", -300),
        ("2025-04-26T13:35", -240),
        ("2025-08-02T13:35", -240),
        ("2025-11-15T14:35", -300),
        ("2026-02-28T14:35", -300),
        ("2026-07-11T13:35", -240),
    ]
    assert {p.payload.occurred.zone for p in events} == {"America/New_York"}


def test_the_course_spans_539_days_with_these_intervals(views: ViewDatabase) -> None:
    course = couple_history(views, "C-11")
    days = [date.fromisoformat(session.date) for session in course.sessions]

    assert [session.gap_days for session in course.sessions] == [None, 98, 98, 105, 105, 133]
    assert (days[-1] - days[0]).days == 539
    assert [session.ordinal for session in course.sessions] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("title", TITLES)
def test_each_is_released_until_the_minute_of_the_dose_on_the_next_day(
    story: StoryLedger, events: list[PlacedEvent], title: str
) -> None:
    known = story.player.ids[title]
    session = replay(known, (placed for placed in events if placed.stream.startswith(known)))
    listed = {
        each.record[-1].lower(): each.values
        for each in LIST
        if each.type == "release-authorised" and each.record.startswith(title)
    }

    assert session.status == "closed"
    for partner, slot in ((session.a, "a"), (session.b, "b")):
        assert partner.released_until is not None and partner.last_dose is not None
        assert partner.released_until.local == listed[slot]["no_drive_until"]
        assert partner.released_until == partner.promised_until
        waited = from_instant(partner.released_until.at) - from_instant(partner.last_dose.at)
        assert waited.total_seconds() == 24 * 3600


def test_what_is_signed_and_what_is_released_say_the_same_time(events: list[PlacedEvent]) -> None:
    signed = {p.stream: p.event.no_drive_until for p in events if isinstance(p.event, NoDrivingReleaseSigned)}
    released = {p.stream: p.event.no_drive_until for p in events if isinstance(p.event, ReleaseAuthorised)}

    assert len(signed) == 12
    assert signed == released


def test_in_every_session_the_couple_was_together_190_minutes(story: StoryLedger, events: list[PlacedEvent]) -> None:
    for title in TITLES:
        own = [p for p in events if p.stream.startswith(story.player.ids[title])]
        first = min(p.payload.occurred.at for p in own if isinstance(p.event, DoseAdministered))
        last = max(p.payload.occurred.at for p in own if isinstance(p.event, ReleaseAuthorised))
        assert (from_instant(last) - from_instant(first)).total_seconds() == 190 * 60


# -- milligrams


def test_each_partner_has_800_mg_of_their_own(views: ViewDatabase) -> None:
    course = couple_history(views, "C-11")

    assert course.total_mg == (("a", "800"), ("b", "800"))
    assert [[part.total_mg for part in session.parts] for session in course.sessions] == [
        ["100", "100"],
        ["150", "100"],
        ["150", "150"],
        ["150", "150"],
        ["100", "150"],
        ["150", "150"],
    ]


def test_what_is_left_of_each_two_lozenges_is_what_was_counted_out(views: ViewDatabase) -> None:
    sheets = containers(views).containers

    assert len(sheets) == 12
    for sheet in sheets:
        handed_in, dose, handed_out = sheet.movements
        assert handed_in.units == "2"
        assert Decimal(handed_out.units) == 2 - Decimal(dose.mg.lstrip("-")) / 100
        assert (handed_out.expected, handed_out.difference) == (handed_out.units, "0")
        assert (sheet.balance_units, sheet.oddities) == ("0", ())
        assert sheet.owner_slot == sheet.code[4].lower()


def test_the_milligrams_of_both_are_nowhere_added_up(
    story: StoryLedger, views: ViewDatabase, judged: Compliance
) -> None:
    told: list[Any] = [
        *(couple_history(views, "C-11", for_partner=viewer) for viewer in (None, "a", "b")),
        *(
            timeline(views, s.session, for_partner=viewer)
            for s in sessions(views).sessions
            for viewer in (None, "a", "b")
        ),
        containers(views),
        sessions(views),
        *judged.findings(as_of=instant(AFTERWARDS)),
    ]

    assert not [each for each in told if adds_up_both(json.dumps(asdict(each)))]


def test_no_answer_or_page_of_the_service_adds_them_up(told: Told) -> None:
    answers = everything_served(told, AFTERWARDS, "C-11")

    assert sum("800" in answer for answer in answers.values()) >= 3
    assert not [path for path, answer in answers.items() if adds_up_both(answer)]


def adds_up_both(text: str) -> bool:
    """Whether 1600 stands there as a number: not in a time of day, an identifier or a digest."""
    return bool(re.search(r"(?<![\w.:-])1[,.\u202f ]?600(?![\w:-])", text))


# -- what the rules say


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("line", SUP_05.strip().splitlines(), ids=lambda line: line[2:3])
def test_sup_05_has_exactly_the_scenarios_anchors_dues_limits_and_what_met_them(
    judged: Compliance, story: StoryLedger, line: str, title: str
) -> None:
    wanted = re.findall(r"(\d\d:\d\d)→(\d\d:\d\d) \((\d\d:\d\d)\): (?:end )?(\d\d:\d\d)", line)

    found = [
        each
        for each in judged.findings(story.player.ids[title], as_of=instant(AFTERWARDS))
        if (each.rule, each.slot) == ("SUP-05", line[2].lower())
    ]

    assert len(wanted) == 11
    assert {each.verdict for each in found} == {"met"}
    assert [(anchor(f), clock(f.due), clock(f.limit), clock(f.made_at)) for f in found] == wanted


def anchor(finding: Finding) -> str:
    """The time of the anchor as the sentence says it."""
    (time_of_day,) = re.findall(r"after the (?:dose|check) of (\d\d:\d\d);", finding.sentence)
    return str(time_of_day)


@pytest.mark.parametrize(
    "as_of",
    ["2025-01-26 12:00", "2025-11-15 08:56", "2025-11-15 08:58", "2025-11-15 13:00", "2025-11-22 12:00", AFTERWARDS],
)
def test_as_of_each_row_of_the_table_the_rules_judged_here_find_the_certificate_of_n1_alone(
    judged: Compliance, story: StoryLedger, as_of: str
) -> None:
    found = judged.findings(as_of=instant(as_of))

    told = [f for f in found if f.verdict in ("breached", "cannot-judge")]
    assert [the_one(story, f) for f in told] == ([THE_ONE] if as_of >= "2025-11-15 08:57" else [])
    assert {f.rule for f in found} >= {"SUP-05", "REL-01", "REL-07"}


def test_what_is_pending_when_session_4_is_closed(judged: Compliance) -> None:
    found = judged.findings(as_of=instant("2025-11-15 13:00"))

    assert sorted((f.rule, f.slot, f.limit) for f in found if f.verdict == "pending") == [
        ("FU-01", "a", instant("2025-11-17 00:50")),
        ("FU-01", "b", instant("2025-11-17 00:50")),
        ("FU-02", "a", instant("2025-11-22 12:50")),
        ("FU-02", "b", instant("2025-11-22 12:50")),
    ]


THE_ONE = ("SUP-02", "C", "S4", "N1", "bls", "08:57", "declared")
"""Source: scenarios.md, S2, the row of 2025-11-15 08:58."""


def list_name(story: StoryLedger, identifier: str) -> str:
    """A session or a member of staff as the list calls it."""
    return {known: name for name, known in story.player.ids.items()}.get(identifier, identifier)


def the_one(story: StoryLedger, finding: Finding) -> tuple[str, ...]:
    """A finding about somebody on duty as the scenario's table has it."""
    return (
        finding.rule,
        finding.severity,
        list_name(story, finding.session),
        list_name(story, finding.staff or ""),
        finding.credential or "",
        clock(finding.made_at),
        "open" if finding.declared_by is None else "declared",
    )


def test_n1_is_stopped_at_the_gate_before_the_override_and_let_through_after_it(
    story: StoryLedger, events: list[PlacedEvent]
) -> None:
    """Refused {SUP-02 N1 BLS} before 08:57; the override serves the assignment, and the opening too."""
    (override,) = of_type(events, "authorisation-overridden/1")
    known = Known()
    for placed in events:
        known.take(placed)
    for tag in ("monitor-assigned/1", "session-opened/1"):
        (asked,) = (p for p in of_type(events, tag) if p.stream == story.player.ids["S4"])
        stood = []
        for size in (override.position, override.position + 1):
            history = LedgerAt(known, size=size, as_of=Fact.of(asked).at, proposed=Fact.of(asked)).session(asked.stream)
            found = [f for f in sup_02.findings(history) if f.verdict == "breached"]
            assert [(list_name(story, f.staff or ""), f.credential) for f in found] == [("N1", "bls")], tag
            stood += [sup_02.override(history, f) for f in found]
        before, after = stood
        assert before is None, tag
        assert after is not None and after.position == override.position, tag


@pytest.mark.parametrize("title", TITLES)
def test_both_were_released_after_the_minimum_and_in_the_care_of_the_sister(
    judged: Compliance, story: StoryLedger, title: str
) -> None:
    found = judged.findings(story.player.ids[title], as_of=instant(AFTERWARDS))
    released = [f for f in found if f.rule == "REL-01"]

    assert [f.verdict for f in released] == ["met", "met"]
    assert [re.findall(r"(\d+) min after", f.sentence)[0] for f in released] == ["190", "189"]
    assert [f.verdict for f in found if f.rule == "REL-07"] == ["met", "met"]


@pytest.mark.parametrize("title", TITLES)
def test_at_no_five_minutes_of_a_session_is_anything_breached_but_the_certificate_of_n1(
    judged: Compliance, story: StoryLedger, views: ViewDatabase, title: str
) -> None:
    (day,) = (each.date for each in sessions(views).sessions if each.session == story.player.ids[title])
    for hour in range(9, 14):
        for minute in range(0, 60, 5):
            found = judged.findings(story.player.ids[title], as_of=instant(f"{day} {hour:02}:{minute:02}"))
            told = [the_one(story, f) for f in found if f.verdict in ("breached", "cannot-judge")]
            assert told == ([THE_ONE] if title == "S4" else [])


# -- session 4: overridden beforehand, looked into afterwards


def test_n1_was_assigned_without_a_valid_certificate_under_an_override_given_beforehand(
    told: Told, events: list[PlacedEvent]
) -> None:
    (override,) = of_type(events, "authorisation-overridden/1")
    (assignment,) = (p for p in of_type(events, "monitor-assigned/1") if p.stream == told.ids["S4"])
    (opening,) = (p for p in of_type(events, "session-opened/1") if p.stream == told.ids["S4"])

    assert isinstance(override.event, AuthorisationOverridden)
    assert (override.event.rule, override.event.credential) == ("SUP-02", "bls")
    assert override.event.reason == "ACLS MD2 in room throughout"
    assert told.name(override.event.staff or "") == "N1"
    assert override.stream == assignment.stream == opening.stream
    assert override.position < assignment.position < opening.position
    assert [clock(p.payload.occurred.at) for p in (override, assignment, opening)] == ["08:57", "08:57", "09:00"]
    assert [(told.name(s.by), s.role) for s in override.payload.attested] == [("MDIR", "medical-director")]
    assert certificates_of_n1(told.story, events, "2025-11-15") == []
    assert len(certificates_of_n1(told.story, events, "2025-10-31")) == 1
    assert len(certificates_of_n1(told.story, events, "2025-11-20")) == 1


def certificates_of_n1(story: StoryLedger, events: list[PlacedEvent], day: str) -> list[Any]:
    """N1's certificates in basic life support that are valid on a day, as known now."""
    held = [p.event for p in of_type(events, "credential-granted/1") if p.stream == story.player.ids["N1"]]
    return [each for each in held if each.credential == "bls" and each.effective <= day <= each.expires]  # type: ignore[attr-defined]


def test_the_disposition_is_by_somebody_else_than_who_declared_it_and_names_its_evidence(
    told: Told, events: list[PlacedEvent]
) -> None:
    (disposition,) = of_type(events, "finding-dispositioned/1")
    (override,) = of_type(events, "authorisation-overridden/1")
    (assignment,) = (p for p in of_type(events, "monitor-assigned/1") if p.stream == told.ids["S4"])

    assert isinstance(disposition.event, FindingDispositioned)
    assert (disposition.event.rule, disposition.event.outcome) == ("SUP-02", "accepted-deviation")
    assert disposition.event.session == told.ids["S4"]
    assert [each.id for each in disposition.event.evidence] == [override.payload.id, assignment.payload.id]
    assert [(told.name(s.by), s.role) for s in disposition.payload.attested] == [("CO", "compliance-officer")]


def test_session_5_was_opened_only_after_the_evaluations_and_consents_of_that_morning(
    story: StoryLedger, events: list[PlacedEvent]
) -> None:
    day = [p for p in events if local(p.payload.occurred.at).startswith("2026-02-28")]
    before = [
        p.payload.type.partition("/")[0]
        for p in day
        if p.position < next(q.position for q in day if q.payload.type == "session-opened/1")
    ]

    assert before.count("evaluation-completed") == before.count("consent-signed") == before.count("order-signed") == 2


# -- as it was known


def test_the_course_as_it_was_known_after_the_third_session(story: StoryLedger, views: ViewDatabase) -> None:
    third = next(p for p in story.played if p.type == "session-closed/1" and p.step.target == "S3").recorded.position

    course = couple_history(views, "C-11", as_of=AsOf(known_at=third + 1))

    assert course.total_mg == (("a", "400"), ("b", "350"))
    assert [session.status for session in course.sessions] == ["closed"] * 3
    assert couple_history(views, "C-11", as_of=AsOf(happened_up_to=instant("2025-08-02 13:00"))).total_mg == (
        course.total_mg
    )


def test_what_was_found_at_any_position_was_never_a_breach_but_a_declared_one(
    story: StoryLedger, judged: Compliance
) -> None:
    positions = [p.recorded.position for p in story.played if p.step.target.startswith("S4")]

    for position in positions[2::7]:
        found = judged.findings(story.player.ids["S4"], as_of=instant(AFTERWARDS), known_at=position + 1)
        assert [the_one(story, f) for f in found if f.verdict == "breached"] in ([], [THE_ONE])


# -- what the other may not read


@pytest.mark.parametrize(("own", "other"), [("a", "b"), ("b", "a")])
def test_a_partners_timeline_holds_nothing_of_the_other(views: ViewDatabase, own: str, other: str) -> None:
    for session in sessions(views).sessions:
        whole = timeline(views, session.session)
        mine = timeline(views, session.session, for_partner=own)
        theirs = [row for row in whole.rows if row.slot == other]

        assert len(theirs) >= 21
        assert {row.slot for row in mine.rows} == {own, "both"}
        assert not {row.position for row in theirs} & {place for row in mine.rows for place in row.evidence}
        assert other.upper() not in {signed.by for row in mine.rows for signed in row.signed}
        assert f"{other.upper()}:" not in repr(mine)
        assert f"own-{other.upper()}" not in repr(mine)
        only_theirs = tokens(theirs) - tokens([row for row in whole.rows if row.slot != other])
        assert only_theirs
        assert not only_theirs & tokens(mine.rows)


@pytest.mark.parametrize(("own", "other"), [("a", "b"), ("b", "a")])
def test_a_partners_course_says_of_the_other_only_that_they_came(
    views: ViewDatabase, events: list[PlacedEvent], own: str, other: str
) -> None:
    mine = couple_history(views, "C-11", for_partner=own)
    theirs = values_of(couple_history(views, "C-11"), other) - values_of(couple_history(views, "C-11"), own)

    assert dict(mine.total_mg) == {own: "800"}
    for session in mine.sessions:
        (shared,) = session.shared
        assert (shared.slot, shared.attended) == (other, "yes")
        assert {shared.dosed, shared.dose, shared.highest_pressure} == {"not shared"}
        assert kinds_at(events, shared.evidence) == {"participant-checked-in/1"}
    assert len(theirs) >= 12
    assert not [value for value in theirs if value in repr(mine)]


def kinds_at(events: list[PlacedEvent], positions: Iterable[int]) -> set[str]:
    return {placed.payload.type for placed in events if placed.position in set(positions)}


def tokens(rows: Iterable[Any]) -> set[str]:
    """The words and numbers of these rows that say something."""
    found = {token for row in rows for token in re.findall(r"[A-Za-z0-9/.:-]+", f"{row.phrase} {row.local}")}
    return {token for token in found if len(token) > 3 or "/" in token}


def values_of(history: CoupleHistory, slot: str) -> set[str]:
    """What could be recognised in one partner's parts: dose times, and until when."""
    parts = [part for session in history.sessions for part in session.parts if part.slot == slot]
    return {text for part in parts for text in (*(dose.local for dose in part.doses), part.released)}
