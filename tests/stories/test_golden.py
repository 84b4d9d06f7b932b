"""
The hand-worked tables of the scenarios S1 to S4: exactly these findings and obligations, no more and no fewer.

Every rule is asked about everything: each session, each partner, and what belongs to no session.
A line is rule, severity, whose, and the last moment (of a finding also what was late); nothing else may be breached,
pending or impossible to judge. Each row is asked twice: as known at that moment, and as known at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import pytest

from api.play_story import StoryLedger
from api.story.refusing import in_words
from ledger.encoding import from_instant, to_instant
from projections.compliance.finding import Finding
from projections.couple_history import couple_history
from projections.own_medication import containers
from projections.questions.asking import ask
from projections.session_timeline import timeline
from projections.snapshot import AsOf
from projections.stock_balances import container
from tests.conftest import WEEKEND
from tests.stories.told import Told, instant, local, play
from tests.stories.unjudged import ALL, JUDGED, NOT_YET, judged


@dataclass(frozen=True)
class Row:
    """One row of a scenario's table."""

    story: str
    as_of: str
    findings: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()


def of(story: str, as_of: str, findings: str = "", pending: str = "") -> Row:
    """A row; lines of findings and of what is pending are separated by ` · `."""
    return Row(story, as_of, *(tuple(part.split(" · ")) if part else () for part in (findings, pending)))


TALKS_OF_S1 = (
    "FU-02 m Sat/b 05-23 13:15 · FU-02 m Sat/a 05-23 13:15 · FU-02 m Sun/a 05-24 17:00 · FU-02 m Sun/b 05-24 17:00"
)
THE_ONE = "SUP-02 C S4 N1 bls 11-15 08:57 declared"
AGAIN = "SUP-09 M S3/b 06-13 10:35"
TALKS_OF_S3 = "FU-02 m S3/b 06-20 11:20 · FU-02 m S3/a 06-20 13:12"
BOTH = f"{AGAIN} made 10:40 · SUP-05 m S3/a 06-13 10:52 made 10:55"
CLASSED = "AE-01 M S3/b 06-14 10:41"

# Source: scenarios.md, the tables "Expected" of S1 to S4.
ROWS = [
    of("S1", "2026-05-16 11:30", "", "SUP-05 M Sat/a 05-16 11:40 · SUP-05 M Sat/b 05-16 11:41"),
    of(
        "S1",
        "2026-05-16 13:30",
        "",
        "FU-01 M Sat/a 05-18 01:15 · FU-01 M Sat/b 05-18 01:15 · FU-02 m Sat/a 05-23 13:15 · FU-02 m Sat/b 05-23 13:15",
    ),
    of("S1", "2026-05-17 17:30", "", f"FU-01 M Sun/a 05-19 05:00 · FU-01 M Sun/b 05-19 05:00 · {TALKS_OF_S1}"),
    of("S1", "2026-05-18 10:45", "", TALKS_OF_S1),
    of("S1", "2026-05-22 09:00"),
    of("S2", "2025-01-26 12:00"),
    of("S2", "2025-11-15 08:56"),
    of("S2", "2025-11-15 08:58", THE_ONE),
    of(
        "S2",
        "2025-11-15 13:00",
        THE_ONE,
        "FU-01 M S4/a 11-17 00:50 · FU-01 M S4/b 11-17 00:50 · FU-02 m S4/a 11-22 12:50 · FU-02 m S4/b 11-22 12:50",
    ),
    of("S2", "2026-07-20 12:00", THE_ONE),
    of("S3", "2026-06-13 10:35", "", f"{AGAIN} · SUP-05 M S3/b 06-13 10:50 · SUP-05 M S3/a 06-13 10:52"),
    of("S3", "2026-06-13 10:36", AGAIN, "SUP-05 M S3/b 06-13 10:50 · SUP-05 M S3/a 06-13 10:52"),
    of(
        "S3",
        "2026-06-13 10:54",
        f"{AGAIN} made 10:40 · SUP-05 M S3/a 06-13 10:52",
        f"SUP-09 M S3/b 06-13 10:55 · SUP-05 M S3/b 06-13 11:10 · {CLASSED}",
    ),
    of(
        "S3",
        "2026-06-13 10:55",
        BOTH,
        f"SUP-09 M S3/b 06-13 11:00 · SUP-05 M S3/a 06-13 11:15 · SUP-05 M S3/b 06-13 11:30 · {CLASSED}",
    ),
    of(
        "S3",
        "2026-06-13 13:45",
        BOTH,
        f"{CLASSED} · FU-01 M S3/b 06-14 23:20 · FU-01 M S3/a 06-15 01:12 · {TALKS_OF_S3}",
    ),
    of("S3", "2026-06-14 10:45", BOTH, TALKS_OF_S3),
    of("S3", "2026-06-22 12:00", BOTH),
    of("S4", "2026-09-12 13:30", "", "FU-01 M S4/a 09-14 01:06 · FU-02 m S4/a 09-19 13:06"),
    of("S4", "2026-09-13 12:00", "", "FU-02 m S4/a 09-19 13:06"),
    of("S4", "2026-09-18 12:00"),
]

