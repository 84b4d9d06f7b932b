"""How entries count after what was said about them: corrected, voided, reattributed, disputed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.effective import Standing, effective, standings
from ledger.events import EVENT_TYPES
from ledger.events.dosing import DoseAdministered
from ledger.events.fields import ERASED, Gone
from ledger.events.supervision import SupervisionChecked
from ledger.keys import Revocation
from ledger.second_signatures import lacking
from ledger.session import Session, evolve, replay
from tests.ledger.chart import Chart, mg, totals
from tests.ledger.clinic import MD1, PT1, RN1, SESSION, SLOT_A, SLOT_B, check, dose, make
from tests.ledger.events.examples import EXAMPLES

HALF = ("mass", mg("100"), mg("50"))


def of(chart: Chart, position: int = 0) -> Standing:
    return standings(chart.placed)[position]


def mass(standing: Standing) -> str | None:
    event = None if standing.counts is None else standing.counts.event
    return event.mass.value if isinstance(event, DoseAdministered) else None


def test_a_corrected_mass_counts_from_the_second_signature_on() -> None:
    chart = Chart()
    given_ = chart.put(dose("100"))
    corrected = chart.corrects(given_, HALF)

    assert (mass(of(chart)), of(chart).status) == ("100", "pending-correction")

    signed = chart.signs(corrected)
    assert (mass(of(chart)), of(chart).status) == ("50", "corrected")
    assert of(chart).by == (corrected.position, signed.position)
    assert of(chart).original is given_


def test_a_correction_that_two_people_signed_at_once_counts_at_once() -> None:
    chart = Chart()
    given_ = chart.put(dose("100"))
    event = chart.corrects(given_, HALF).event
    chart.placed.pop()
    chart.put(event, SLOT_A, (RN1, "corrected", "nurse"), (MD1, "reviewed", "prescriber"))

    assert mass(of(chart)) == "50"


def test_a_field_that_is_not_critical_is_corrected_by_one_person() -> None:
    chart = Chart()
    given_ = chart.put(dose("100"))
    chart.corrects(given_, clinical=[("hold_min", 12, 10)])

    counts = of(chart).counts
    assert counts is not None
    assert isinstance(counts.event, DoseAdministered)
    assert (counts.event.hold_min, of(chart).status) == (10, "corrected")


def test_the_time_of_a_dose_is_critical_and_moves_the_dose() -> None:
    chart = Chart()
    given_ = chart.put(dose("100"))
    later = "2026-05-15T12:09:00.000000Z"
    corrected = chart.corrects(given_, ("occurred.at", given_.payload.occurred.at, later))
    assert replay(SESSION, chart.placed).a.doses[0].at == given_.payload.occurred.at

    chart.signs(corrected)

    assert replay(SESSION, chart.placed).a.doses[0].at == later
    assert given_.payload.occurred.at == "2026-05-15T12:00:00.000000Z", "what was signed stays"


def test_nobody_confirms_their_own_correction() -> None:
    chart = Chart()
    corrected = chart.corrects(chart.put(dose("100")), HALF)
    chart.signs(corrected, by=RN1, role="nurse")

    assert mass(of(chart)) == "100"
    assert of(chart, corrected.position).seconds[0].uncounted == "author"


def test_the_author_of_a_wrong_entry_may_confirm_a_colleagues_correction_of_it() -> None:
    chart = Chart()
    corrected = chart.corrects(chart.put(dose("100")), HALF, by=MD1)
    chart.signs(corrected, by=RN1, role="nurse")

    assert mass(of(chart)) == "50"


def test_a_disputed_correction_does_not_count_until_the_dispute_is_taken_back() -> None:
    chart = Chart()
    corrected = chart.corrects(chart.put(dose("100")), HALF)
    chart.signs(corrected, by=MD1, verdict="disputes")
    chart.signs(corrected, by=PT1, role="therapist")
    assert (mass(of(chart)), of(chart).said[0].state) == ("100", "disputed")

    chart.signs(corrected, by=MD1)
    assert mass(of(chart)) == "50"


def test_a_disputed_entry_counts_and_is_marked() -> None:
    chart = Chart()
    disputed = chart.signs(chart.put(dose("100")), verdict="disputes", gives="witnessed")

    assert (mass(of(chart)), of(chart).status, of(chart).by) == ("100", "disputed", (disputed.position,))


def test_a_voided_dose_counts_nowhere_once_a_second_person_has_signed() -> None:
    chart = Chart()
    chart.put(dose("100"))
    void = chart.voids(chart.put(dose("50")))
    assert replay(SESSION, chart.placed).a.total_mg == 150

    chart.signs(void)

    assert of(chart, 1).counts is None
    assert of(chart, 1).status == "voided"
    assert replay(SESSION, chart.placed).a.total_mg == 100


def test_the_void_of_a_correction_brings_back_what_was_signed() -> None:
    chart = Chart()
    corrected = chart.corrects(chart.put(dose("100")), HALF)
    chart.signs(corrected)
    void = chart.voids(corrected, by=MD1)
    assert mass(of(chart)) == "50", "taking back a critical correction needs a second person too"

    chart.signs(void, by=RN1, role="nurse")

    assert (mass(of(chart)), of(chart).status, of(chart).said[0].state) == ("100", "original", "withdrawn")


def test_the_void_of_a_void_brings_the_entry_back() -> None:
    chart = Chart()
    void = chart.voids(chart.put(dose("100")))
    chart.signs(void)
    again = chart.voids(void, by=MD1)
    chart.signs(again, by=PT1, role="therapist")

    assert mass(of(chart)) == "100"


def test_a_correction_can_be_corrected() -> None:
    chart = Chart()
    first = chart.corrects(chart.put(dose("100")), HALF)
    chart.signs(first)
    second = chart.corrects(first, ("changes.0.now", mg("50"), mg("75")), by=MD1)
    assert mass(of(chart)) == "50"

    chart.signs(second, by=RN1, role="nurse")

    assert mass(of(chart)) == "75"


def test_of_two_corrections_from_different_values_the_later_one_wins_and_both_are_there() -> None:
    chart = Chart()
    given_ = chart.put(dose("100"))
    for amount in ("50", "75"):
        chart.signs(chart.corrects(given_, ("mass", mg("100"), mg(amount))))

    assert mass(of(chart)) == "75"
    assert [(said.state, said.conflicts) for said in of(chart).said] == [("in-effect", False), ("in-effect", True)]


def test_what_is_said_from_another_record_says_nothing() -> None:
    chart = Chart()
    offered = chart.put(make("dose-offered/1", private=True, stage="first"))
    stray = chart.voids(offered)
    assert of(chart).counts is None

    chart.placed[-1] = replace(stray, payload=stray.payload.model_copy(update={"stream": SLOT_B}))

    assert of(chart).is_untouched
    assert of(chart).said == ()


def test_a_reattributed_dose_counts_on_one_side_at_every_moment() -> None:
    chart = Chart()
    wrong = chart.put(dose("100"), SLOT_B)
    void, right = chart.voids(wrong), chart.put(dose("100"), SLOT_A)
    chart.reattributes(void, right)

    session = replay(SESSION, chart.placed)
    assert totals(session) == (0, 100)
    assert of(chart, right.position).status == "pending-reattribution"

    chart.signs(void)

    session = replay(SESSION, chart.placed)
    assert totals(session) == (100, 0)
    assert (of(chart).status, of(chart, right.position).status) == ("reattributed-away", "original")


def test_a_reattribution_that_is_disputed_leaves_the_dose_where_it_was() -> None:
    chart = Chart()
    void, right = chart.voids(chart.put(dose("100"), SLOT_B)), chart.put(dose("100"), SLOT_A)
    chart.reattributes(void, right)
    chart.signs(void)
    chart.signs(void, by=PT1, role="therapist", verdict="disputes")

    session = replay(SESSION, chart.placed)
    assert totals(session) == (0, 100)


def test_voiding_is_critical_when_it_is_half_of_a_reattribution() -> None:
    chart = Chart()
    offered = {"private": True, "stage": "first"}
    void = chart.voids(chart.put(make("dose-offered/1", **offered), SLOT_B))
    assert of(chart).counts is None, "by itself nobody else has to sign it"

    chart.reattributes(void, chart.put(make("dose-offered/1", **offered), SLOT_A))
    assert of(chart).counts is not None


def test_values_that_were_erased_stay_gone_and_a_correction_of_them_too() -> None:
    chart = Chart()
    looked = chart.put(check(150, 95))
    chart.corrects(looked, clinical=[("spo2", 98, 97)])
    gone: dict[str, Any] = {name: ERASED for name in SupervisionChecked.model_fields if name != "type"}
    chart.placed[0] = replace(looked, event=looked.event.model_copy(update=gone))
    unread = dict.fromkeys(("clinical", "sensitive", "identity"), ERASED)
    chart.placed[1] = replace(chart.placed[1], event=chart.placed[1].event.model_copy(update=unread))

    standing = of(chart)

    assert standing.said[0].state == "unreadable", "nobody can tell any more that no pressure was changed"
    assert standing.lacks == (), "no absence arises from an erasure"
    assert isinstance(standing.original.event, SupervisionChecked)
    assert standing.original.event.spo2 is ERASED


def test_a_reader_without_the_correction_does_not_take_the_old_value_for_the_new() -> None:
    chart = Chart()
    looked = chart.put(check(128, 80))
    change = chart.corrects(looked, clinical=[("spo2", 98, 97)])
    chart.placed[1] = replace(change, event=change.event.model_copy(update={"clinical": ERASED}))
    chart.signs(chart.placed[1])

    counts = of(chart).counts
    assert counts is not None
    assert isinstance(counts.event, SupervisionChecked)
    assert isinstance(counts.event.spo2, Gone)


def test_a_signature_of_the_participant_is_never_waited_for_from_the_staff() -> None:
    chart = Chart()
    for tag, kind in EVENT_TYPES.items():
        if any(rule.when == "later" and rule.by != "staff" for rule in kind.SIGNERS):
            placed = chart.put(EXAMPLES[tag].event, EXAMPLES[tag].stream)
            assert all(rule.by == "staff" for rule in lacking(placed, ())), tag


# -- what a doubted key signed ---------------------------------------------------------------------


@pytest.mark.parametrize("revocation", [Revocation(9, 2, "stolen"), Revocation(1, None, "stolen")])
def test_a_second_signature_by_a_doubted_key_confirms_nothing_until_a_key_that_counts_does(
    revocation: Revocation,
) -> None:
    chart = Chart()
    corrected = chart.corrects(chart.put(dose("100")), HALF)
    signed = chart.signs(corrected)
    revoked = {signed.payload.attested[0].key: revocation}

    assert mass(of(chart)) == "50", "as known before the revocation"
    after = standings(chart.placed, revoked)
    assert (mass(after[0]), after[0].status) == ("100", "pending-correction")
    assert [each.uncounted for each in after[1].seconds] == ["doubted-key"]
    assert [each.meaning for each in after[1].lacks] == ["reviewed"]

    new = signed.payload.attested[0].model_copy(update={"key": "f" * 64})
    cure = chart.signs(corrected)
    chart.placed[-1] = replace(cure, payload=cure.payload.model_copy(update={"attested": (new,)}))
    assert mass(standings(chart.placed, revoked)[0]) == "50"


def test_a_review_given_at_once_by_a_doubted_key_confirms_no_correction() -> None:
    chart = Chart()
    event = chart.corrects(chart.put(dose("100")), HALF).event
    chart.placed.pop()
    change = chart.put(event, SLOT_A, (RN1, "corrected", "nurse"), (MD1, "reviewed", "prescriber"))
    by_reviewer = {change.payload.attested[1].key: Revocation(9, 1, "stolen")}
    by_corrector = {change.payload.attested[0].key: Revocation(9, 1, "stolen")}

    after = standings(chart.placed, by_reviewer)
    assert (mass(after[0]), after[0].said[0].doubted[0][0]) == ("100", MD1)
    assert [each.meaning for each in after[1].lacks] == ["reviewed"]
    assert mass(standings(chart.placed, by_corrector)[0]) == "50"


# -- the same whatever order or batches ------------------------------------------------------------


@st.composite
def histories(draw: st.DrawFn) -> Chart:
    """Doses and anything said about anything that stands, by three people."""
    chart = Chart()
    chart.put(dose("100"), draw(st.sampled_from([SLOT_A, SLOT_B])))
    for _ in range(draw(st.integers(1, 10))):
        target = draw(st.sampled_from(chart.placed))
        by = draw(st.sampled_from([RN1, MD1, PT1]))
        match draw(st.sampled_from(["dose", "correct", "void", "sign", "dispute", "move"])):
            case "correct" if isinstance(target.event, DoseAdministered):
                chart.corrects(target, ("mass", mg("100"), mg(draw(st.sampled_from(["50", "75"])))), by=by)
            case "void":
                chart.voids(target, by=by)
            case "sign":
                chart.signs(target, by=by, role="nurse")
            case "dispute":
                chart.signs(target, by=by, role="nurse", verdict="disputes")
            case "move" if isinstance(target.event, DoseAdministered):
                other = SLOT_A if target.stream == SLOT_B else SLOT_B
                chart.reattributes(chart.voids(target, by=by), chart.put(dose("100"), other))
            case _:
                chart.put(dose("50"), target.stream)
    return chart


@settings(max_examples=150, deadline=None)
@given(chart=histories(), data=st.data())
def test_the_order_in_which_entries_are_read_changes_nothing(chart: Chart, data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(chart.placed))

    assert standings(shuffled) == standings(chart.placed)


@settings(max_examples=100, deadline=None)
@given(chart=histories())
def test_folding_one_after_another_is_counting_them_all(chart: Chart) -> None:
    session = Session(SESSION)
    for placed in chart.placed:
        session = evolve(session, placed)
        known = [each for each in chart.placed if each.position <= placed.position]
        assert session == replace(replay(SESSION, effective(known)), position=placed.position)


@settings(max_examples=100, deadline=None)
@given(chart=histories())
def test_what_was_signed_never_changes_and_says_who_made_it_so(chart: Chart) -> None:
    for position, standing in standings(chart.placed).items():
        assert standing.original is chart.placed[position]
        assert all(position < each < len(chart.placed) for each in standing.by)
        assert standing.is_untouched or standing.by


@pytest.mark.parametrize("size", range(1, 6))
def test_what_was_known_then_stays_known_then(size: int) -> None:
    chart = Chart()
    void, right = chart.voids(chart.put(dose("100"), SLOT_B)), chart.put(dose("100"), SLOT_A)
    chart.reattributes(void, right)
    chart.signs(void)

    then = replay(SESSION, chart.placed[:size])

    total = totals(then)
    assert total == {1: (0, 100), 2: (0, 100), 3: (100, 100), 4: (0, 100), 5: (100, 0)}[size]
