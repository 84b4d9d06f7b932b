"""What stands between a couple and their session, as the desk would say it; and when that changes by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.play_story import StoryLedger
from ledger.encoding import to_instant
from ledger.errors import Refused
from ledger.events.dosing import DoseAuthorised
from ledger.events.expired import NoLongerKept
from ledger.events.lifecycle import SessionOpened
from ledger.events.release import ReleaseAuthorised
from ledger.follow import events_from
from projections.compliance.gate_ahead import GateAhead
from projections.compliance.known import record_of
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import SECOND, to_second
from projections.compliance.reader import Compliance
from projections.compliance.readiness import ActAhead, Readiness, couple_readiness, readiness
from projections.compliance.sessions_ahead import sessions_ahead
from tests.ledger.clinic import ANA, BEN, COUPLE, MD1, PLACE, RN1, SESSION, Who, blank, make
from tests.projections.rules.day import ZONE, Day, instant, local
from tests.projections.rules.gate_words import before_the_dose, before_the_opening, before_the_release
from tests.projections.rules.standing import declined, evaluated, screened, told_by_word, unknown_person

STEPS = {
    before_the_opening: ["dea", "licence", "evaluation-a", "evaluation-b", "screen-a", "screen-b", "readiness"],
    before_the_dose: ["evaluation", "form", "consent", "order", "check-in", "values", "way-home", "no-driving"],
    before_the_release: ["way-home", "assessment", "promise", "escort"],
}
"""What may be left out of each day."""


def at(day: Day, clock: str, known_at: int | None = None) -> LedgerAt:
    known = day.known()
    return LedgerAt(known, size=known.size if known_at is None else known_at, as_of=to_second(instant(clock)))


def asked(day: Day, clock: str, known_at: int | None = None) -> Readiness:
    return readiness(at(day, clock, known_at), SESSION)


def act(found: Readiness, name: str, slot: str = "") -> ActAhead:
    (one,) = [each for each in found.acts if (each.act.name, each.act.slot) == (name, slot)]
    return one


def closed(found: Readiness, name: str, slot: str = "") -> list[str]:
    return sorted({f"{gate.rule} {gate.slot}".strip() for gate in act(found, name, slot).closed})


def gate(found: Readiness, rule: str, name: str, slot: str = "", whose: str = "") -> GateAhead:
    (one,) = [each for each in act(found, name, slot).gates if (each.rule, each.slot) == (rule, whose or slot)]
    return one


def staffed(day: Day) -> Day:
    """Planned anew, with a prescriber on duty."""
    plan = make(
        "session-rescheduled/1",
        location=PLACE,
        mode="simultaneous",
        planned_start=instant("09:00"),
        staff=[{"role": "prescriber", "staff": MD1}],
        reason_a=None,
        reason_b=None,
    )
    return day.put(plan, SESSION, "2 12:00", who=((MD1, "performed", "scheduler"),))


# -- stories


def test_the_day_before_what_is_missing_for_the_opening_is_named_with_what_opens_it_who_and_where() -> None:
    found = asked(staffed(before_the_opening("screen-a", "readiness")), "15 17:00")

    assert (found.status, found.couple) == ("scheduled", COUPLE)
    assert closed(found, "opening") == ["ELIG-08 a", "PRE-07", "SUP-02"]
    screen = gate(found, "ELIG-08", "opening", whose="a")
    assert (screen.state, screen.version, screen.override) == ("closed", "1", "medical-director")
    assert screen.sentence == "A: no private safety screen is on record."
    assert ("eligibility.safety_screen_days", "180") in screen.figures
    (way,) = screen.ways
    assert (way.type, way.record, way.of_the_session) == ("private-safety-screen-completed/1", ANA, False)
    assert [each.roles for each in way.signed_by] == [("nurse", "prescriber", "therapist")]
    (licence, *_) = [each for each in act(found, "opening").closed if each.rule == "SUP-02"]
    (way, *_) = licence.ways
    assert (way.type, way.record) == ("credential-granted/1", MD1)
    assert ("credential", str(licence.credential)) in way.fields
    (way,) = gate(found, "PRE-07", "opening").ways
    assert (way.type, way.record) == ("emergency-readiness-checked/1", PLACE)


def test_once_that_is_recorded_the_opening_is_ready() -> None:
    day = staffed(before_the_opening("screen-a"))
    screened(day, "a", "15 18:00")

    found = asked(day, "09:00")

    assert {each.rule for each in act(found, "opening").closed} <= {"SUP-02"}
    assert gate(found, "ELIG-08", "opening", whose="a").verdict == "met"


def test_before_the_opening_a_dose_is_asked_about_as_if_it_were_open_and_what_is_of_the_day_says_so() -> None:
    found = asked(before_the_opening(), "15 17:00")

    assert closed(found, "dose", "a") == ["ELIG-03 a", "ORD-01 a", "ORD-02 a", "PRE-01 a", "PRE-05 a", "PRE-06 a"]
    (consent,) = gate(found, "ELIG-03", "dose", "a").ways
    (values,) = gate(found, "PRE-01", "dose", "a").ways
    assert (consent.of_the_session, consent.record) == (False, ANA)
    assert (values.of_the_session, values.record) == (True, f"{SESSION}/a")
    assert (act(found, "release", "a").act.standing, act(found, "release", "a").gates) == ("not-yet", ())


def test_the_dose_is_the_most_that_the_order_permits_and_when_values_get_too_old_is_told() -> None:
    found = asked(before_the_dose(), "10:00")

    assert closed(found, "dose", "a") == []
    draft = act(found, "dose", "a").act.draft
    assert draft is not None
    assert (draft.event.mass.value, draft.event.route) == ("100", "sublingual")  # type: ignore[attr-defined]
    change = gate(found, "PRE-01", "dose", "a").change
    assert change is not None
    assert (local(to_instant(change.at)), change.opens) == ("10:15:01", False), "30 minutes after 09:45, and a second"


def test_a_release_opens_by_itself_when_the_observation_has_lasted_long_enough() -> None:
    found = asked(before_the_release("escort", "promise", "assessment"), "11:00")

    assert closed(found, "release", "a") == ["REL-01 a", "REL-02 a", "REL-03 a", "REL-04 a", "REL-06 a", "REL-07 a"]
    waits = gate(found, "REL-01", "release", "a")
    assert (waits.ways, waits.otherwise) == ((), "Time: the observation has to last.")
    assert waits.change is not None
    assert (local(to_instant(waits.change.at)), waits.change.opens) == ("12:00", True)
    assert act(found, "release", "b").act.why.startswith("B was not dosed")
    assert act(found, "dose", "a").act.standing == "done"


def test_an_evaluation_that_is_good_today_and_too_old_at_the_start_says_when_it_closes() -> None:
    day = before_the_opening("evaluation-a")
    evaluated(day, "a", "2026-04-15 10:00")

    found = asked(day, "14 12:00")

    limit = dict(gate(found, "ELIG-01", "opening", whose="a").figures)["eligibility.eval_first_ever_days"]
    change = gate(found, "ELIG-01", "opening", whose="a").change
    assert (limit, gate(found, "ELIG-01", "opening", whose="a").state) == ("30", "open")
    assert change is not None
    assert (to_instant(change.at), change.opens) == (instant("16 00:00"), False)


def test_an_override_given_beforehand_opens_the_gate_and_is_named() -> None:
    day = before_the_opening("screen-a")
    event = make(
        "rule-overridden-for-partner/1", evidence=[], permits="opening", reason="Done by phone.", rule="ELIG-08"
    )
    day.put(event, f"{SESSION}/a", "08:50", who=((MD1, "authorised", "medical-director"),))

    screen = gate(asked(day, "09:00"), "ELIG-08", "opening", whose="a")

    assert (screen.state, screen.verdict, screen.overridden_by) == ("open", "breached", len(day.placed) - 1)


def test_after_a_no_nobody_overrides_and_the_reason_is_not_told() -> None:
    day = declined(before_the_dose(), "a", "09:55")

    said = gate(asked(day, "10:00"), "ORD-09", "dose", "a")

    assert (said.state, said.override) == ("closed", None)
    assert "withheld" not in said.sentence


def test_what_lacks_a_second_signature_is_told_of_the_session_and_of_each_person() -> None:
    day = told_by_word(before_the_dose(), "b", "09:58")

    found = asked(day, "10:00")

    assert [(each.type, each.slot, each.record) for each in found.unsigned] == [
        ("consent-signed/1", "a", ANA),
        ("transport-plan-signed/1", "a", f"{SESSION}/a"),
        ("no-driving-acknowledged/1", "a", f"{SESSION}/a"),
    ]


def test_a_couple_that_is_not_planned_lacks_what_it_would_lack_if_it_were_opened_now() -> None:
    day = before_the_opening("screen-b")
    day.placed = [each for each in day.placed if each.event.type != "session-scheduled/1"]
    couple = blank("couple-registered/1") | {
        "code": "C-07",
        "location": PLACE,
        "sharing_policy": "joint-only",
        "started": "2026-05-01",
        "person_a": ANA,
        "person_b": BEN,
    }
    renumbered = Day()
    for each in day.placed:
        signed = [(one.by, one.meaning, one.role) for one in each.payload.attested]
        renumbered.put(each.event, each.stream, local_day(each.payload.occurred.at), who=signed)
        renumbered._name(each.dig)
    renumbered.put(make("couple-registered/1", **couple), COUPLE, "1 10:00", who=((MD1, "performed", "registrar"),))

    found = couple_readiness(at(renumbered, "15 12:00"), COUPLE)

    assert (found.session, found.status, found.couple) == ("", "unplanned", COUPLE)
    assert closed(found, "opening") == ["ELIG-08 b"]
    assert closed(found, "dose", "a")[:2] == ["ELIG-03 a", "ORD-01 a"]
    assert all(each.slot for one in found.acts for each in one.gates), "staff and place are not planned yet"
    (way,) = gate(found, "PRE-01", "dose", "a").ways
    assert way.record is None, "there is no session to record it in"

    parted = make("couple-dissolved/1", ended="2026-05-14", sharing="ends")
    renumbered.put(parted, COUPLE, "14 10:00", who=((MD1, "performed", "registrar"),))
    (only,) = couple_readiness(at(renumbered, "15 12:00"), COUPLE).acts
    assert (only.act.standing, only.act.why, only.act.done) == (
        "over",
        "This couple was dissolved.",
        len(renumbered.placed) - 1,
    )


def local_day(text: str) -> str:
    """An instant as the words of a day take it, with its date."""

    return f"{to_second(text).astimezone(ZONE):%Y-%m-%d %H:%M}"


def test_as_known_earlier_what_came_later_is_missing() -> None:
    day = before_the_opening("screen-a")
    size = len(day.placed)
    screened(day, "a", "15 10:00")

    assert "ELIG-08 a" in closed(asked(day, "15 12:00", known_at=size), "opening")
    assert "ELIG-08 a" not in closed(asked(day, "15 12:00"), "opening")
    assert "ELIG-08 a" in closed(asked(day, "15 09:00"), "opening"), "and so is what had not happened"


def test_of_a_closed_or_cancelled_session_nothing_is_asked_and_an_unknown_one_is_refused() -> None:
    cancelled = make("session-cancelled/1", reason_a=None, reason_b=None)
    called_off = before_the_opening().put(cancelled, SESSION, "15 10:00", who=((MD1, "performed", "scheduler"),))

    assert (asked(called_off, "15 12:00").status, asked(called_off, "15 12:00").acts) == ("cancelled", ())
    assert asked(before_the_release().closes("14:00"), "15:00").acts == ()
    gone = before_the_release().closes("14:00")
    gone.placed = [
        replace(each, event=NoLongerKept(kind=each.event.type, under=9)) if each.stream.startswith(SESSION) else each
        for each in gone.placed
    ]
    assert (asked(gone, "15:00").status, asked(gone, "15:00").acts) == ("expired", ())
    assert sessions_ahead(at(gone, "15:00")).sessions == ()
    with pytest.raises(Refused) as refused:
        readiness(at(called_off, "15 12:00"), SESSION.replace("31", "99"))
    assert (refused.value.code, refused.value.field) == ("not-found", "session")
    with pytest.raises(Refused):
        couple_readiness(at(called_off, "15 12:00"), COUPLE)


def test_without_a_protocol_in_effect_there_is_nothing_to_ask_by_and_that_is_said() -> None:
    day = Day().opens(protocol=False)
    day.placed.pop()

    only = act(asked(day, "15 12:00"), "opening").act
    assert (only.standing, only.why, only.draft) == ("not-yet", "No protocol is in effect on that day.", None)


def test_where_nobody_can_read_any_more_whose_slot_it_is_a_gate_cannot_be_judged_and_stays_closed() -> None:
    found = asked(unknown_person(before_the_dose()), "10:00")

    evaluation = gate(found, "ELIG-01", "dose", "a")
    assert (evaluation.state, evaluation.verdict, evaluation.override) == ("cannot-judge", "cannot-judge", None)
    assert [way.record for way in evaluation.ways] == [None], "nobody knows on whose record"


def test_of_a_story_that_was_played_at_the_desk_nothing_is_closed_when_something_was_let_through(
    weekend: StoryLedger,
) -> None:
    ledger = weekend.ledger
    compliance = Compliance(ledger.store, ledger.subject_keys)
    names = {SessionOpened: "opening", DoseAuthorised: "dose", ReleaseAuthorised: "release"}
    asked_for = 0
    for placed in events_from(ledger.store, ledger.subject_keys, 0, 10_000):
        name = names.get(type(placed.event))
        if name is not None:
            session, slot = record_of(placed.stream), placed.stream[-1] if name != "opening" else ""
            then = compliance.at(as_of=placed.received_at, known_at=placed.position)
            found = readiness(then, session, clock=False)
            assert act(found, name, slot).act.standing in ("ahead", "done"), placed.position
            assert closed(found, name, slot) == [], placed.position
            past = readiness(compliance.at(as_of=placed.received_at), session, clock=False)
            assert past.position == ledger.store.head().size
            asked_for += 1
    assert asked_for >= 5


# -- the same as the desk


def told(day: Day, found: ActAhead, clock: str) -> tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]:
    """What the readiness says is closed, and what the desk objects to the very same draft."""
    draft = found.act.draft
    assert draft is not None
    who: list[Who] = [(MD1, "authorised-release", each.role) for each in draft.signed] or [(RN1, "authorised", "nurse")]
    standing = Day()
    standing.placed = list(day.placed)
    for beside in found.act.beside:
        standing.put(beside.event, beside.stream, clock)
        standing._name(beside.dig)
    desk = standing.objections(draft.event, draft.stream, clock, who=who)
    here = {(each.rule, each.slot or None, each.sentence, each.override) for each in found.closed}
    return here, {(each.rule, each.slot, each.message, each.override) for each in desk}


@given(
    which=st.sampled_from(list(STEPS)),
    left_out=st.sets(st.integers(0, 7), max_size=4),
    minutes=st.integers(0, 400),
)
@settings(max_examples=40, deadline=None)
def test_what_is_closed_here_is_refused_at_the_desk_at_that_instant_and_nothing_else_is(
    which: Callable[..., Day], left_out: set[int], minutes: int
) -> None:
    steps = STEPS[which]
    day = which(*{steps[index] for index in left_out if index < len(steps)})
    clock = f"{9 + minutes // 60:02}:{minutes % 60:02}"

    for each in readiness(at(day, clock), SESSION, clock=False).acts:
        if each.act.draft is not None:
            here, desk = told(day, each, clock)
            assert here == desk, f"{each.act.name} {each.act.slot} at {clock}"


@given(left_out=st.sets(st.integers(0, 7), max_size=3), minutes=st.integers(0, 240))
@settings(max_examples=20, deadline=None)
def test_a_gate_that_is_said_to_change_is_the_old_one_a_second_before_and_another_at_that_second(
    left_out: set[int], minutes: int
) -> None:
    steps = STEPS[before_the_dose]
    day = before_the_dose(*{steps[index] for index in left_out})
    known = day.known()
    now = to_second(instant(f"{9 + minutes // 60:02}:{minutes % 60:02}"))

    found = readiness(LedgerAt(known, size=known.size, as_of=now), SESSION)

    def state(when: datetime, act_: ActAhead, wanted: GateAhead) -> set[str]:
        later = readiness(LedgerAt(known, size=known.size, as_of=when, seen=now), SESSION, clock=False)
        gates = act(later, act_.act.name, act_.act.slot).gates
        return {each.state for each in gates if (each.rule, each.slot) == (wanted.rule, wanted.slot)}

    for one in found.acts:
        for each in one.gates:
            if each.change is not None:
                before = state(each.change.at - SECOND, one, each)
                assert each.state in before
                assert ("open" in state(each.change.at, one, each)) == each.change.opens
