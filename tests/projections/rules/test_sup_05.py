"""SUP-05: after a dose each person is checked at the protocol's cadence, until release or departure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.events.base import Event
from ledger.events.fields import ERASED, EXPIRED, WITHHELD, Gone
from projections.compliance.finding import soonest
from tests.ledger.clinic import RN1, SESSION, make
from tests.projections.rules.day import Day, clocks, instant, later, local, moment

Table = list[tuple[str, str, str, str]]


def day(**figures: Any) -> Day:
    return Day().opens(**figures)


def dosed() -> Day:
    return day().gives("a", "10:00")


# -- every verdict, as a story

STORIES: list[tuple[str, Callable[[], Day], str, Table]] = [
    ("nobody was dosed: not applicable", day, "18:00", [("not-applicable", "", "", "")]),
    ("just dosed: pending until 20 minutes later", dosed, "10:01", [("pending", "10:15", "10:20", "")]),
    ("at the limit itself it is still pending", dosed, "10:20", [("pending", "10:15", "10:20", "")]),
    ("a second after the limit it is breached", dosed, "10:20:01", [("breached", "10:15", "10:20", "")]),
    (
        "a check at the limit is in time",
        lambda: dosed().looks_at("a", "10:20"),
        "10:21",
        [("met", "10:15", "10:20", "10:20"), ("pending", "10:35", "10:40", "")],
    ),
    (
        "a check one second late leaves the finding, made late",
        lambda: dosed().looks_at("a", "10:20:01", precision="s"),
        "10:21",
        [("breached", "10:15", "10:20", "10:20:01"), ("pending", "10:35:01", "10:40:01", "")],
    ),
    (
        "a time to the minute stands at second 00",
        lambda: dosed().looks_at("a", "10:20:59"),
        "10:21",
        [("met", "10:15", "10:20", "10:20"), ("pending", "10:35", "10:40", "")],
    ),
    (
        "a check within 55 minutes of the dose is followed after 15 minutes",
        lambda: (
            dosed()
            .looks_at("a", "10:15")
            .looks_at("a", "10:30")
            .looks_at("a", "10:45")
            .looks_at("a", "10:54:59", precision="s")
        ),
        "11:00",
        [
            ("met", "10:15", "10:20", "10:15"),
            ("met", "10:30", "10:35", "10:30"),
            ("met", "10:45", "10:50", "10:45"),
            ("met", "11:00", "11:05", "10:54:59"),
            ("pending", "11:09:59", "11:14:59", ""),
        ],
    ),
    (
        "a check from 55 minutes on is that of the hour: the next after 30 minutes",
        lambda: dosed().looks_at("a", "10:15").looks_at("a", "10:30").looks_at("a", "10:45").looks_at("a", "10:55"),
        "11:00",
        [
            ("met", "10:15", "10:20", "10:15"),
            ("met", "10:30", "10:35", "10:30"),
            ("met", "10:45", "10:50", "10:45"),
            ("met", "11:00", "11:05", "10:55"),
            ("pending", "11:25", "11:30", ""),
        ],
    ),
    (
        "a second dose starts the hour anew and is an anchor of its own",
        lambda: dosed().looks_at("a", "10:15").gives("a", "10:25", "50").looks_at("a", "10:35"),
        "10:40",
        [
            ("met", "10:15", "10:20", "10:15"),
            ("met", "10:30", "10:35", "10:35"),
            ("met", "10:40", "10:45", "10:35"),
            ("pending", "10:50", "10:55", ""),
        ],
    ),
    (
        "the hour of an infusion counts from its stop",
        lambda: (
            day()
            .gives("a", "10:00", "40", stopped="10:40")
            .looks_at("a", "10:15")
            .looks_at("a", "10:30")
            .looks_at("a", "10:45")
            .looks_at("a", "11:00")
        ),
        "11:01",
        [
            ("met", "10:15", "10:20", "10:15"),
            ("met", "10:30", "10:35", "10:30"),
            ("met", "10:45", "10:50", "10:45"),
            ("met", "11:00", "11:05", "11:00"),
            ("pending", "11:15", "11:20", ""),
        ],
    ),
    (
        "what was obtained of nothing does not satisfy",
        lambda: dosed().glances_at("a", "10:15"),
        "10:21",
        [("breached", "10:15", "10:20", "")],
    ),
    (
        "a discharge assessment satisfies too",
        lambda: dosed().assesses("a", "10:15"),
        "10:16",
        [("met", "10:15", "10:20", "10:15"), ("pending", "10:30", "10:35", "")],
    ),
    (
        "a check before the first dose starts nothing",
        lambda: day().looks_at("a", "09:50").gives("a", "10:00"),
        "10:01",
        [("pending", "10:15", "10:20", "")],
    ),
    (
        "a check in the minute of the dose is no check after it",
        lambda: dosed().looks_at("a", "10:00"),
        "10:21",
        [("breached", "10:15", "10:20", "")],
    ),
    (
        "the obligation lapses with a release at the limit",
        lambda: dosed().releases("a", "10:20"),
        "18:00",
        [("met", "10:15", "10:20", "10:20")],
    ),
    (
        "a release after the limit does not heal",
        lambda: dosed().releases("a", "10:21"),
        "18:00",
        [("breached", "10:15", "10:20", "")],
    ),
    (
        "a departure without release ends the checks",
        lambda: dosed().leaves("a", "10:19"),
        "18:00",
        [("met", "10:15", "10:20", "10:19")],
    ),
    (
        "a check after the release does not count any more",
        lambda: dosed().releases("a", "10:21").looks_at("a", "10:22"),
        "18:00",
        [("breached", "10:15", "10:20", "")],
    ),
    (
        "what cannot be read may have been a check: nobody can judge",
        lambda: dosed().looks_at("a", "10:15").loses("supervision-checked", "clinical"),
        "10:16",
        [("cannot-judge", "10:15", "10:20", ""), ("cannot-judge", "10:30", "10:35", "")],
    ),
    (
        "erased values satisfy nobody after the limit either",
        lambda: dosed().looks_at("a", "10:15").loses("supervision-checked", "clinical", absent=ERASED),
        "18:00",
        [("cannot-judge", "10:15", "10:20", ""), ("cannot-judge", "10:30", "10:35", "")],
    ),
    (
        "a check that cannot be read and came too late is a breach whatever it said",
        lambda: dosed().looks_at("a", "10:21").loses("supervision-checked", "clinical"),
        "10:22",
        [("breached", "10:15", "10:20", ""), ("cannot-judge", "10:36", "10:41", "")],
    ),
    (
        "one that can be read by the limit is enough",
        lambda: (
            dosed().looks_at("a", "10:10").looks_at("a", "10:15").loses("supervision-checked", "clinical", at="10:10")
        ),
        "10:16",
        [
            ("met", "10:15", "10:20", "10:15"),
            ("cannot-judge", "10:25", "10:30", ""),
            ("pending", "10:30", "10:35", ""),
        ],
    ),
    (
        "without a published protocol there is nothing to compare with",
        lambda: Day().opens(protocol=False).gives("a", "10:00"),
        "18:00",
        [("cannot-judge", "", "", "")],
    ),
]


@pytest.mark.parametrize(
    ("story", "as_of", "expected"), [pytest.param(s, at, table, id=name) for name, s, at, table in STORIES]
)
def test_the_verdicts_on_a(story: Callable[[], Day], as_of: str, expected: Table) -> None:
    assert clocks(story().findings("SUP-05", slot="a", as_of=as_of)) == expected


def test_each_partner_has_clocks_of_their_own() -> None:
    story = dosed().gives("b", "10:02").looks_at("b", "10:17")

    assert clocks(story.findings("SUP-05", slot="a", as_of="10:21")) == [("breached", "10:15", "10:20", "")]
    assert clocks(story.findings("SUP-05", slot="b", as_of="10:21")) == [
        ("met", "10:17", "10:22", "10:17"),
        ("pending", "10:32", "10:37", ""),
    ]


def test_the_figures_are_those_of_the_protocol() -> None:
    story = day(supervision={"check_every_min": 10, "check_tolerance_min": 2}).gives("a", "10:00")

    assert clocks(story.findings("SUP-05", slot="a", as_of="10:12")) == [("pending", "10:10", "10:12", "")]
    assert clocks(story.findings("SUP-05", slot="a", as_of="10:12:01")) == [("breached", "10:10", "10:12", "")]


def test_a_protocol_published_after_the_opening_that_names_it_was_not_known_then() -> None:
    story = Day().opens(protocol=False).gives("a", "10:00")
    published = day().placed[1]
    story.placed.append(replace(published, position=len(story.placed), dig="0" * 64, received_at=instant("10:30")))

    then = story.findings("SUP-05", slot="a", as_of="10:01", known_at=len(story.placed) - 1)
    now = story.findings("SUP-05", slot="a", as_of="10:01")

    assert [f.verdict for f in (*then, *now)] == ["cannot-judge", "pending"]


def test_the_sentence_says_all_the_numbers_that_were_compared() -> None:
    missing = dosed().findings("SUP-05", slot="a", as_of="10:21")
    late = dosed().looks_at("a", "10:23").findings("SUP-05", slot="a", as_of="10:24")

    assert missing[0].sentence == (
        "A: a check was due at 10:15 and at the latest at 10:20, 15 min after the dose of 10:00; not made."
    )
    assert late[0].sentence == (
        "A: a check was due at 10:15 and at the latest at 10:20, 15 min after the dose of 10:00; "
        "made at 10:23, 3 min after the limit, 23 min after the dose."
    )


def test_the_evidence_is_where_the_dose_the_anchor_and_the_late_check_stand() -> None:
    story = dosed().looks_at("a", "10:15").looks_at("a", "10:36")
    places = [placed.position for placed in story.placed][-3:]

    first, second, _ = story.findings("SUP-05", slot="a", as_of="10:37")

    assert first.evidence == (places[0], places[1])
    assert second.evidence == tuple(places)
    assert second.protocol == 1


def test_a_breach_is_major_and_minor_once_the_late_check_names_the_partners_emergency() -> None:
    plain = dosed().looks_at("a", "10:23")
    named = dosed().looks_at("a", "10:23", late_reason="partner-emergency")
    emergency = named.put(left_alone("partner-emergency"), SESSION, "10:18")
    other_break = dosed().looks_at("a", "10:23", late_reason="partner-emergency")
    other_break.put(left_alone("break"), SESSION, "10:18")
    not_alone = dosed().looks_at("a", "10:23", late_reason="partner-emergency")
    unread = emergency.loses("supervision-checked", "sensitive")

    assert [severity(story) for story in (dosed(), plain, emergency, unread)] == ["M", "M", "m", "M"]
    assert [severity(story) for story in (other_break, not_alone)] == ["M", "M"]
    assert "reason partner-emergency" in emergency.findings("SUP-05", slot="a")[0].sentence


def left_alone(reason: str) -> Event:
    return make("monitor-break-started/1", monitor=RN1, uncovers=["a"], reason_a=reason, reason_b=None)


def severity(story: Day) -> str:
    return story.findings("SUP-05", slot="a", as_of="10:24")[0].severity


def test_a_finding_keeps_its_identity_from_pending_to_made_late_and_no_two_share_one() -> None:
    story = dosed().looks_at("a", "10:23").gives("b", "10:00")
    before = dosed().findings("SUP-05", slot="a", as_of="10:10")[0]
    after = story.findings("SUP-05", as_of="12:00")

    assert after[0].identity == before.identity
    assert len({finding.identity for finding in after}) == len(after)


def test_a_check_recorded_late_was_missing_then_and_is_not_now() -> None:
    story = dosed().looks_at("a", "10:15", recorded="10:50")
    then = story.size_when("10:30")

    assert [f.verdict for f in story.findings("SUP-05", slot="a", as_of="10:30", known_at=then)] == ["breached"]
    assert [f.verdict for f in story.findings("SUP-05", slot="a", as_of="10:30")] == ["met", "pending"]


def test_what_was_known_at_a_position_never_sees_a_deadline_after_the_next_entry() -> None:
    story = dosed().looks_at("a", "10:15")
    before_the_check = len(story.placed) - 1

    (asked_today,) = story.findings("SUP-05", slot="a", as_of="18:00", known_at=before_the_check)

    assert (asked_today.verdict, local(asked_today.limit)) == ("pending", "10:20")


def test_a_claim_from_the_future_counts_from_its_receipt() -> None:
    story = dosed().looks_at("a", "10:40", recorded="10:16")

    assert clocks(story.findings("SUP-05", slot="a", as_of="10:16"))[0] == ("met", "10:15", "10:20", "10:16")


def test_the_board_shows_what_is_outstanding_also_when_it_is_overdue() -> None:
    story = dosed().looks_at("a", "10:15")

    for as_of in ("10:16", "11:30"):
        shown = soonest(story.findings(as_of=as_of), "SUP-05", "a")
        assert shown is not None
        assert local(shown.limit) == "10:35"
    assert soonest(story.looks_at("a", "11:40").releases("a", "11:41").findings(), "SUP-05", "a") is None


# -- for any day


CHECKS = st.lists(st.integers(min_value=1, max_value=10_800), max_size=12)


@settings(max_examples=60, deadline=None)
@given(doses=st.lists(st.integers(0, 7200), min_size=1, max_size=3), checks=CHECKS, more=st.integers(1, 10_800))
def test_one_more_check_never_makes_an_earlier_breach(doses: list[int], checks: list[int], more: int) -> None:
    def breaches(at: list[int]) -> list[str]:
        found = [f for f in played(doses, at).findings("SUP-05", slot="a") if f.verdict == "breached"]
        return sorted(f.limit or "" for f in found)

    before, after = breaches(checks), breaches([*checks, more])

    assert after[:1] >= before[:1] or not after
    assert bool(after) <= bool(before)


@settings(max_examples=60, deadline=None)
@given(doses=st.lists(st.integers(0, 7200), min_size=1, max_size=3), checks=CHECKS, as_of=st.integers(0, 14_400))
def test_what_happens_later_changes_nothing_about_an_earlier_moment(
    doses: list[int], checks: list[int], as_of: int
) -> None:
    whole = played(doses, checks)
    until_then = played([at for at in doses if at <= as_of], [at for at in checks if at <= as_of])
    moment = later("10:00", seconds=as_of)

    assert clocks(whole.findings("SUP-05", slot="a", as_of=moment)) == clocks(
        until_then.findings("SUP-05", slot="a", as_of=moment)
    )


def played(doses: list[int], checks: list[int]) -> Day:
    """Doses and checks so many seconds after 10:00, released at 14:00."""
    story = day()
    for at in doses:
        story.gives("a", later("10:00", seconds=at), precision="s")
    for at in checks:
        story.looks_at("a", later("10:00", seconds=at), precision="s", recorded="18:00")
    return story.releases("a", "14:00") if doses else story


def test_the_words_of_these_stories_mean_what_they_say() -> None:
    assert moment("10:05").isoformat() == "2026-05-16T10:05:00-04:00"
    assert later("10:00", seconds=61) == "16 10:01:01"


@pytest.mark.parametrize(
    ("absent", "words"),
    [(ERASED, "was erased."), (EXPIRED, "is no longer kept."), (WITHHELD, "cannot be read.")],
)
def test_a_verdict_that_rests_on_what_is_gone_says_why(absent: Gone, words: str) -> None:
    story = dosed().looks_at("a", "10:15").loses("supervision-checked", "clinical", absent=absent)

    first = story.findings("SUP-05", slot="a", as_of="18:00")[0]

    assert first.verdict == "cannot-judge"
    assert first.sentence.endswith(words)
    assert first.causes == (("unreadable",) if absent is WITHHELD else ("unreadable", absent.why))
