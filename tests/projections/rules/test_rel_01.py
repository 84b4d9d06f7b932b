"""REL-01: nobody is released before the minimum observation since their last dose has passed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.events.fields import ERASED
from projections.compliance.finding import Finding
from tests.projections.rules.day import Day, local

BY_TOTAL = [{"from_mg": "150", "minutes": 150}, {"from_mg": "250", "minutes": 240}]


def dosed(**figures: Any) -> Day:
    return Day().opens(**figures).gives("a", "10:00")


STORIES: list[tuple[str, Callable[[], Day], str, str]] = [
    ("nobody was dosed: not applicable", lambda: Day().opens().releases("a", "09:30"), "not-applicable", ""),
    ("still here: not applicable, from 12:00 on", dosed, "not-applicable", "12:00"),
    ("released after exactly 120 minutes: met", lambda: dosed().releases("a", "12:00"), "met", "12:00"),
    (
        "released one second earlier: breached",
        lambda: dosed().releases("a", "11:59:59", precision="s"),
        "breached",
        "12:00",
    ),
    ("gone without a release after 120 minutes: met", lambda: dosed().leaves("a", "12:00"), "met", "12:00"),
    ("gone without a release earlier: breached", lambda: dosed().leaves("a", "11:59"), "breached", "12:00"),
    (
        "the last dose counts, not the first",
        lambda: dosed().gives("a", "10:50", "50").releases("a", "12:49"),
        "breached",
        "12:50",
    ),
    (
        "an infusion counts from its stop",
        lambda: Day().opens().gives("a", "10:00", "40", stopped="10:40").releases("a", "12:39"),
        "breached",
        "12:40",
    ),
    (
        "an infusion is over for two hours: met",
        lambda: Day().opens().gives("a", "10:00", "40", stopped="10:40").releases("a", "12:40"),
        "met",
        "12:40",
    ),
    (
        "a departure after a timely release asks nothing more",
        lambda: dosed().releases("a", "12:00").leaves("a", "12:05"),
        "met",
        "12:00",
    ),
    (
        "a release that came too early stays a breach after a second one",
        lambda: dosed().releases("a", "11:00").releases("a", "12:30").leaves("a", "12:31"),
        "breached",
        "12:00",
    ),
    (
        "a dose after the release: leaving needs its own time",
        lambda: dosed().releases("a", "12:00").gives("a", "12:10", "50").leaves("a", "13:00"),
        "breached",
        "14:10",
    ),
    (
        "transferred to a hospital: excepted",
        lambda: dosed().leaves("a", "11:00", destination="hospital"),
        "not-applicable",
        "12:00",
    ),
    (
        "released to a hospital: excepted",
        lambda: dosed().releases("a", "11:00", "hospital"),
        "not-applicable",
        "12:00",
    ),
    (
        "transferred, as the closing says",
        lambda: dosed().leaves("a", "11:00", destination="other").closes("11:30", ended_a="transferred"),
        "not-applicable",
        "12:00",
    ),
    (
        "the partner's transfer excuses nobody",
        lambda: dosed().leaves("a", "11:00").closes("11:30", ended_b="transferred"),
        "breached",
        "12:00",
    ),
    (
        "left against advice: breached too",
        lambda: dosed().leaves("a", "11:00").closes("11:30", ended_a="left-against-advice"),
        "breached",
        "12:00",
    ),
    (
        "early, and whether to a hospital is erased: cannot be judged",
        lambda: dosed().leaves("a", "11:00").loses("participant-departed", "clinical", absent=ERASED),
        "cannot-judge",
        "12:00",
    ),
    (
        "in time: it does not matter whether it was a hospital",
        lambda: dosed().leaves("a", "12:00").loses("participant-departed", "clinical"),
        "met",
        "12:00",
    ),
    (
        "100 mg is below the table's first total",
        lambda: dosed(release={"min_observation_by_mg": BY_TOTAL}).releases("a", "12:00"),
        "met",
        "12:00",
    ),
    (
        "150 mg in two doses: the table's 150 minutes",
        lambda: dosed(release={"min_observation_by_mg": BY_TOTAL}).gives("a", "10:50", "50").releases("a", "13:19"),
        "breached",
        "13:20",
    ),
    (
        "260 mg: the largest total that fits",
        lambda: dosed(release={"min_observation_by_mg": BY_TOTAL}).gives("a", "10:50", "160").releases("a", "14:50"),
        "met",
        "14:50",
    ),
    (
        "the protocol's minutes, not ours",
        lambda: dosed(release={"min_observation_min": 90}).releases("a", "11:30"),
        "met",
        "11:30",
    ),
    (
        "without a published protocol there is nothing to compare with",
        lambda: Day().opens(protocol=False).gives("a", "10:00").releases("a", "12:00"),
        "cannot-judge",
        "",
    ),
]


@pytest.mark.parametrize(
    ("story", "verdict", "due"), [pytest.param(s, verdict, due, id=name) for name, s, verdict, due in STORIES]
)
def test_the_verdict_on_a(story: Callable[[], Day], verdict: str, due: str) -> None:
    found = of_a(story())

    assert (found.verdict, local(found.due)) == (verdict, due)


def of_a(story: Day, **asked: Any) -> Finding:
    (found,) = story.findings("REL-01", slot="a", **asked)
    return found


def test_each_partner_by_themselves() -> None:
    story = dosed().gives("b", "10:30").releases("a", "12:00").releases("b", "12:29")

    assert [(f.slot, f.verdict) for f in story.findings("REL-01")] == [("a", "met"), ("b", "breached")]


def test_the_sentence_the_severity_and_the_evidence_of_a_breach() -> None:
    found = of_a(dosed().releases("a", "11:58"))

    assert found.severity == "C"
    assert found.sentence == (
        "A released at 11:58, 118 min after the last dose of 10:00; at least 120 min are asked for, until 12:00."
    )
    assert found.evidence == (4, 5)
    assert found.causes == ("too-early",)


def test_it_is_one_finding_before_and_after_the_release() -> None:
    story = dosed().releases("a", "11:58")

    assert of_a(story, as_of="11:00").verdict == "not-applicable"
    assert of_a(story, as_of="11:00").identity == of_a(story).identity
    assert of_a(story).identity != story.findings("REL-01", slot="b")[0].identity


def test_a_dose_recorded_late_makes_the_release_too_early_now_and_not_then() -> None:
    story = dosed().releases("a", "12:00").gives("a", "10:50", "50", recorded="13:00")

    then = story.findings("REL-01", slot="a", as_of="12:30", known_at=story.size_when("12:30"))
    assert [f.verdict for f in then] == ["met"]
    assert of_a(story).verdict == "breached"
