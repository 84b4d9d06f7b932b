"""
Adverse event and hospital transfer (scenario S3), played whole: every event of its list, and what must follow.

Judged here are SUP-05, REL-01, REL-07 and the rules of the record. SUP-09, AE-01, AE-04, CS-01, CS-02 and FU-01,
which the scenario names too, are not judged yet: `test_what_is_not_judged_yet` fails on the day one of them is.
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
from projections.compliance.rules import RULES
from projections.session_timeline import timeline
from projections.snapshot import AsOf
from tests.conftest import WEEKEND
from tests.stories.event_list import event_list
from tests.stories.told import Told, changed, clock, local, play

STORY = WEEKEND.with_name("hospital-transfer.yaml")
PARTNERS = ("Alma", "Bastian")
LIST = event_list("hospital-transfer.txt")
AFTERWARDS = "2026-06-22 12:00"
LATE = "A: a check was due at 10:47 and at the latest at 10:52, 15 min after the check of 10:32; "

BESIDES = {
    "ledger-opened": 1,
    "staff-registered": 5,
    "key-enrolled": 7,
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
}
"""What the story has besides the list: people, keys, plans, and what the scenario prints in its table only."""

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
    assert len(told.events) == len(LIST) + sum(BESIDES.values()) == 107


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


@pytest.mark.parametrize(
    ("as_of", "breached", "pending"),
    [
        ("2026-06-13 10:35", [], ["SUP-05 a 10:52", "SUP-05 b 10:50"]),
        ("2026-06-13 10:36", [], ["SUP-05 a 10:52", "SUP-05 b 10:50"]),
        ("2026-06-13 10:54", [("SUP-05", "M", f"{LATE}not made.")], ["SUP-05 b 11:10"]),
        ("2026-06-13 10:55", "late", ["SUP-05 a 11:15", "SUP-05 b 11:30"]),
        ("2026-06-13 13:45", "late", []),
        ("2026-06-14 10:45", "late", []),
        (AFTERWARDS, "late", []),
    ],
)
def test_as_of_each_row_of_the_table(
    told: Told, as_of: str, breached: list[tuple[str, str, str]] | str, pending: list[str]
) -> None:
    late = f"{LATE}made at 10:55, 3 min after the limit, 23 min after the check, reason partner-emergency."
    wanted = [("SUP-05", "m", late)] if breached == "late" else breached

    assert [(f.rule, f.severity, f.sentence) for f in told.findings("S3", as_of, "breached")] == wanted
    waiting = [f"{f.rule} {f.slot} {clock(f.limit)}" for f in told.findings("S3", as_of, "pending")]
    assert waiting == pending
    assert told.findings("S3", as_of, "cannot-judge") == []


def test_nothing_is_held_against_the_transfer_or_her_release(told: Told) -> None:
    found = {(f.rule, f.slot): f for f in told.findings("S3", AFTERWARDS) if f.rule.startswith("REL-0")}

    assert found["REL-01", "b"].verdict == found["REL-07", "b"].verdict == "not-applicable"
    assert found["REL-01", "a"].verdict == found["REL-07", "a"].verdict == "met"
    assert "188 min after the last dose" in found["REL-01", "a"].sentence


def test_what_is_not_judged_yet() -> None:
    assert not {rule.id for rule in RULES} & {"SUP-01", "SUP-03", "SUP-06", "SUP-09", "SUP-12", "AE-01", "AE-04"}
    assert not {rule.id for rule in RULES} & {"CS-01", "CS-02", "FU-01", "FU-02"}


def test_her_second_check_a_minute_earlier_moves_the_anchor_and_the_limit(tmp_path: Path) -> None:
    """Negative twin; SUP-06, which it breaks as well, is not judged yet."""
    earlier = changed("hospital-transfer", tmp_path, ("- {at: 10:32, as: last", "- {at: 10:31, as: last"))
    for told in play(earlier, tmp_path, PARTNERS):
        (found,) = told.findings("S3", AFTERWARDS, "breached")

        assert (found.rule, found.slot, found.severity, clock(found.limit)) == ("SUP-05", "a", "m", "10:51")
        assert "24 min after the check of 10:31" not in found.sentence
        assert "24 min after the check, reason partner-emergency" in found.sentence


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
    assert [(f.rule, f.severity) for f in found] == [("SUP-05", "m")]
