"""REC-03: a countersignature by somebody who signed the entry is kept, does not count, and is stopped at the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.events.base import Event, Reference
from projections.compliance.finding import Finding
from projections.compliance.known import Fact
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from projections.compliance.rules.records.rec_03 import rec_03
from tests.ledger.chart import countersignature
from tests.ledger.clinic import MD1, RN1, SESSION, SLOT_A, check, uuid
from tests.ledger.events.examples import EXAMPLES
from tests.projections.rules.day import Day, instant
from tests.projections.rules.standing import VIAL, received

RN2 = f"staff/{uuid(8)}"


def dosed() -> Day:
    return Day().opens().gives("a", "10:00")


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("nothing was countersigned", dosed, "not-applicable"),
    ("by a colleague", lambda: dosed().signs("10:05", gives="witnessed"), "met"),
    ("by the author", lambda: dosed().signs("10:05", by=RN1, role="nurse", gives="witnessed"), "breached"),
    ("a dispute by the author", lambda: dosed().signs("10:05", by=RN1, role="nurse", verdict="disputes"), "breached"),
    (
        "a colleague's correction, by the author of the wrong entry",
        lambda: dosed().voids("10:30", by=MD1).signs("10:35", by=RN1, role="nurse"),
        "met",
    ),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    (finding,) = story().findings("REC-03", slot="a")

    assert finding.verdict == verdict, name


@pytest.mark.parametrize(("by", "objects"), [(RN1, True), (MD1, False)])
def test_the_gate_stops_an_author_and_nobody_else(by: str, objects: bool) -> None:
    day = dosed()
    event = countersignature(day.placed[-1], gives="witnessed")
    proposed = Fact(event, to_second(instant("10:05")), SLOT_A, len(day.placed), "", (by,))
    history = LedgerAt(day.known(), size=len(day.placed), as_of=to_second(instant("10:05")), proposed=proposed).session(
        SESSION
    )

    found = [finding.verdict for finding in rec_03.findings(history)]

    assert found == (["breached"] if objects else [])
    assert rec_03.gate is not None
    assert rec_03.gate.override_of(("own-act",), type(event)) is None, "nobody may override it"


# -- the review of a session


def reviewed(by: str) -> Day:
    """The day's nurse gave; this person reviews it in the evening."""
    return dosed().put(REVIEW, BESIDE, "17:00", who=[(by, "reviewed", "medical-director")])


REVIEW = EXAMPLES["review-completed/1"].event.model_copy(update={"scope": "session", "session": SESSION})
BESIDE = f"governance/{uuid(95)}"


@pytest.mark.parametrize(("by", "verdict"), [(RN1, "breached"), (RN2, "met")])
def test_who_signed_in_a_session_is_no_reviewer_of_it(by: str, verdict: str) -> None:
    (finding,) = [each for each in reviewed(by).findings("REC-03") if each.about == BESIDE]

    assert (finding.verdict, finding.severity) == (verdict, "C")
    assert ("who signed in it (entry " in finding.sentence) == (verdict == "breached")
    assert len(finding.evidence) == (1 if verdict == "met" else 4)  # the opening, what it took, and the dose


@pytest.mark.parametrize(("by", "objects"), [(RN1, ["REC-03"]), (RN2, [])])
def test_before_a_review_its_author_is_stopped_and_nobody_may_override_it(by: str, objects: list[str]) -> None:
    found = dosed().objections(REVIEW, BESIDE, "17:00", who=[(by, "reviewed", "medical-director")])

    assert [each.rule for each in found] == objects
    assert {each.override for each in found} <= {None}


def test_what_they_sign_after_their_review_is_no_part_of_it() -> None:
    day = reviewed(RN2).put(check(), SLOT_A, "17:30", who=[(RN2, "performed", "nurse")])

    assert [each.verdict for each in day.findings("REC-03") if each.about == BESIDE] == ["met"]


def test_a_review_of_the_audit_trail_is_not_judged() -> None:
    whole = REVIEW.model_copy(update={"scope": "audit-trail", "session": None})
    day = dosed().put(whole, BESIDE, "17:00", who=[(RN1, "reviewed", "compliance-officer")])

    assert [each for each in day.findings("REC-03") if each.about == BESIDE] == []


# -- what becomes of a finding, by whoever caused it


def unprepared() -> tuple[Day, Finding]:
    """A dose that nobody prepared, and the finding about it."""
    day = dosed()
    (finding,) = [each for each in day.findings("ORD-10") if each.verdict == "breached"]
    return day, finding


