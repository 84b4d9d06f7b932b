"""
A dose of 100 mg is Ana's and was entered for Ben: voided, entered for Ana, and signed by a second person.

Given the story of the page, and what follows in it; then balances, timeline, history and REC-02, now and then.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from api.folder import signed_head
from api.play_story import StoryLedger
from ledger.audit import audit
from ledger.follow import log_rows
from ledger.store.port import EventRow
from projections import VIEWS
from projections.compliance.reader import Compliance
from projections.couple_history import couple_history
from projections.own_medication import container
from projections.pending import pending
from projections.runner import Runner
from projections.session_timeline import TimelineRow, timeline
from projections.snapshot import AsOf
from projections.tables import ViewDatabase
from tests.api.story.writing import played

EVENING = "2026-05-02T22:00:00.000000Z"
DOSE = "container: own-A, route: sublingual, mass: 100 mg, ordinal: 1, identifiers: [name], self_administered: no"
STEPS = f"""
- {{at: 09:39, event: staff-registered, for: MD1, by: PT1, code: MD1, name: Mara Dunn}}
- {{at: 09:40, event: own-medication-checked-in, for: own-A, by: [Ana in First, RN1 as custodian],
   code: own-A, owner: Ana, session: First, drug: ketamine, form: lozenge, strength: 100 mg, count: 10, pharmacy: X,
   prescription: Y}}
- {{at: 10:05, event: dose-administered, as: wrong, for: First/Ben, by: RN1, {DOSE}}}
- {{at: 10:40, event: entry-voided, as: void, for: First/Ben, by: RN1, target: wrong, reason: entered-in-error}}
- {{at: 10:05, recorded: 10:40, event: dose-administered, as: right, for: First/Ana, by: RN1, {DOSE}}}
- {{at: 10:41, event: entry-reattributed, for: First, by: RN1, voided: void, created: right}}
- {{at: 11:30, event: countersignature-given, for: First/Ben, by: MD1, target: void, gives: reviewed,
   verdict: confirms}}
"""
WRONG, VOID, RIGHT, LINK, SIGNED = range(-5, 0)


class Told:
    """The story as its views and rules tell it, as known at a number of entries."""

    def __init__(self, story: StoryLedger) -> None:
        self.story = story
        self.size = story.ledger.store.head().size
        rows = story.ledger.store.rows(0, self.size)
        self.positions = [row.position for row in rows if isinstance(row, EventRow)]
        self.session, self.couple, self.own_a = (story.player.ids[name] for name in ("First", "C-1", "own-A"))
        self.database = ViewDatabase()
        Runner(self.database, story.ledger.store, story.ledger.subject_keys, VIEWS).catch_up()
        self.compliance = Compliance(story.ledger.store, story.ledger.subject_keys)

    def at(self, step: int) -> int:
        """The position of a step, counted from the last one."""
        return self.positions[step]

    def totals(self, known_at: int) -> tuple[str, str]:
        (session,) = couple_history(self.database, self.couple, as_of=AsOf(known_at=known_at)).sessions
        return session.parts[0].total_mg, session.parts[1].total_mg

    def rows(self, partner: str | None = None) -> dict[int, TimelineRow]:
        return {row.position: row for row in timeline(self.database, self.session, for_partner=partner).rows}

    def rec_02(self, known_at: int) -> list[tuple[str, str]]:
        found = self.compliance.findings(self.session, as_of=EVENING, known_at=known_at)
        return [(each.slot, each.verdict) for each in found if each.rule == "REC-02"]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return Told(played(tmp_path_factory.mktemp("wrong"), STEPS))


def test_the_milligrams_are_bens_until_the_second_signature_and_anas_from_then_on(told: Told) -> None:
    assert told.totals(told.at(SIGNED)) == ("0", "100")
    assert told.totals(told.size) == ("100", "0")


def test_the_bottle_lost_one_lozenge_before_and_after(told: Told) -> None:
    for known_at in (told.at(VOID), told.at(SIGNED), told.size):
        assert container(told.database, told.own_a, as_of=AsOf(known_at=known_at)).balance_units == "9"
    sheet = container(told.database, told.own_a)
    assert [(each.slot, each.counts) for each in sheet.movements if each.kind == "dose"] == [("b", False), ("a", True)]
    assert sheet.oddities == (), "Ben's dose from Ana's bottle is none any more"


def test_the_timeline_shows_both_and_says_what_became_of_them(told: Told) -> None:
    rows = told.rows()

    wrong, right = rows[told.at(WRONG)], rows[told.at(RIGHT)]
    assert (wrong.slot, wrong.counts, right.slot, right.counts) == ("b", False, "a", True)
    assert wrong.phrase.startswith("100 mg sublingual")
    assert wrong.standing[0].words == "voided by RN1 at 10:40, because it was entered in error; confirmed by MD1"
    assert wrong.standing[0].positions == (told.at(VOID), told.at(SIGNED))
    assert right.late == ("written 35 min after it happened",)


def test_neither_partners_copy_says_that_the_other_was_concerned(told: Told) -> None:
    for partner, own, other in (("a", RIGHT, WRONG), ("b", WRONG, RIGHT)):
        copy = told.rows(partner)
        assert told.at(own) in copy
        assert told.at(other) not in copy
        assert told.at(LINK) not in copy
        assert "partner" not in str([(row.phrase, row.was, row.standing) for row in copy.values()])


def test_rec_02_was_open_then_and_is_met_now(told: Told) -> None:
    assert told.rec_02(told.at(VOID)) == [("a", "not-applicable"), ("b", "not-applicable")]
    assert told.rec_02(told.at(SIGNED)) == [("a", "not-applicable"), ("b", "breached")]
    assert told.rec_02(told.size) == [("a", "not-applicable"), ("b", "met")]


def test_it_waited_for_the_second_person_and_waits_no_more(told: Told) -> None:
    then = pending(told.database, session=told.session, as_of=AsOf(known_at=told.at(SIGNED))).entries

    assert [(each.position, each.lacks) for each in then] == [(told.at(VOID), ("reviewed, by a colleague",))]
    assert pending(told.database, session=told.session).entries == ()


def test_every_byte_of_it_holds(told: Told, tmp_path: Path) -> None:
    ledger = told.story.ledger
    head = signed_head(ledger.folder)
    assert head is not None
    report = audit(log_rows(ledger.store, ledger.subject_keys), ledger.store.checkpoints(), ledger.pin, held=[head])

    assert report.problems == ()