Stories: TypeAlias = dict[str, Told]


@pytest.fixture(scope="module")
def stories(weekend: StoryLedger, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stories]:
    """All four, each in a ledger of its own."""
    names = {
        "S2": ("six-sessions", ("Ada", "Bruno")),
        "S3": ("hospital-transfer", ("Alma", "Bastian")),
        "S4": ("one-partner-declines", ("Ava", "Boris")),
    }
    playing = {
        title: play(WEEKEND.with_name(f"{name}.yaml"), tmp_path_factory.mktemp(title), partners)
        for title, (name, partners) in names.items()
    }
    yield {"S1": Told(weekend, ("Ana", "Ben")), **{title: next(each) for title, each in playing.items()}}
    for each in playing.values():
        next(each, None)


def line(told: Told, finding: Finding) -> str:
    """A finding in the words of the tables above."""
    title = told.name(finding.subject).lower() if finding.about else told.name(finding.session)
    whose = f"{title}/{finding.slot}" if finding.slot else title
    words = [finding.rule, finding.severity, whose]
    if finding.staff is not None:
        words += [told.name(finding.staff), finding.credential or ""]
    words.append(local(finding.limit or finding.made_at or "")[5:])
    if finding.verdict == "breached" and finding.limit and finding.made_at:
        words.append(f"made {local(finding.made_at)[11:]}")
    if finding.declared_by is not None:
        words.append("declared")
    return " ".join(words)


def lines(told: Told, as_of: str, *verdicts: str, known_at: int | None = None) -> list[str]:
    found = told.judged.findings(as_of=instant(as_of), known_at=known_at)
    return sorted(line(told, each) for each in found if each.verdict in verdicts)


def known_by(told: Told, as_of: str) -> int:
    """How many entries the log had by that minute, its last second included."""
    until = from_instant(instant(as_of)).replace(second=59, microsecond=999_999)
    return max(placed.position for placed in told.events if from_instant(placed.received_at) <= until) + 1


each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.story} {row.as_of}")


@each_row
@pytest.mark.parametrize("known", ["then", "now"])
def test_every_row_of_the_tables_no_more_and_no_fewer(stories: Stories, row: Row, known: str) -> None:
    told = stories[row.story]
    known_at = known_by(told, row.as_of) if known == "then" else None

    assert lines(told, row.as_of, "breached", known_at=known_at) == sorted(filter(judged, row.findings))
    assert lines(told, row.as_of, "pending", known_at=known_at) == sorted(filter(judged, row.pending))
    assert lines(told, row.as_of, "cannot-judge", known_at=known_at) == []


def test_then_is_less_than_now_wherever_something_followed(stories: Stories) -> None:
    """So that both halves of the test above are two questions."""
    for row in ROWS[:4]:
        told = stories[row.story]
        assert 0 < known_by(told, row.as_of) < told.story.ledger.store.head().size


def test_on_a_partner_who_is_not_dosed_there_is_nothing_at_no_time(stories: Stories) -> None:
    """S4: no check, score, release, follow-up or integration is due for an undosed person."""
    told = stories["S4"]
    for row in (row for row in ROWS if row.story == "S4"):
        found = told.judged.findings(as_of=instant(row.as_of))
        assert not [each for each in found if each.slot == "b" and each.verdict not in ("met", "not-applicable")]


# -- balances


@pytest.mark.parametrize(
    ("story", "as_of", "left"),
    [
        ("S1", "2026-05-16 13:30", {"own-A": "8.5", "own-B": "9"}),
        ("S1", "2026-05-17 16:39", {"own-A": "7", "own-B": "8"}),
        ("S4", "2026-09-12 13:07", {"own-A": "9", "own-B": "10"}),
        *(("S2", f"{day} 12:47", {f"own-A{n}": a, f"own-B{n}": b}) for n, day, a, b in (
            (1, "2025-01-18", "1", "1"),
            (2, "2025-04-26", "0.5", "1"),
            (3, "2025-08-02", "0.5", "0.5"),
            (4, "2025-11-15", "0.5", "0.5"),
            (5, "2026-02-28", "1", "0.5"),
            (6, "2026-07-11", "0.5", "0.5"),
        )),
    ],
)  # fmt: skip
def test_what_is_left_of_their_own(stories: Stories, story: str, as_of: str, left: dict[str, str]) -> None:
    sheets = containers(stories[story].views, as_of=AsOf(happened_up_to=instant(as_of))).containers

    assert left.items() <= {sheet.code: sheet.balance_units for sheet in sheets}.items()


