"""
A day kept on paper (scenario S4, typed in that evening): what follows is what follows from the story as it was played.

Only lateness differs, and who still has to sign.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from api.folder import open_recorder
from api.paper.sheet import sheet_of
from ledger.errors import Invalid, LedgerError, Objection, Refused
from ledger.events.paper import PaperLineTranscribed
from ledger.payload import Seen
from ledger.record import Submission
from projections.own_medication import containers
from projections.paper_sheets import paper_sheets
from projections.pending import pending, to_countersign
from projections.session_timeline import timeline
from tests.stories.paper_day import DOCUMENT, PaperDay, before_the_day, sheet_text
from tests.stories.told import Told, play

PARTNERS = ("Ava", "Boris")
STORY_DAYS = "2026-09-18 12:00"
LATENESS = {"REC-01", "REC-03", "REC-07", "REC-17", "SUP-11"}
"""Rules about when something was written down, and by whom it was signed later."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The same day as it was played, on tablets, and without the refusal: on paper nothing refuses anybody."""
    from tests.stories.paper_day import STORY

    yield from play(STORY, tmp_path_factory.mktemp("tablets"), PARTNERS, asks=False)


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaperDay]:
    """Typed in by CO, countersigned by everybody, and the days after played on; read it only."""
    with before_the_day(tmp_path_factory.mktemp("paper")) as day:
        day.type_in()
        for name in ("RN3", "MD1", "T1"):
            assert not any(isinstance(each, LedgerError) for each in day.countersign(name))
        day.afterwards()
        yield day


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[PaperDay]:
    """The evening after a day on paper, with nothing typed in yet."""
    with before_the_day(tmp_path) as day:
        yield day


def test_each_line_is_the_event_it_is_with_the_time_on_the_wall_and_who_did_it(told: Told, typed: PaperDay) -> None:
    paper = Told(typed.story, PARTNERS)
    typed.story.player.ids.update(typed.new_records())
    besides = {"paper-sheet-declared", "paper-line-transcribed", "countersignature-given"}
    new = Counter({kind: number for kind, number in paper.kinds().items() if kind[2] not in besides})

    assert new == told.kinds()
    for mine, theirs in zip(_of_the_day(paper), _of_the_day(told), strict=True):
        assert [paper.name(each.by) for each in mine.signers] == [told.name(each.by) for each in theirs.signers]
        assert [(each.meaning, each.role) for each in mine.signers] == [
            (each.meaning, each.role) for each in theirs.signers
        ]
        assert [(each.by, each.meaning) for each in mine.payload.attested] == [(typed.typist, "transcribed")]


def test_the_timeline_says_the_same_sentences_and_how_late_they_are(told: Told, typed: PaperDay) -> None:
    mine, theirs = (_timeline(Told(day, PARTNERS)) for day in (typed.story, told.story))

    assert [(row.local, row.slot, row.phrase) for row in mine] == [(row.local, row.slot, row.phrase) for row in theirs]
    of_day = [row for row in mine if row.local.startswith("2026-09-12")]
    assert of_day
    assert all(any(words.endswith(" after it happened") for words in row.late) for row in of_day)
    first = next(row for row in of_day if row.type == "session-opened/1")
    assert [(each.by, each.meaning) for each in first.signed] == [("RN3", "authorised"), ("CO", "transcribed")]


def test_balances_are_those_of_the_played_day(told: Told, typed: PaperDay) -> None:
    mine, theirs = (containers(Told(day, PARTNERS).views).containers for day in (typed.story, told.story))

    said = [
        [
            {name: value for name, value in asdict(each).items() if name in ("code", "slot", "difference", "counted")}
            for each in found
        ]
        for found in (mine, theirs)
    ]
    assert len(said[0]) == 2
    assert said[0] == said[1]
    assert [str(each.balance) if hasattr(each, "balance") else "" for each in mine] == [
        str(each.balance) if hasattr(each, "balance") else "" for each in theirs
    ]


def test_findings_are_those_of_the_played_day_but_for_lateness(told: Told, typed: PaperDay) -> None:
    mine, theirs = (_verdicts(Told(day, PARTNERS)) for day in (typed.story, told.story))

    assert mine == theirs
    assert sum(mine.values()) > 10
    breached = Told(typed.story, PARTNERS).findings("S4", STORY_DAYS, "breached")
    assert [each for each in breached if each.rule == "REC-17"] == []


def test_what_was_known_then_shows_nothing_of_it(typed: PaperDay) -> None:
    before = typed.story.played[-1].recorded.position + 1
    then = Told(typed.story, PARTNERS).judged.findings(
        typed.story.player.ids["S4"], as_of="2026-09-12T18:00:00.000000Z", known_at=before
    )

    assert all(each.verdict != "met" or not each.evidence or max(each.evidence) < before for each in then)
    assert not any(each.rule.startswith("SUP-05") and each.verdict in ("met", "breached") for each in then)


