"""Findings about no session live as those of a session do: they close by themselves, come back, and say where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from ledger.encoding import to_instant
from ledger.events.choices import PUBLISHED
from projections.compliance.finding import Finding
from projections.compliance.judge import judge_ledger
from projections.compliance.known import Known
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from projections.compliance.rule import LedgerRule
from projections.compliance.rules import RULES
from projections.findings.became import Became, became
from projections.findings.opening import opened_at
from projections.findings.turns import Turned
from projections.findings.turns_elsewhere import TurnsElsewhere
from tests.ledger.clinic import PLACE, PT1
from tests.projections.rules.day import ZONE, Day, instant
from tests.projections.rules.standing import VIAL
from tests.projections.rules.stock_words import counted, wasted
from tests.projections.rules.test_cs_01 import vial
from tests.projections.rules.test_cs_03 import destroyed, moved, stock

BESIDE = [rule.id for rule in RULES if isinstance(rule, LedgerRule) or rule.elsewhere is not None]


class Reader:
    """Reads a day as the register does, and counts how often it judges."""

    def __init__(self, day: Day) -> None:
        self.known: Known = day.known()
        self.judged = 0
        self.turns = TurnsElsewhere(self._judge, BESIDE)

    def _judge(self, size: int, as_of: datetime, rules: frozenset[str]) -> list[Finding]:
        self.judged += 1
        return judge_ledger(LedgerAt(self.known, size=size, as_of=as_of), [each for each in RULES if each.id in rules])

    def asked(self, as_of: str, known_at: int | None = None) -> LedgerAt:
        size = self.known.size if known_at is None else known_at
        return LedgerAt(self.known, size=size, as_of=to_second(instant(as_of)))

    def turned(
        self, as_of: str = "30 18:00", known_at: int | None = None, acts: tuple[tuple[int, str], ...] = ()
    ) -> Turned:
        ledger = self.asked(as_of, known_at)
        return self.turns.of(ledger, acts, judge_ledger(ledger))

    def of(self, rule: str, about: str, anchor: str = "", **when: str | int) -> list[tuple[str, int]]:
        turned = self.turned(**when)  # type: ignore[arg-type]
        mine = [key for key, found in turned.as_found.items() if (found.rule, found.about) == (rule, about)]
        found = [key for key in mine if anchor in (turned.as_found[key].anchor, "")]
        return [(turn.kind, turn.position) for key in found for turn in turned.turns[key]]

    def state(self, rule: str, about: str, anchor: str, as_of: str) -> Became | None:
        ledger = self.asked(as_of)
        (now,) = [
            each for each in judge_ledger(ledger) if (each.rule, each.about, each.anchor) == (rule, about, anchor)
        ]
        turned = self.turns.of(ledger, (), judge_ledger(ledger))
        first = opened_at(self.known, turned.as_found.get(now.identity, now))
        again = opened_at(self.known, now)
        return became(
            now.verdict,
            (),
            turned.turns.get(now.identity, ()),
            opened_at=None if first is None else to_instant(first),
            again_at=None if again is None else to_instant(again),
        )


def in_order(day: Day) -> Day:
    """The same day with its entries in the order in which they came in."""
    came = Day()
    by_receipt = sorted(day.placed, key=lambda placed: placed.received_at)
    came.placed = [replace(placed, position=position) for position, placed in enumerate(by_receipt)]
    return came


def placed_at(day: Day, at: str) -> int:
    """Where the entry of this moment stands."""
    return next(placed.position for placed in day.placed if placed.received_at == instant(at))


def explained() -> Day:
    """At 17:00 5.5 mg of a vial are missing; they had been wasted, as was written down at 18:30."""
    return in_order(wasted(counted(vial(), "17:00", "419.5"), "16:00", "5.5", recorded="18:30"))


def test_what_came_in_late_closes_a_finding_about_a_container_and_it_names_the_entry() -> None:
    day = explained()

    assert Reader(day).of("CS-01", VIAL) == [("gone", len(day.placed) - 1)]
    assert Reader(day).of("CS-01", VIAL, known_at=len(day.placed) - 1) == [], "nobody knew it then"
    assert Reader(day).of("CS-01", VIAL, as_of="18:29") == []


def test_a_void_with_its_second_person_brings_it_back() -> None:
    day = explained()
    wasting = len(day.placed) - 1
    day.voids("19:00", of=wasting).signs("19:05")

    assert Reader(day).of("CS-01", VIAL) == [("gone", wasting), ("back", len(day.placed) - 1)]


def test_and_a_dispute_of_the_void_closes_it_again() -> None:
    day = explained()
    wasting = len(day.placed) - 1
    day.voids("19:00", of=wasting).signs("19:05").signs("19:30", of=-2, by=PT1, verdict="disputes")

    assert [kind for kind, _ in Reader(day).of("CS-01", VIAL)] == ["gone", "back", "gone"]


def test_a_count_that_was_overdue_closes_what_was_missed_and_it_comes_back_when_time_passes_again() -> None:
    day = in_order(counted(stock(), "12 10:00", "500"))
    count = placed_at(day, "12 10:00")
    reader = Reader(day)

    assert reader.of("CS-03", PLACE, "count", as_of="18 10:00") == [("gone", count)]
    closed = reader.state("CS-03", PLACE, "count", "18 10:00")
    assert closed is not None
    assert (closed.state, closed.by_itself, closed.since) == ("closed", True, instant("12 10:00"))
    again = reader.state("CS-03", PLACE, "count", "21 10:00")
    assert again is not None
    assert (again.state, again.by_itself, again.openings) == ("reopened", True, 2)
    assert again.since == instant("20 00:00"), "the second after the last day for the next count"


@pytest.mark.parametrize(
    "leaves", [lambda day: destroyed(day, "14 10:00"), lambda day: moved(day, "14 09:00", "14 10:00")]
)
def test_an_act_shows_what_was_found_then_and_what_ended_it_in_time_is_found_among_the_entries_in_between(
    leaves: Callable[[Day], Day],
) -> None:
    """The place was not counted for too long, as somebody acknowledged, and then held nothing any more."""
    day = leaves(stock().looks_at("a", "12 10:00"))
    for at in (*(f"13 10:{minute}" for minute in range(20, 25)), *(f"15 10:{minute}" for minute in range(20, 27))):
        day.looks_at("a", at)
    day = in_order(day)
    acted, ended = placed_at(day, "12 10:00"), placed_at(day, "14 10:00")

    assert Reader(day).of("CS-03", PLACE, "count", as_of="16 12:00") == [], "nobody ever looked"
    reader = Reader(day)
    turned = reader.turned("16 12:00", acts=((acted, "CS-03"),))
    (identity,) = [key for key, found in turned.as_found.items() if found.anchor == "count"]
    assert [(turn.kind, turn.position, turn.at) for turn in turned.turns[identity]] == [
        ("gone", ended, instant("14 10:00"))
    ]
    assert reader.judged < 20, "by halving, and not at every entry"


def test_what_was_known_then_is_the_same_whoever_reads_and_whenever() -> None:
    """At every size: by somebody who knows all of it, and by somebody who knew no more than that."""
    day = explained()
    day.voids("19:00").signs("19:05").signs("19:30", of=-2, by=PT1, verdict="disputes")
    counted(day, "20 10:00", "420")
    now = Reader(day)

    for size in range(1, len(day.placed) + 1):
        then = Day()
        then.placed = day.placed[:size]
        at = f"{to_second(day.placed[size - 1].received_at).astimezone(ZONE):%d %H:%M}"
        assert now.turned(at, size) == Reader(then).turned(at), size


def test_what_was_judged_once_is_not_judged_again_and_without_points_nothing_is() -> None:
    reader = Reader(explained())
    first = reader.turned()
    judged = reader.judged
    assert reader.turned() == first
    assert reader.judged == judged > 0

    quiet = Reader(in_order(vial()))
    assert quiet.turned().turns == {}
    assert quiet.judged <= 2, "of a protocol that was published alone"


def test_what_cannot_be_judged_any_more_has_not_closed() -> None:
    """The protocol by which the count was short is voided: nobody knows whether it was."""
    day = in_order(counted(vial(), "17:00", "419.5"))
    by = next(placed.position for placed in day.placed if isinstance(placed.event, PUBLISHED))
    day.voids("19:00", of=by).signs("19:05")

    after = [each.verdict for each in day.findings("CS-01", as_of="30 18:00") if each.about == VIAL]
    assert after == ["cannot-judge"]
    assert Reader(day).of("CS-01", VIAL) == []
