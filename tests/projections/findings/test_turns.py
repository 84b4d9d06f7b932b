"""What becomes known later turns a finding: it closes by itself, and comes back; what was known then stays."""

from __future__ import annotations

from datetime import datetime

from ledger.events.choices import PUBLISHED
from projections.compliance.finding import Finding
from projections.compliance.judge import judge
from projections.compliance.known import Known
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from projections.findings.opening import age_in_days, opened_at
from projections.findings.turns import Turned, Turns, no_longer
from tests.ledger.clinic import PT1, SESSION
from tests.projections.rules.day import ZONE, Day, instant, moment


def released_early() -> Day:
    return Day().opens().gives("a", "10:00").releases("a", "10:30")


class Reader:
    """Reads a day as the register does, and counts how often it judges."""

    def __init__(self, day: Day) -> None:
        self.known: Known = day.known()
        self.judged = 0
        self.turns = Turns(self._judge)

    def _judge(self, size: int, as_of: datetime, session: str) -> list[Finding]:
        self.judged += 1
        return judge(LedgerAt(self.known, size=size, as_of=as_of).session(session))

    def turned(self, as_of: str = "18:00", known_at: int | None = None) -> Turned:
        size = self.known.size if known_at is None else known_at
        ledger = LedgerAt(self.known, size=size, as_of=to_second(instant(as_of)))
        return self.turns.of(ledger, SESSION)

    def of(self, finding: Finding, **when: str | int) -> list[tuple[str, int]]:
        found = self.turned(**when).turns.get(finding.identity, ())  # type: ignore[arg-type]
        return [(turn.kind, turn.position) for turn in found]


def early(day: Day, **when: int) -> Finding:
    (found,) = day.findings("REL-01", slot="a", **when)  # type: ignore[arg-type]
    return found


def test_a_finding_whose_facts_were_corrected_away_closes_by_itself_where_the_second_person_signed() -> None:
    day = released_early()
    finding = early(day)
    assert finding.verdict == "breached"
    day.voids("11:00").signs("11:05")

    reader = Reader(day)

    assert reader.of(finding) == [("gone", len(day.placed) - 1)]
    assert reader.of(finding, known_at=len(day.placed) - 1) == [], "nobody knew it then"
    assert reader.of(finding, as_of="11:04") == []
    gone = no_longer(reader.turned().as_found[finding.identity])
    assert (gone.identity, gone.verdict) == (finding.identity, "not-applicable")
    assert gone.sentence.endswith(finding.sentence)


def test_it_comes_back_when_the_correction_is_disputed() -> None:
    day = released_early().voids("11:00").signs("11:05")
    day.signs("11:30", of=-2, by=PT1, verdict="disputes")
    finding = early(day)

    assert finding.verdict == "breached"
    assert [kind for kind, _ in Reader(day).of(finding)] == ["gone", "back"]


def test_a_check_that_was_made_in_time_and_came_in_late_closes_what_was_missed_until_then() -> None:
    day = Day().opens().gives("a", "10:00").looks_at("a", "10:15", recorded="11:00")
    (then,) = [
        each for each in day.findings("SUP-05", slot="a", as_of="10:40", known_at=5) if each.verdict == "breached"
    ]

    assert ("gone", len(day.placed) - 1) in Reader(day).of(then)


def protocol_of(day: Day) -> int:
    return next(placed.position for placed in day.placed if isinstance(placed.event, PUBLISHED))


def test_a_corrected_figure_of_its_protocol_closes_what_was_found_by_it() -> None:
    day = released_early()
    finding, at = early(day), protocol_of(day)
    said = day.placed[at].event.model_dump(mode="json")["parameters"]
    shorter = said | {"release": said["release"] | {"min_observation_min": 20}}
    day.corrects("11:00", ("parameters", said, shorter), of=at)

    assert early(day).verdict == "met"
    assert Reader(day).of(finding) == [("gone", len(day.placed) - 1)]


def test_what_nobody_can_judge_because_its_protocol_was_voided_has_not_closed() -> None:
    day = released_early()
    finding = early(day)
    day.voids("11:00", of=protocol_of(day)).signs("11:05")

    assert early(day).verdict == "cannot-judge"
    assert Reader(day).of(finding) == []


def test_what_was_judged_once_is_not_judged_again() -> None:
    reader = Reader(released_early().voids("11:00").signs("11:05"))
    first = reader.turned()
    judged = reader.judged

    assert reader.turned() == first
    assert reader.judged == judged > 0


def test_a_session_in_which_nothing_was_said_later_is_not_judged_once_more() -> None:
    reader = Reader(released_early())

    assert reader.turned() == Turned({}, {})
    assert reader.judged == 0


def test_it_opened_when_it_was_so_and_known_and_its_age_is_in_days_of_the_calendar() -> None:
    day = Day().opens().gives("a", "10:00", recorded="10:20").releases("a", "10:10", recorded="10:40")
    known, finding = day.known(), early(day)

    opened = opened_at(known, finding)

    assert opened == moment("10:40"), "both had come in by then"
    assert age_in_days(opened, moment("17 00:01"), ZONE) == 1
    assert age_in_days(opened, moment("16 23:59"), ZONE) == 0
    assert age_in_days(None, moment("17 00:01"), ZONE) is None


def test_what_was_not_done_is_missed_a_second_after_its_limit() -> None:
    day = Day().opens().gives("a", "10:00")
    (finding,) = [each for each in day.findings("SUP-05", slot="a", as_of="10:40") if each.verdict == "breached"][:1]

    opened = opened_at(day.known(), finding)

    assert finding.limit is not None
    assert opened is not None
    assert (opened - to_second(finding.limit)).total_seconds() == 1
