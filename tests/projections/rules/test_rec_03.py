"""REC-03: a countersignature by somebody who signed the entry is kept, does not count, and is stopped at the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from projections.compliance.known import Fact
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from projections.compliance.rules.records.rec_03 import rec_03
from tests.ledger.chart import countersignature
from tests.ledger.clinic import MD1, RN1, SESSION, SLOT_A, check, uuid
from tests.ledger.events.examples import EXAMPLES
from tests.projections.rules.day import Day, instant

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
