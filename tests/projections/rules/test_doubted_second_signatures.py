"""A second signature by a key that was stolen counts until that is known, and no longer then: at once as later."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ledger.clinic import MD1, RN1, SLOT_A, dose
from tests.projections.rules.day import Day
from tests.projections.rules.stock_words import wasted
from tests.projections.rules.test_cs_02 import alone, ready
from tests.projections.rules.test_cs_03 import weekly
from tests.projections.rules.test_ord_10 import drawn
from tests.projections.rules.test_rec_04 import KEY, revoked
from tests.projections.rules.watching_words import dosed

SECOND = f"{1:064d}"
"""The key of whoever signs an entry as the second, at once."""


def watched() -> Day:
    """A dose somebody took themselves, observed at once."""
    who = ((RN1, "performed", "nurse"), (MD1, "observed", "prescriber"))
    return Day().opens().put(dose("100", self_administered=True), SLOT_A, "10:00", who=who)


STORIES: list[tuple[str, str, Callable[[], Day], list[str], list[str]]] = [
    ("an observed dose", "REC-17", watched, ["not-applicable"], ["pending"]),
    ("a waste", "CS-02", lambda: wasted(ready(), "10:12", "5", "L-A"), ["met", "met"], ["met", "breached"]),
    ("a preparation", "ORD-10", lambda: drawn(checked=True), ["met"], ["breached"]),
    ("a handover", "SUP-10", lambda: dosed().hands_over("10:43"), ["met", "met"], ["met", "breached"]),
]


@pytest.mark.parametrize(("name", "rule", "story", "then", "now"), STORIES, ids=[each[0] for each in STORIES])
def test_what_was_signed_at_once_counts_as_known_then_and_no_longer_now(
    name: str, rule: str, story: Callable[[], Day], then: list[str], now: list[str]
) -> None:
    day = story()
    known_at = len(day.placed)
    revoked(day, "15:00", since=0, key=SECOND)

    assert _verdicts(day, rule, known_at=known_at) == then, name
    assert _verdicts(day, rule) == now, name


@pytest.mark.parametrize(("since", "expected"), [(None, "met"), (99, "met")])
def test_a_key_that_was_good_when_it_signed_stays_so(since: int | None, expected: str) -> None:
    day = wasted(ready(), "10:12", "5", "L-A")

    assert _verdicts(revoked(day, "15:00", since=since, key=SECOND), "CS-02")[-1] == expected


def test_a_countersignature_by_a_stolen_key_is_no_witness_either() -> None:
    day = alone().signs("10:20", by=MD1, gives="witnessed")
    known_at = len(day.placed)
    revoked(day, "15:00", since=known_at - 1, key=KEY)

    assert _verdicts(day, "CS-02", known_at=known_at)[-1] == "met"
    assert _verdicts(day, "CS-02")[-1] == "breached"


def test_a_count_that_one_of_two_verified_with_a_stolen_key_is_a_count_by_one() -> None:
    day = weekly("5 10:00")
    known_at = len(day.placed)
    revoked(day, "15:00", since=known_at - 1, key=SECOND)
    as_known = [finding.causes for finding in day.findings("CS-03", as_of="11 18:00", known_at=known_at)]

    assert as_known != [finding.causes for finding in day.findings("CS-03", as_of="11 18:00")]


def test_the_finding_says_whose_signature_does_not_count_and_why() -> None:
    (finding,) = revoked(watched(), "15:00", since=0, key=SECOND).findings("REC-17", slot="a")

    assert f"given by {MD1}, which does not count: key suspect from position 0 on (stolen, revoked at position" in (
        finding.sentence
    )


def test_they_may_give_it_again_with_a_key_that_counts() -> None:
    day = watched()
    at = len(day.placed) - 1
    revoked(day, "10:30", since=at, key=SECOND)

    day.signs("11:00", of=at, by=MD1, gives="observed")

    assert _verdicts(day, "REC-17", as_of="17 18:00") == ["met"]


def _verdicts(day: Day, rule: str, **asked: object) -> list[str]:
    found = day.findings(rule, **{"as_of": "18:00"} | asked)  # type: ignore[arg-type]
    return [finding.verdict for finding in found if finding.slot != "b"]
