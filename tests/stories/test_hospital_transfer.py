"""
Adverse event and hospital transfer (scenario S3), played whole: every event of its list, and what must follow.

What is judged gives exactly the rows of the table of the scenario; what is not judged yet, `unjudged.py` names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from ledger.events.authority import ProtocolPublished
from ledger.events.dosing import DoseAdministered
from ledger.events.inventory import InventoryCounted, StockReceived
from ledger.events.lifecycle import SessionClosed
from ledger.events.losses import WastageRecorded
from ledger.session import replay
from projections.compliance.finding import Finding
from projections.questions.asking import ask
from projections.session_timeline import timeline
from projections.snapshot import AsOf
from tests.conftest import WEEKEND
from tests.stories.event_list import event_list
from tests.stories.told import Told, changed, clock, instant, local, play
from tests.stories.unjudged import judged

STORY = WEEKEND.with_name("hospital-transfer.yaml")
PARTNERS = ("Alma", "Bastian")
LIST = event_list("hospital-transfer.txt")
AFTERWARDS = "2026-06-22 12:00"
LATE = "A: a check was due at 10:47 and at the latest at 10:52, 15 min after the check of 10:32; "

BESIDES = {
    "ledger-opened": 1,
    "staff-registered": 5,
    "key-enrolled": 8,
    "training-completed": 1,
    "protocol-published": 1,
    "participant-registered": 2,
    "couple-registered": 1,
    "session-scheduled": 1,
    "sharing-preference-recorded": 1,
    "prescriber-arrived": 1,
    "emergency-services-called": 1,
    "emergency-services-arrived": 1,
    "disclosure-made": 1,
    "transport-plan-deviation-recorded": 1,
    "sys-authorisation-refused": 1,
}
"""What the story has besides the list: people, keys, plans, the refusal, what the scenario prints in its table only."""

# Source: scenarios.md, S3, "SUP-05", copied.
SUP_05 = """
- A: dose 10:02→10:17 (10:22): 10:17 · 10:17→10:32 (10:37): 10:32 · 10:32→10:47 (10:52): **10:55 late** · 10:55→11:10 (11:15): 11:10 · 11:10→11:40 (11:45): 11:40 · 11:40→12:10 (12:15): 12:10 · 12:10→12:40 (12:45): 12:40 · 12:40→13:10 (13:15): 13:02 · 13:02→13:32 (13:37): end 13:10
- B: dose 10:00→10:15 (10:20): 10:15 · 10:15→10:30 (10:35): 10:30 · 10:30→10:45 (10:50): 10:40 · 10:40→10:55 (11:00): 10:45 · 10:45→11:00 (11:05): 10:50 · 10:50→11:05 (11:10): 10:55 · 10:55→11:25 (11:30): 11:00 · 11:00→11:30 (11:35): 11:05 · 11:05→11:35 (11:40): 11:10 · 11:10→11:40 (11:45): 11:15 · 11:15→11:45 (11:50): end 11:20
"""  # noqa: E501  # as the scenario has it


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    yield from play(STORY, tmp_path_factory.mktemp("transfer"), PARTNERS)


def test_every_event_of_the_list_is_there_at_its_minute_and_nothing_unexpected(told: Told) -> None:
    assert sorted(each.number for each in LIST) == list(range(1, 83))
    assert told.besides(LIST) == BESIDES
    assert len(told.events) == len(LIST) + sum(BESIDES.values()) == 109


def test_every_value_of_the_list_is_the_value_recorded(told: Told) -> None:
    assert told.compare(LIST) == 268


def test_the_protocol_is_the_one_with_two_watched_by_one_at_low_doses(told: Told) -> None:
    (published,) = told.of_type("protocol-published/1")
    assert isinstance(published.event, ProtocolPublished)
    figures = published.event.parameters.supervision

    assert (published.event.name, published.event.version) == ("KAP-COUPLE-IM", "v1")
    assert (figures.ratio_injected_low, figures.ratio_injected_low_mg_per_kg) == (2, "0.55")


def test_each_is_signed_by_who_signs_it(told: Told) -> None:
    assert told.signed_by("supervision-checked/1", "S3/B") == {("RN1 performed",)}
    assert told.signed_by("supervision-checked/1", "S3/A") == {("RN1 performed",), ("T1 performed",)}
    assert told.signed_by("monitor-handover/1") == {("RN1 relinquished", "T1 received")}
    assert told.signed_by("dose-prepared/1") == {("RN1 performed", "MD1 verified")}
    assert told.signed_by("wastage-recorded/1") == {("RN1 performed", "MD1 witnessed")}
    assert told.signed_by("inventory-counted/1") == {("RN1 performed", "MD1 verified")}
    assert told.signed_by("participant-transferred/1") == {("RN1 relinquished",)}
    assert told.signed_by("seriousness-upgraded/1") == {("MD1 reviewed",)}
    assert told.signed_by("disclosure-made/1") == {("CO performed",)}
    assert told.signed_by("sharing-preference-recorded/1") == {("B consented",)}


def test_all_bytes_verify(told: Told) -> None:
    report = told.verified()

    assert report.problems == ()
    assert report.disputed == report.quarantined == report.unread == ()
    assert (report.withheld, report.size) == (0, told.story.ledger.store.head().size)


# -- the two partners


def test_one_was_transferred_the_other_released_until_the_minute_of_her_dose_the_next_day(told: Told) -> None:
    own = told.ids["S3"]
    session = replay(own, (placed for placed in told.events if placed.stream.startswith(own)))
    a, b = session.a, session.b

    assert session.status == "closed"
    assert (local(b.transferred_at or ""), b.released_at, b.departed_at) == ("2026-06-13 11:20", None, None)
    assert (clock(a.released_at), clock(a.departed_at), a.transferred_at) == ("13:10", "13:12", None)
    assert a.released_until is not None
    assert a.released_until.local == "2026-06-14 10:02 EDT"
    assert a.released_until == a.promised_until
    assert (a.total_mg, b.total_mg) == (Decimal(30), Decimal(40))
    (closed,) = (p.event for p in told.of_type("session-closed/1"))
    assert isinstance(closed, SessionClosed)
    assert (closed.ended_a, closed.ended_b) == ("departed", "transferred")


def test_nobody_watched_her_for_two_minutes(told: Told) -> None:
    def monitors(at: str) -> list[set[str]]:
        until = [p for p in told.events if local(p.payload.occurred.at) <= f"2026-06-13 {at}"]
        session = replay(told.ids["S3"], (p for p in until if p.stream.startswith(told.ids["S3"])))
        return [{told.name(each) for each in partner.monitors} for partner in (session.a, session.b)]

    assert monitors("10:40") == [{"RN1"}, {"RN1"}]
    assert monitors("10:42") == [set(), {"RN1"}]
    assert monitors("10:43") == [{"T1"}, {"RN1"}]
    assert monitors("11:20") == [{"T1"}, set()]
    assert monitors("13:12") == [set(), set()]


def test_the_auditors_find_every_mg_of_the_vial(told: Told) -> None:
    def answer(name: str, **filters: str) -> list[dict[str, object]]:
        return [dict(each.values) for each in ask(told.judged, name, filters, now=instant(AFTERWARDS)).rows]

    vial, lot, place = answer("24", container="V-77")
    parts = ("came", "given", "wasted", "on_hand", "counted", "difference")
    assert [vial["name"], lot["name"], place["name"]] == ["V-77", "LOT-7701", "L-1"]
    for line in (vial, lot, place):
        assert [line[part] for part in parts] == ["500", "70", "5", "425", "425", "0"]
    assert [each["balance"] for each in answer("25", container="V-77", to="2026-06-12")][-1] == "500"
    assert [(each["name"], each["volume"]) for each in answer("26")] == [
        ("Bastian Lorenz", "0.8"),
        ("Alma Ferro", "0.6"),
    ]
    assert [each for each in answer("27") if each["of"] == "waste"] == []
    assert [each["overdue"] for each in answer("28")] == [False]
    assert answer("29") == answer("30") == answer("31") == answer("32") == []
    assert [(each["name"], each["concern"]) for each in answer("33")] == [("V-77", False)]


def test_the_vial_holds_425_mg_as_counted_and_as_reckoned(told: Told) -> None:
    received = sum(p.event.amount.mg for p in told.events if isinstance(p.event, StockReceived))
    vial = told.ids["V-77"]
    given = [
        p.event.mass.mg for p in told.events if isinstance(p.event, DoseAdministered) and p.event.container == vial
    ]
    wasted = [p.event.mass.mg for p in told.events if isinstance(p.event, WastageRecorded) and p.stream == vial]
    counts = [p.event for p in told.events if isinstance(p.event, InventoryCounted)]

    assert (received, given, wasted) == (Decimal(500), [Decimal(40), Decimal(30)], [Decimal(5)])
    assert received - sum(given) - sum(wasted) == Decimal(425)
    found = [[(each.amount.value, each.volume) for each in count.containers] for count in counts]
    assert found == [[], [("500", "10")], [("425", "8.5")], [("425", "8.5")]]


# -- what the rules say


@pytest.mark.parametrize("line", SUP_05.strip().splitlines(), ids=lambda line: line[2:3])
def test_sup_05_has_exactly_the_scenarios_anchors_dues_limits_and_what_met_them(told: Told, line: str) -> None:
    wanted = re.findall(r"(\d\d:\d\d)→(\d\d:\d\d) \((\d\d:\d\d)\): (?:end |\*\*)?(\d\d:\d\d)( late)?", line)
    found = [f for f in told.findings("S3", AFTERWARDS) if (f.rule, f.slot) == ("SUP-05", line[2].lower())]

    assert len(wanted) == {"A": 9, "B": 11}[line[2]]
    assert [
        (
            *re.findall(r"after the (?:dose|check) of (\d\d:\d\d);", f.sentence),
            clock(f.due),
            clock(f.limit),
            clock(f.made_at),
            " late" if f.verdict == "breached" else "",
        )
        for f in found
    ] == wanted


AGAIN, HERS = ("SUP-09", "M", "b", "10:35"), ("SUP-05", "M", "a", "10:52")
LATER = {(*AGAIN, "10:40"), ("SUP-05", "m", "a", "10:52", "10:55")}
FOLLOW_UPS = {"FU-01 b 06-14 23:20", "FU-01 a 06-15 01:12", "FU-02 b 06-20 11:20", "FU-02 a 06-20 13:12"}


@pytest.mark.parametrize(
    ("as_of", "breached", "pending"),
    [
        ("2026-06-13 10:35", set(), {"SUP-09 b 06-13 10:35", "SUP-05 b 06-13 10:50", "SUP-05 a 06-13 10:52"}),
        ("2026-06-13 10:36", {(*AGAIN, "")}, {"SUP-05 b 06-13 10:50", "SUP-05 a 06-13 10:52"}),
        (
            "2026-06-13 10:54",
            {(*AGAIN, "10:40"), (*HERS, "")},
            {"SUP-09 b 06-13 10:55", "SUP-05 b 06-13 11:10", "AE-01 b 06-14 10:41"},
        ),
        (
            "2026-06-13 10:55",
            LATER,
            {"SUP-09 b 06-13 11:00", "SUP-05 a 06-13 11:15", "SUP-05 b 06-13 11:30", "AE-01 b 06-14 10:41"},
        ),
        ("2026-06-13 13:45", LATER, {"AE-01 b 06-14 10:41", *FOLLOW_UPS}),
        ("2026-06-14 10:45", LATER, {"FU-02 b 06-20 11:20", "FU-02 a 06-20 13:12"}),
        (AFTERWARDS, LATER, set()),
    ],
)
def test_as_of_each_row_of_the_table(told: Told, as_of: str, breached: set[tuple[str, ...]], pending: set[str]) -> None:
    found = told.findings("S3", as_of, "breached")
    waiting = [f"{f.rule} {f.slot} {local(f.limit or '')[5:]}" for f in told.findings("S3", as_of, "pending")]

    assert sorted(_shown(f) for f in found) == sorted(breached)
    assert sorted(waiting) == sorted(filter(judged, pending))
    assert told.findings("S3", as_of, "cannot-judge") == []


def _shown(finding: Finding) -> tuple[str, ...]:
    return finding.rule, finding.severity, finding.slot, clock(finding.limit), clock(finding.made_at)


def test_the_two_findings_say_what_was_late_by_how_much_and_why(told: Told) -> None:
    his, hers = sorted(told.findings("S3", AFTERWARDS, "breached"), key=lambda f: f.slot, reverse=True)

    assert "176/104 of 10:30" in his.sentence
    assert his.sentence.endswith("taken at 10:40, 5 min after the limit.")
    assert hers.sentence == (
        f"{LATE}made at 10:55, 3 min after the limit, 23 min after the check, reason partner-emergency."
    )


def test_every_high_reading_of_his_was_followed_in_five_minutes_but_the_first(told: Told) -> None:
    found = [f for f in told.findings("S3", AFTERWARDS) if (f.rule, f.slot) == ("SUP-09", "b")]
    again = [f for f in found if "a blood pressure" in f.sentence]

    assert [clock(f.limit) for f in again] == [
        *("10:35", "10:45", "10:50", "10:55", "11:00", "11:05", "11:10", "11:15", "11:20"),
    ]
    assert [clock(f.made_at) for f in again] == [
        *("10:40", "10:45", "10:50", "10:55", "11:00", "11:05", "11:10", "11:15", "11:20"),
    ]
    (called,) = (f for f in found if f not in again)
    assert (called.verdict, clock(called.limit), clock(called.made_at)) == ("met", "10:45", "10:42")


def test_she_was_uncovered_for_two_minutes_which_is_allowed(told: Told) -> None:
    found = {f.rule: f for f in told.findings("S3", AFTERWARDS) if f.slot == "a" and f.rule in ("SUP-01", "SUP-12")}

    assert found["SUP-01"].verdict == found["SUP-12"].verdict == "met"
    assert "from 10:41 to 10:43, 2 min" in found["SUP-01"].sentence


HANDOVER = "    - at: 10:43  # Alma was without a monitor for two minutes"


@pytest.mark.parametrize(
    ("at", "more"),
    [("10:46", []), ("10:47", [("SUP-01", "C", "a", "10:46", "10:47"), ("SUP-12", "C", "a", "10:46", "10:47")])],
)
def test_a_handover_after_five_minutes_changes_nothing_one_after_six_is_two_findings(
    tmp_path: Path, at: str, more: list[tuple[str, ...]]
) -> None:
    """Negative twins."""
    whole = STORY.read_text(encoding="utf-8")
    start = whole.index(HANDOVER)
    step = whole[start : whole.index("    - {at: 10:45", start)]
    before = "    - {at: 10:50, for: S3/Bastian"
    later = changed("hospital-transfer", tmp_path, (step, ""), (before, step.replace("10:43", at) + before))
    for told in play(later, tmp_path, PARTNERS):
        found = [_shown(f) for f in told.findings("S3", AFTERWARDS, "breached")]

        assert sorted(found) == sorted({*LATER, *more})


def test_nothing_is_held_against_the_transfer_or_her_release(told: Told) -> None:
    found = {(f.rule, f.slot): f for f in told.findings("S3", AFTERWARDS) if f.rule.startswith("REL-0")}

    assert found["REL-01", "b"].verdict == found["REL-07", "b"].verdict == "not-applicable"
    assert found["REL-01", "a"].verdict == found["REL-07", "a"].verdict == "met"
    assert "188 min after the last dose" in found["REL-01", "a"].sentence


def test_her_second_check_a_minute_earlier_moves_the_anchor_and_the_limit(tmp_path: Path) -> None:
    """Negative twin: the window of the first reading begins at +30."""
    earlier = changed("hospital-transfer", tmp_path, ("- {at: 10:32, as: last", "- {at: 10:31, as: last"))
    for told in play(earlier, tmp_path, PARTNERS):
        found = told.findings("S3", AFTERWARDS, "breached")

        assert sorted(_shown(f) for f in found) == [
            ("SUP-05", "m", "a", "10:51", "10:55"),
            ("SUP-06", "M", "a", "10:52", ""),
            (*AGAIN, "10:40"),
        ]
        (hers,) = (f for f in found if f.rule == "SUP-05")
        assert "24 min after the check, reason partner-emergency" in hers.sentence


# -- what the other may not read, and what was known


@pytest.mark.parametrize(("own", "other"), [("a", "b"), ("b", "a")])
def test_a_partners_copy_holds_no_value_of_the_other(told: Told, own: str, other: str) -> None:
    whole = timeline(told.views, told.ids["S3"])
    mine = timeline(told.views, told.ids["S3"], for_partner=own)
    theirs = [row for row in whole.rows if row.slot == other]

    assert len(theirs) >= 15
    assert {row.slot for row in mine.rows} == {own, "both"}
    assert not {row.position for row in theirs} & {place for row in mine.rows for place in row.evidence}
    pressures = {each for row in theirs for each in re.findall(r"BP \d+/\d+", row.phrase)}
    pressures -= {each for row in whole.rows if row.slot != other for each in re.findall(r"BP \d+/\d+", row.phrase)}
    assert pressures
    assert not [each for each in pressures if each in repr(mine)]


@pytest.mark.parametrize("word", ["192/112", "headache", "clonidine", "ambulance", "hospital", "transferred", "St M"])
def test_her_copy_says_nothing_of_what_befell_him(told: Told, word: str) -> None:
    assert word in repr(timeline(told.views, told.ids["S3"])) or word == "St M"
    assert word not in repr(timeline(told.views, told.ids["S3"], for_partner="a"))


def test_what_was_known_when_the_session_was_closed_has_no_hospital_stay(told: Told) -> None:
    (closed,) = told.of_type("session-closed/1")
    then = timeline(told.views, told.ids["S3"], as_of=AsOf(known_at=closed.position + 1))

    assert max(row.position for row in then.rows) == closed.position
    assert "hospitalisation" not in repr(then)
    assert "hospitalisation" in repr(timeline(told.views, told.ids["S3"]))
    found = told.findings("S3", AFTERWARDS, "breached", known_at=closed.position + 1)
    assert sorted(_shown(f) for f in found) == sorted(LATER)
