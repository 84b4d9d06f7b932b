"""A second signature that came with the entry, by a key that was stolen: then it counts, now it is lacking."""

from __future__ import annotations

import pytest

from ledger.effective import Standing, standings
from ledger.keys import NONE_REVOKED, Revocation, Revoked
from ledger.reading import PlacedEvent
from ledger.second_signatures import still_lacking, why_uncounted
from tests.ledger.chart import PRESCRIBER, Chart, countersignature
from tests.ledger.clinic import MD1, PT1, RN1, SLOT_A, dose

FIRST, SECOND = f"{0:064d}", f"{1:064d}"


def observed(chart: Chart) -> PlacedEvent:
    """A dose somebody took themselves: RN1 recorded it, MD1 observed it, both signed at once."""
    return chart.put(dose(self_administered=True), SLOT_A, (RN1, "performed", "nurse"), (MD1, "observed", "prescriber"))


def stolen(key: str, since: int | None, at: int = 9) -> Revoked:
    return {key: Revocation(at, since, "stolen")}


def standing(chart: Chart, revoked: Revoked) -> Standing:
    return standings(chart.placed, revoked)[0]


def test_it_is_lacking_once_the_key_is_known_to_be_stolen_and_the_words_say_why() -> None:
    chart = Chart()
    observed(chart)
    now = standing(chart, stolen(SECOND, since=0))

    assert standing(chart, NONE_REVOKED).lacks == ()
    (rule,) = now.lacks
    assert (rule.meaning, now.counts) == ("observed", now.original)
    assert still_lacking(rule, (*now.doubted, *now.seconds)) == (
        f"observed, by a nurse or prescriber; given by {MD1}, which does not count: "
        "key suspect from position 0 on (stolen, revoked at position 9)"
    )


@pytest.mark.parametrize("revoked", [stolen(SECOND, None), stolen(SECOND, 1), stolen("f" * 64, 0), stolen(FIRST, 0)])
def test_a_key_that_counted_there_and_that_of_whoever_did_it_take_nothing_away(revoked: Revoked) -> None:
    chart = Chart()
    observed(chart)

    assert standing(chart, revoked).lacks == ()


def test_the_same_person_gives_it_again_with_a_key_that_counts() -> None:
    chart = Chart()
    dosed = observed(chart)
    chart.signs(dosed, MD1, gives="observed")
    now = standing(chart, stolen(SECOND, since=0))

    assert (now.lacks, [each.uncounted for each in now.seconds]) == ((), [""])
    assert [each.uncounted for each in standing(chart, NONE_REVOKED).seconds] == ["author"]


def test_whoever_did_it_does_not_observe_it_because_their_key_was_stolen() -> None:
    dosed = observed(Chart())
    again = countersignature(dosed, gives="observed")

    assert why_uncounted(dosed, again, RN1, "nurse", stolen(FIRST, since=0)) == "author"  # type: ignore[arg-type]


def test_whose_key_was_stolen_may_dispute_what_was_signed_with_it() -> None:
    dosed = observed(Chart())
    word = countersignature(dosed, "disputes", gives="observed")

    for by, key in ((RN1, FIRST), (MD1, SECOND)):
        assert why_uncounted(dosed, word, by, "nurse", stolen(key, since=0)) == ""  # type: ignore[arg-type]
        assert why_uncounted(dosed, word, by, "nurse") == "author"  # type: ignore[arg-type]


def test_somebody_else_who_was_there_gives_it_too() -> None:
    chart = Chart()
    chart.signs(observed(chart), PT1, gives="observed", role="nurse")

    assert standing(chart, stolen(SECOND, since=0)).lacks == ()
    assert standing(chart, stolen(SECOND, since=0)).doubted[0].by == PRESCRIBER[0]