def test_what_was_counted_out_is_what_was_left_to_the_unit(stories: Stories) -> None:
    for title in ("S1", "S2", "S4"):
        for sheet in containers(stories[title].views).containers:
            handed_out = sheet.movements[-1]
            assert (handed_out.expected, handed_out.difference) == (handed_out.units, "0"), sheet.code


def test_the_vial_of_the_clinic_holds_425_mg(stories: Stories) -> None:
    told = stories["S3"]
    sheet = container(told.views, told.ids["V-77"])

    assert sheet.balance_mg == "425"
    assert [each.difference_mg for each in sheet.movements if each.difference_mg] == ["0"] * 3


@pytest.mark.parametrize(
    ("story", "couple", "mg"),
    [
        ("S1", "C-07", ("300", "200")),
        ("S2", "C-11", ("800", "800")),
        ("S3", "C-15", ("30", "40")),
        ("S4", "C-19", ("100",)),
    ],
)
def test_what_each_was_given_in_all(stories: Stories, story: str, couple: str, mg: tuple[str, ...]) -> None:
    given = dict(couple_history(stories[story].views, couple).total_mg)

    assert tuple(given[slot] for slot in ("a", "b") if given.get(slot) not in (None, "0")) == mg


# -- refusals

# Source: scenarios.md, what it prints as refused, with the minute and every rule.
REFUSED = {
    "S1": [],
    "S2": [
        ("2025-11-15 08:55", "monitor-assigned", ["SUP-02 N1 bls"]),
        ("2026-02-28 07:58", "session-opened", ["ELIG-01 A", "ELIG-01 B"]),
    ],
    "S3": [("2026-06-13 13:20", "session-closed", ["AE-04 B"])],
    "S4": [("2026-09-12 11:05", "dose-authorised", ["ORD-09 B", "PRE-01 B", "PRE-06 B"])],
}


def told_refusals(told: Told) -> list[tuple[str, str, list[str]]]:
    names = {identifier: name for name, identifier in told.ids.items()}
    return [
        (
            local(to_instant(each.step.at)),
            each.type.partition("/")[0],
            sorted(in_words(objection, lambda owner: names[owner]) for objection in each.objections),
        )
        for each in told.story.declined
    ]


@pytest.mark.parametrize("story", REFUSED)
def test_exactly_what_the_scenario_says_is_refused_is_refused_by_exactly_those_rules(
    stories: Stories, story: str
) -> None:
    assert told_refusals(stories[story]) == REFUSED[story]


@pytest.mark.parametrize("story", [story for story, refused in REFUSED.items() if refused])
def test_a_refusal_stands_in_the_log_and_the_timeline_of_staff_and_in_nobody_s_copy(
    stories: Stories, story: str
) -> None:
    told = stories[story]
    kept = {placed.position: placed for placed in told.of_type("sys-authorisation-refused/2")}

    assert [each.trace for each in told.story.declined] == list(kept)
    for declined in told.story.declined:
        session = told.ids[declined.step.target.partition("/")[0]]
        shown = {viewer: timeline(told.views, session, for_partner=viewer) for viewer in (None, "a", "b")}
        rules = ", ".join(dict.fromkeys(objection.rule for objection in declined.objections))
        (row,) = [row for row in shown[None].rows if row.position == declined.trace]
        assert rules.split(", ")[0] in repr(row)
        assert declined.trace not in [row.position for viewer in "ab" for row in shown[viewer].rows]
        assert kept[declined.trace or 0].stream.startswith("access/")


def test_what_is_refused_is_no_event_of_the_session_and_no_finding(stories: Stories) -> None:
    for told in (told for told in stories.values() if told.story.declined):
        for declined in told.story.declined:
            at = to_instant(declined.step.at)
            stream = told.ids[declined.step.target.partition("/")[0]]
            assert not [
                placed
                for placed in told.of_type(declined.type)
                if placed.stream.startswith(stream) and placed.payload.occurred.at == at
            ]


# -- what auditors are answered