def test_the_whole_log_verifies(typed: PaperDay) -> None:
    report = Told(typed.story, PARTNERS).verified()

    assert report.holds
    assert not report.problems


def test_typing_it_in_again_records_nothing_twice(paper: PaperDay) -> None:
    paper.type_in()
    size = paper.story.ledger.store.head().size

    again = paper.plan(paper.sheet())

    assert (again.new, again.declared, again.problems) == ((), None, ())
    assert [item.recorded for item in again.items] == [48 + 2 * index for index in range(31)]
    assert paper.type_in() == []
    assert paper.story.ledger.store.head().size == size


def test_lines_left_out_are_typed_in_later_and_refer_to_those_recorded(paper: PaperDay) -> None:
    """The release refers to the discharge assessment above it, which is in the log already."""
    wrong = paper.plan(paper.sheet(("assessment: discharge-A", "assessment: discharge-B")))
    assert [(each.line, each.code, each.field) for each in wrong.problems] == [
        ("26", "paper-line", "assessment"),
        ("27", "paper-line", "release"),
    ]
    first = paper.story.recorder.record(paper.submissions(wrong))

    rest = paper.plan(paper.sheet())
    assert [item.line.number for item in rest.new] == [26, 27]
    paper.story.recorder.record(paper.submissions(rest))

    assert len(first) == 1 + 2 * 29
    assert len(paper_sheets(paper.views(), DOCUMENT).sheets[0].entries) == 31


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("usual: check, blood_pressure: 132/84}", "usual: check, blood_pressure: 132/x}"), ("16", "blood_pressure")),
        (("usual: check, blood_pressure: 132/84}", "usual: check, blood_pressure: 320/84}"), ("16", "blood_pressure")),
        (("usual: check, blood_pressure: 132/84}", "usual: check, spo2: 40}"), ("16", "spo2")),
        (("at: 10:40, for: S4/Ava", "at: 25:40, for: S4/Ava"), ("16", "at")),
        (("at: 10:40, for: S4/Ava", "at: 10:40, for: S4/Ana"), ("16", "for")),
        (("by: RN3, monitor: RN3", "by: RN9, monitor: RN3"), ("3", "by")),
        (("event: dose-declined", "event: dose-denied"), ("8", "event")),
        (("event: dose-declined", "event: key-enrolled"), ("8", "event")),
        (("stage: first, private: yes", "stage: first, private: yes, mood: low"), ("8", "mood")),
        (("container: own-A, label", "container: own-Z, label"), ("12", "container")),
    ],
)  # fmt: skip
def test_a_line_that_is_wrong_is_named_with_its_field_and_what_to_do(
    paper: PaperDay, change: tuple[str, str], problem: tuple[str, str]
) -> None:
    found = paper.plan(paper.sheet(change)).problems

    assert [(each.line, each.field.partition(".")[0]) for each in found][:1] == [problem]
    assert all(each.remedy and each.at_line > 0 for each in found)


def test_those_it_names_sign_what_they_did_and_nobody_else_can(paper: PaperDay) -> None:
    paper.type_in()
    ids = paper.story.player.ids
    waiting = {name: len(to_countersign(paper.views(), ids[name]).entries) for name in ("RN3", "MD1", "T1", "CO")}
    assert waiting == {"RN3": 28, "MD1": 5, "T1": 3, "CO": 0}
    lines = to_countersign(paper.views(), ids["T1"]).entries
    assert [(each.line, each.document == DOCUMENT) for each in lines] == [(8, True), (18, True), (31, True)]

    paper.countersign("RN3")

    left = pending(paper.views()).entries
    assert len(left) == 5 + 3
    assert not any("RN3" in words for each in left for words in each.lacks)
    assert paper.countersign("RN3") == []


def test_one_who_is_not_named_signs_in_vain(paper: PaperDay) -> None:
    """MD1 signs as performed what the sheet says RN3 did."""
    from api.paper.countersigning import countersignature
    from api.paper.transcribing import Typist, signed_with
    from tests.ledger.clinic import Entropy

    paper.type_in()
    ids, key = paper.story.player.ids, paper.story.player.keys[paper.story.player.ids["MD1"]]
    dose = next(each for each in to_countersign(paper.views(), ids["RN3"]).entries if each.line == 12)
    checkpoint = paper.story.recorder.checkpoint()
    draft = countersignature(
        dose,
        "confirms",
        None,
        by=Typist(ids["MD1"], key.kid, "prescriber"),
        origin=paper.story.ledger.pin.origin,
        now=paper.clock.wall(),
        seen=Seen(root=checkpoint.root.hex(), size=checkpoint.size),
        entropy=Entropy("in vain"),
    )
    ((raw, texts),) = signed_with(key, [draft])
    paper.story.recorder.record([Submission(raw, texts)])

    assert dose.position in [each.position for each in to_countersign(paper.views(), ids["RN3"]).entries]
    row = next(row for row in _timeline(Told(paper.story, PARTNERS)) if row.position == dose.position)
    assert {mark.code for mark in row.standing} == {"unsigned", "uncounted"}