def decided(tag: str, finding: Finding, evidence: tuple[Reference, ...] = (), **fields: object) -> Event:
    about: dict[str, object] = {"evidence": evidence, "rule": finding.rule, "rule_version": "1"}
    if tag == "finding-dispositioned/1":
        about |= {"credential": None, "session": SESSION, "slot": "a", "staff": None}
    else:
        about |= {"finding": finding.identity}
    return EXAMPLES[tag].event.model_copy(update=about | fields)


def told(day: Day, known_at: int | None = None) -> list[str]:
    return [each.verdict for each in day.findings("REC-03", known_at=known_at) if each.about == BESIDE]


@pytest.mark.parametrize("tag", ["finding-dispositioned/1", "finding-dispositioned/2", "finding-closed/1"])
@pytest.mark.parametrize(("by", "verdict"), [(RN1, "breached"), (RN2, "met")])
def test_to_leave_out_ones_own_entry_does_not_help_also_once_it_is_recorded(tag: str, by: str, verdict: str) -> None:
    day, finding = unprepared()
    dose_at = len(day.placed) - 1
    day.put(decided(tag, finding), BESIDE, "17:00", who=[(by, "reviewed", "compliance-officer")])

    (found,) = [each for each in day.findings("REC-03") if each.about == BESIDE]
    assert (found.verdict, found.causes) == (verdict, ("own-act",) if verdict == "breached" else ())
    assert dose_at in found.evidence


def test_who_was_its_author_is_what_was_known_when_the_act_came_in() -> None:
    """The dose is voided afterwards: the finding is gone, and who had decided about their own act did so."""
    day, finding = unprepared()
    dose_at = len(day.placed) - 1
    day.put(decided("finding-closed/1", finding), BESIDE, "17:00", who=[(RN1, "reviewed", "compliance-officer")])
    then = len(day.placed)
    day.voids("17:30", of=dose_at, by=MD1).signs("17:35", by=RN2, role="nurse")

    assert all(each.verdict != "breached" for each in day.findings("ORD-10"))
    assert told(day) == told(day, then) == ["breached"]


def test_a_finding_of_another_person_is_not_meant_by_an_act_of_the_first_kind() -> None:
    day, finding = unprepared()
    other = decided("finding-dispositioned/1", finding, slot="b")
    day.put(other, BESIDE, "17:00", who=[(RN1, "reviewed", "compliance-officer")])

    assert told(day) == ["met"]


def test_who_keeps_credentials_did_not_do_what_was_found_and_may_decide_about_it() -> None:
    day = Day().opens()
    day.put(EXAMPLES["credential-granted/1"].event.model_copy(update={"kind": "bls"}), RN1, "1 10:00",
            who=[(RN2, "verified", "credentialing-officer")])  # fmt: skip
    day.gives("a", "10:00")
    (finding,) = [each for each in day.findings("SUP-02") if each.credential == "bls" and each.verdict == "breached"]
    named = (Reference(dig=day.placed[-2].dig, id=day.placed[-2].payload.id),)
    event = decided("finding-closed/1", finding, named)

    def stopped(by: str) -> list[str]:
        found = day.objections(event, BESIDE, "17:00", who=[(by, "reviewed", "compliance-officer")])
        return [each.rule for each in found]

    assert (stopped(RN2), stopped(RN1)) == ([], ["REC-03"])


# -- entries that are no session's


def supplied() -> Day:
    """What RN1 received, put right by RN1."""
    day = received(Day().opens(), supplier_dea="none")
    return day.corrects("11:00", ("supplier_dea", "none", "FX0000001"))


@pytest.mark.parametrize(("by", "verdicts"), [(RN1, ["breached"]), (MD1, ["met"])])
def test_nobody_is_the_second_person_of_their_own_entry_about_a_container(by: str, verdicts: list[str]) -> None:
    day = supplied()
    event = countersignature(day.placed[-1])
    stopped = day.objections(event, VIAL, "11:05", who=[(by, "countersigned", "nurse")])
    day.signs("11:05", by=by, role="nurse")

    assert [each.rule for each in stopped] == (["REC-03"] if verdicts == ["breached"] else [])
    assert [each.verdict for each in day.findings("REC-03") if each.about == VIAL] == verdicts


def test_a_performer_as_own_witness_is_recorded_where_it_arrives_signed_and_found() -> None:
    day = supplied()
    event = countersignature(day.placed[-1], gives="witnessed")

    assert day.objections(event, VIAL, "11:05", who=[(RN1, "countersigned", "nurse")]) == []
    day.put(event, VIAL, "11:05", who=[(RN1, "countersigned", "nurse")])
    assert [each.verdict for each in day.findings("REC-03") if each.about == VIAL] == ["breached"]