LATER_THAN_ALL = "2026-10-01 12:00"
DECLARED: list[tuple[object, ...]] = [("SUP-02", "N1", "bls", "no", "no", True)]
CALLED: list[tuple[object, ...]] = [("B", "06-13 10:57", "06-13 11:12", 15, "06-13 11:20", "in care", 1, 0)]
WATCHED = [
    ("B", "06-13 10:00", "06-13 11:20", "RN1", None, 2, 2),
    ("A", "06-13 10:02", "06-13 10:41", "RN1", None, 2, 2),
    ("A", "06-13 10:41", "06-13 10:43", "nobody", False, None, None),
    ("A", "06-13 10:43", "06-13 13:12", "T1", None, 1, None),
]
"""How S3 was watched: A is uncovered for 2 min, of 5 that are allowed; RN1 has two, of two."""

CLOCKS: list[tuple[object, ...]] = [
    ("serious", "recovering", "classed", "06-14 10:41", "06-14 09:30", "met"),
    ("serious", "recovering", "prescriber", "06-14 09:30", "06-14 09:30", "met"),
    ("serious", "recovering", "outcome or plan", None, "06-13 13:40", "met"),
]
"""The clocks of B's adverse event in S3."""

ANSWERS: dict[str, tuple[tuple[str, ...], dict[str, list[tuple[object, ...]]]]] = {
    "4": (("rule", "staff", "credential", "then", "now", "declared"), {"S2": DECLARED}),
    "12": (("left",), {}),
    "16": (("mg",), {"S1": [("300",), ("200",)], "S2": [("800",)] * 2, "S3": [("40",), ("30",)], "S4": [("100",)]}),
    "21": (("partner", "clock", "verdict"), {"S3": [("B", "prescriber", "met")]}),
    "22": (("partner", "called", "arrived", "minutes", "left", "other", "checks", "alone"), {"S3": CALLED}),
    "23": (("what",), {}),
    "adverse-events": (("seriousness", "outcome", "clock", "limit", "done", "verdict"), {"S3": CLOCKS}),
}
"""Of a question these cells in each story, as its scenario has them; a story that is not named has no row."""


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("title", ["S1", "S2", "S3", "S4"])
def test_the_auditors_are_answered_what_the_scenario_says(stories: Stories, name: str, title: str) -> None:
    cells, rows = ANSWERS[name]

    found = ask(stories[title].judged, name, {}, now=instant(LATER_THAN_ALL))

    told = [tuple(_cell(each.values[cell]) for cell in cells) for each in found.rows]
    assert told == rows.get(title, [])


def test_supervision_is_covered_as_the_scenarios_say(stories: Stories) -> None:
    rows = {
        title: ask(told.judged, "supervision-coverage", {}, now=instant(LATER_THAN_ALL)).rows
        for title, told in stories.items()
    }
    cells = ("partner", "start", "end", "watched_by", "too_long", "at_once", "allowed")

    assert [tuple(_cell(each.values[cell]) for cell in cells) for each in rows["S3"]] == WATCHED
    assert [title for title, found in rows.items() if any(each.values["gap"] for each in found)] == ["S3"]


def test_the_course_of_six_sessions_is_told_with_its_spacing_and_review(stories: Stories) -> None:
    rows = ask(stories["S2"].judged, "course-progress", {}, now=instant(LATER_THAN_ALL)).rows

    assert [each.values["number"] for each in rows] == [1, 2, 3, 4, 5, 6] * 2
    assert [each.values["hours"] for each in rows] == [None, 2351, 2352, 2521, 2520, 3191] * 2
    assert [each.values["since_review"] for each in rows] == [1, 2, 3, 4, 5, 1] * 2


@pytest.mark.parametrize("name", ["1", "2", "3", "5", "6", "7", "8", "9", "10", "18"])
def test_what_lists_breaches_finds_none_in_the_stories(stories: Stories, name: str) -> None:
    for told in stories.values():
        assert ask(told.judged, name, {}, now=instant(LATER_THAN_ALL)).rows == ()


def test_who_declined_and_under_pressure_is_told_in_no_aggregate(stories: Stories) -> None:
    found = ask(stories["S4"].judged, "15", {}, now=instant(LATER_THAN_ALL))

    assert (found.rows, found.figures) == ((), ())
    assert "pressure" not in repr(found.notes)


def _cell(value: object) -> object:
    return local(value)[5:] if isinstance(value, str) and value.endswith("Z") else value


# -- what is not judged yet


def test_the_list_of_what_is_not_judged_yet_shrinks() -> None:
    assert not NOT_YET & JUDGED, "it is judged now: take it out of the list, and see that the tables hold"
    assert NOT_YET | JUDGED == ALL