def test_a_disputed_line_stays_and_says_so(paper: PaperDay) -> None:
    paper.type_in()
    ids = paper.story.player.ids
    dose = next(each for each in to_countersign(paper.views(), ids["RN3"]).entries if each.line == 12)

    paper.countersign("RN3", disputed=frozenset({dose.position}))

    rows = _timeline(Told(paper.story, PARTNERS))
    row = next(row for row in rows if row.position == dose.position)
    assert row.counts
    assert "disputed" in {mark.code for mark in row.standing}
    assert dose.position in [each.position for each in pending(paper.views()).entries]


def test_the_scan_tells_which_entries_rest_on_it(typed: PaperDay) -> None:
    (sheet,) = paper_sheets(typed.views(), DOCUMENT).sheets

    assert (sheet.day, sheet.pages, sheet.reason, sheet.typist) == ("2026-09-12", 2, "tablets-down", typed.typist)
    assert [each.line for each in sheet.entries] == list(range(1, 32))
    events = {placed.position: placed for placed in Told(typed.story, PARTNERS).events}
    for each in sheet.entries:
        line = events[each.position - 1].event
        assert isinstance(line, PaperLineTranscribed)
        assert (line.document, line.target.dig) == (DOCUMENT, events[each.position].dig)
    assert paper_sheets(typed.views(), "0" * 64).sheets == ()


def test_nothing_of_one_partner_stands_on_the_others_record(typed: PaperDay) -> None:
    ids = typed.story.player.ids
    for placed in Told(typed.story, PARTNERS).events:
        if isinstance(placed.event, PaperLineTranscribed):
            names = {each.by for each in placed.event.performed if not each.by.startswith("staff/")}
            other = f"{ids['S4']}/{'b' if placed.stream.endswith('/a') else 'a'}"
            assert placed.stream.startswith("stock/") or other not in names
            assert not any(person in placed.payload.model_dump_json() for person in (ids["Ava"], ids["Boris"]))


def test_a_line_without_its_entry_and_an_entry_without_its_line_are_refused(paper: PaperDay) -> None:
    submissions = paper.submissions(paper.plan(paper.sheet()))
    paper.story.recorder.record(submissions[:1])
    line, entry, other_line, other = submissions[1:5]

    for unit in ([line], [entry], [line, other], [entry, line], [line, other_line, entry, other]):
        with pytest.raises(Refused) as refused:
            paper.story.recorder.record(unit)
        assert refused.value.code == "transcription-line"
    results = paper.story.recorder.record_each([line, other_line, entry, other])

    assert not any(isinstance(each, LedgerError) for each in results)


class ObjectsToEverything:
    """A gate that no authorisation passes."""

    def objections(self, *_: object) -> list[Objection]:
        return [Objection("SUP-02", "1", "No.", (), None)]


def test_what_was_permitted_on_paper_passes_no_gate_and_is_judged_as_a_fact(paper: PaperDay) -> None:
    """The session was opened and two people released on paper; a permission given now is refused all the same."""
    ledger = paper.story.ledger
    closed = open_recorder(ledger, paper.clock, lambda: "", gates=[ObjectsToEverything()])

    done = closed.record(paper.submissions(paper.plan(paper.sheet())))

    assert len(done) == 1 + 2 * 31
    paper.story = replace(paper.story, recorder=closed)
    assert {each.code for each in paper.countersign("T1") if isinstance(each, LedgerError)} == {"gate-closed"}


def test_a_sheet_of_another_day_is_not_this_scan(paper: PaperDay) -> None:
    paper.type_in()
    text = sheet_text(paper.labels).replace("\ndate: 2026-09-12", "\ndate: 2026-09-11")

    with pytest.raises(Invalid) as refused:
        paper.plan(sheet_of(text, paper.sheet().texts))

    assert (refused.value.code, refused.value.field) == ("paper-sheet", "date")


def _timeline(told: Told) -> list:  # type: ignore[type-arg]
    rows = timeline(told.views, told.ids["S4"]).rows
    return [row for row in rows if row.type != "countersignature-given/1"]


def _of_the_day(told: Told) -> list:  # type: ignore[type-arg]
    besides = ("paper-", "countersignature-")
    found = [
        placed
        for placed in told.events
        if placed.payload.occurred.at.startswith("2026-09-12") and not placed.payload.type.startswith(besides)
    ]
    return sorted(found, key=lambda placed: placed.position)


def _verdicts(told: Told) -> Counter[tuple[str, ...]]:
    return Counter(
        (each.rule, each.verdict, told.name(each.subject), str(each.limit), str(each.made_at), *each.causes)
        for each in told.findings("S4", STORY_DAYS)
        if each.rule not in LATENESS
    )
