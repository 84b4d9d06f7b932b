"""A session ends before the container of its doses: what it took out is kept there, and nothing is lost from a sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.ending import signed_amounts, signed_ending
from ledger.container import Container
from ledger.effective import effective
from ledger.erasure import Retention
from ledger.errors import Refused
from ledger.events.base import Event
from ledger.events.erasure import RetentionEnded
from ledger.events.kept_amounts import AmountsKept
from ledger.follow import events_from
from ledger.kept_amounts import Amounts, amounts_to_keep
from ledger.record import Recorded
from ledger.retention import RetentionPlan, retention_plan
from ledger.stock import replay
from ledger.stock_facts import by_container
from projections import VIEWS
from projections.compliance.reader import Compliance
from projections.runner import Runner
from projections.stock_balances import balances
from projections.tables import ViewDatabase
from tests.api.test_erasing import holders
from tests.ledger.chart import correction
from tests.ledger.clinic import ANA, MD1, ORIGIN, OWN_A, RN1, SESSION, SLOT_A, SLOT_B, Clinic, Entropy, dose, make
from tests.ledger.events.examples import EXAMPLES
from tests.ledger.test_absences import GOVERNANCE, TWO
from tests.projections.test_last_judged import receive

FAR = "2030-01-01T00:00:00.000000Z"
PERIODS = Retention(chart_years=0, controlled_years=2, records_years=0)
NURSE = (RN1, "performed", "nurse")
COUNTERS = ((RN1, "performed", "custodian"),)


@dataclass
class Held:
    """What a container comes to: its sums by the ledger, its sheet, and what CS-01 says of it."""

    state: Container
    sums: Any
    moved: list[tuple[int, str, str]]
    verdict: Sequence[tuple[str, tuple[int, ...]]]


def clinic() -> Clinic:
    """Own-A comes in."""
    built = Clinic(retention=PERIODS).open()
    receive(built)
    return built


def counted(built: Clinic, count: str) -> Recorded:
    fields = EXAMPLES["own-medication-counted/1"].event.model_dump(exclude={"type"})
    event = make("own-medication-counted/1", **fields | {"count": count, "session": None, "owner": ANA})
    return built.record(event, OWN_A, *COUNTERS)


def held(built: Clinic) -> Held:
    placed = list(events_from(built.store, built.subject_keys, 0, 500))
    facts = by_container(effective(placed)).get(OWN_A, [])
    database = ViewDatabase()
    Runner(database, built.store, built.subject_keys, VIEWS).catch_up()
    (sheet,) = [each for each in balances(database).containers if each.container == OWN_A]
    database.close()
    found = Compliance(built.store, built.subject_keys, retention=PERIODS).findings(as_of=FAR)
    verdict = [(each.verdict, each.evidence) for each in found if (each.rule, each.about) == ("CS-01", OWN_A)]
    moved = [(move.evidence[0], move.kind, move.balance_mg) for move in sheet.movements]
    return Held(replay(OWN_A, facts)[0], sheet.sums, moved, verdict)


def plan(built: Clinic) -> RetentionPlan:
    return retention_plan(built.store, built.clock.now.date(), PERIODS)


def amounts(built: Clinic) -> list[Amounts]:
    return amounts_to_keep(built.store, plan(built), built.recorder.keys.revoked)


def ends(built: Clinic, kept: Sequence[Amounts] | None = None) -> int:
    """The session ends, with what is kept in front of it; its envelopes are removed."""
    wanted = amounts(built) if kept is None else kept
    acts: list[tuple[str, Event]] = [*wanted, (GOVERNANCE, RetentionEnded(envelopes=plan(built).envelopes))]
    submissions = [built.submission(event, stream, TWO) for stream, event in acts]
    under = built.recorder.record(submissions)[-1].position
    built.store.remove_ended(under)
    return under


def years_later(built: Clinic) -> Clinic:
    """A count of the container a year later, and then the day on which the session ends and the container does not."""
    built.clock.forward(days=365)
    built.restart()
    counted(built, "7")
    built.clock.forward(days=400)
    built.restart()
    return built


def dosed() -> Clinic:
    built = clinic()
    built.dose(SLOT_A, "100")
    built.dose(SLOT_B, "100")
    return years_later(built)


def test_the_session_ends_and_the_container_stays() -> None:
    built = dosed()
    due = {each.record: each.objections for each in plan(built).due}

    assert due[SESSION] == ()
    assert {each.rule for each in due[OWN_A]} == {"CS-09"}
    assert OWN_A in plan(built).staying


def test_after_it_the_container_holds_what_it_held_and_every_count_is_what_it_was() -> None:
    built = dosed()
    before = held(built)
    ends(built)
    after = held(built)

    assert after.state.is_conserved
    assert (after.state.balance, after.state.given) == (before.state.balance, before.state.given)
    assert after.sums == before.sums
    assert [move for move in after.moved if move[1] != "prepared"] == before.moved
    assert [verdict for verdict, _ in after.verdict] == [verdict for verdict, _ in before.verdict]


def test_without_what_is_kept_the_end_is_refused_and_nothing_has_changed() -> None:
    built = dosed()
    ((container, event),) = amounts(built)
    short = event.model_copy(update={"amounts": event.amounts[:1]})
    before = built.store.head()

    for kept in ([], [(container, short)], [(container, event), (container, event)]):
        with pytest.raises(Refused) as caught:
            ends(built, kept)
        assert caught.value.code == "ended-amounts"
        assert caught.value.remedy
    assert built.store.head() == before


def test_what_is_kept_holds_mg_and_when_and_nothing_of_anybody() -> None:
    ((container, event),) = amounts(dosed())

    assert container == OWN_A
    assert [(each.mg, each.taken, each.slot) for each in event.amounts] == [("100", "100", "a"), ("100", "100", "b")]
    assert not [name for name in AmountsKept.model_fields if name not in ("type", "amounts", "session")]
    assert "person/" not in event.model_dump_json()


def test_a_dose_that_does_not_count_is_not_kept_and_a_corrected_one_as_it_counts() -> None:
    built = clinic()
    given_ = built.dose(SLOT_A, "100")
    (placed,) = events_from(built.store, built.subject_keys, given_.position, 1)
    change = correction(placed, ("mass", {"unit": "mg", "value": "100"}, {"unit": "mg", "value": "50"}))
    who = ((RN1, "corrected", "nurse"), (MD1, "reviewed", "prescriber"))
    built.record(change, SLOT_A, *who)
    voided = built.dose(SLOT_A, "100")
    fields = {"dig": voided.dig, "id": voided.event_id}
    void = make("entry-voided/1", reason="entered-in-error", target=fields, note=None, note_a=None, note_b=None)
    built.record(void, SLOT_A, *who)
    years_later(built)

    ((_, event),) = amounts(built)
    assert [(each.position, each.mg) for each in event.amounts] == [(given_.position, "50")]


def test_as_known_before_the_end_the_container_held_what_it_held_then() -> None:
    built = dosed()
    before = held(built)
    under = ends(built)
    at = Compliance(built.store, built.subject_keys, retention=PERIODS)
    known = [
        at.at(as_of=FAR, known_at=size).containers.of(OWN_A).state.balance
        for size in (before.moved[0][0] + 1, before.moved[1][0] + 1, before.moved[2][0] + 1, under + 1)
    ]

    assert known == [known[0], known[0] - 100, known[0] - 200, known[0] - 200]


def test_the_container_s_own_period_does_not_begin_anew_by_what_was_kept() -> None:
    built = dosed()
    last_day = retention_plan(built.store, date(2029, 5, 20), PERIODS)
    ends(built)
    then = retention_plan(built.store, date(2029, 5, 20), PERIODS)

    (before,) = [each for each in last_day.due if each.record == OWN_A]
    (after,) = [each for each in then.due if each.record == OWN_A]
    assert (before.objections, after.objections) == ((), ())


def test_a_dose_that_was_kept_keeps_its_container_as_long_as_it_did_before() -> None:
    built = clinic()
    amount = {"dig": "5d" * 32, "label": None, "mg": "100", "position": 3, "slot": "a", "taken": "100"}
    event = make("amounts-kept/1", session=SESSION, amounts=[amount | {"at": "2027-05-01T14:00:00.000000Z"}])
    built.record(event, OWN_A, *TWO)

    def against(day: date) -> set[str]:
        found = retention_plan(built.store, day, PERIODS)
        return {each.rule for due in found.due if due.record == OWN_A for each in due.objections}

    assert (against(date(2029, 4, 30)), against(date(2029, 5, 1))) == ({"CS-09"}, set())


def test_nobody_is_named_as_having_given_a_dose_that_is_no_longer_kept() -> None:
    built = dosed()
    ends(built)
    steps = Compliance(built.store, built.subject_keys, retention=PERIODS).at(as_of=FAR).containers.of(OWN_A).steps

    assert [step.fact.by for step in steps if step.moved.kind == "dose"] == [(), ()]


parts = st.lists(
    st.tuples(st.sampled_from(["a", "b"]), st.integers(10, 100), st.integers(0, 100), st.integers(0, 60)), max_size=5
)


@given(doses=parts)
@settings(max_examples=20, deadline=None)
def test_whatever_was_given_taken_in_part_and_wasted_no_milligram_is_lost(
    doses: list[tuple[str, int, int, int]],
) -> None:
    built = clinic()
    for slot, mg, taken, wasted in doses:
        stream = f"{SESSION}/{slot}"
        at = built.record(dose(str(mg), label="L-1"), stream, NURSE)
        if taken < mg:
            fields = {"dose": {"dig": at.dig, "id": at.event_id}, "estimated": False, "reason": None}
            part = make(
                "dose-partially-taken/1",
                **fields
                | {"mass_taken": {"unit": "mg", "value": str(taken)}, "units_taken": None, "volume_taken": None},
            )
            built.record(part, stream, NURSE)
        if wasted:
            waste = EXAMPLES["wastage-recorded/1"].event.model_dump(exclude={"type"})
            waste |= {"mass": {"unit": "mg", "value": str(wasted)}, "label": "L-1", "session": SESSION}
            built.record(make("wastage-recorded/1", **waste), OWN_A, NURSE, (MD1, "witnessed", "prescriber"))
    years_later(built)
    before = held(built)
    ends(built)
    after = held(built)

    def told(found: Held) -> tuple[Any, ...]:
        state = found.state
        return state.balance, state.given, state.wasted, state.left_over, state.came, found.sums

    assert after.state.is_conserved
    assert told(after) == told(before)


def test_as_the_command_signs_it_the_end_is_recorded_whole() -> None:
    built = dosed()
    before = held(built)
    by, now, found = holders(built), built.clock.now, plan(built)
    kept = signed_amounts(amounts(built), by, built.recorder, ORIGIN, now, Entropy("amounts"))
    under = built.recorder.record([*kept, signed_ending(found, by, built.recorder, ORIGIN, now, Entropy("end"))])[-1]
    built.store.remove_ended(under.position)

    assert len(kept) == 1
    assert held(built).sums == before.sums
