"""What can end by its retention: the longest period wins, and nothing ends over a hold or an open request."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ledger.absences import counted
from ledger.erasure import Retention
from ledger.errors import Refused
from ledger.events.erasure import ErasureRequested, LegalHoldPlaced, RetentionEnded
from ledger.retention import RetentionPlan, check_retention_end, retention_plan
from tests.ledger.clinic import ANA, BEN, COUPLE, MD1, PT1, RN1, SESSION, SLOT_A, Clinic, make
from tests.ledger.test_absences import GOVERNANCE, TWO

EXPIRED = "target-expired"
PRIVACY = (MD1, "performed", "privacy-officer")


@pytest.fixture
def kept() -> Clinic:
    """Ana was dosed on 15 May 2026, under the periods that hold unless the clinic sets others."""
    built = Clinic().open()
    built.dose(SLOT_A)
    return built


def plan(built: Clinic, on: date, retention: Retention | None = None) -> RetentionPlan:
    return retention_plan(built.store, on, retention or built.retention)


def against(found: RetentionPlan, record: str) -> set[str]:
    (due,) = [each for each in found.due if each.record == record]
    return {each.rule for each in due.objections}


def test_the_longest_period_wins_and_its_last_day_is_the_same_calendar_date(kept: Clinic) -> None:
    before, then = plan(kept, date(2036, 5, 14)), plan(kept, date(2036, 5, 15))

    assert before.positions == ()
    assert against(before, SESSION) == {"REC-13"}
    assert against(then, SESSION) == set()
    assert {SESSION} == set(then.sessions)
    longer = plan(kept, date(2036, 5, 15), Retention(controlled_years=12))
    assert against(longer, SESSION) == {"CS-09"}


def test_keys_governance_staff_and_places_never_end(kept: Clinic) -> None:
    found = plan(kept, date(2100, 1, 1))

    kinds = {each.record.partition("/")[0] for each in found.due}
    assert kinds <= {"session", "person", "couple", "stock", "access"}
    assert {SESSION, ANA, BEN, COUPLE} <= {each.record for each in found.due}
    assert 0 not in found.positions


def test_a_hold_on_one_partner_keeps_the_session_of_both_and_what_belongs_to_it(kept: Clinic) -> None:
    kept.record(LegalHoldPlaced(hold="H-1", authority="County court", note=None), ANA, PRIVACY)

    found = plan(kept, date(2100, 1, 1))

    for record in (SESSION, ANA, COUPLE, BEN):
        assert against(found, record), record
    assert "REC-12" in against(found, SESSION)


def test_a_request_without_an_answer_keeps_the_record(kept: Clinic) -> None:
    asked = ErasureRequested(received_on="2036-05-16", asked_by="person", note=None)
    kept.record(asked, ANA, (MD1, "received", "privacy-officer"))

    assert "REC-12" in against(plan(kept, date(2100, 1, 1)), SESSION)


def test_documents_of_a_person_are_kept_for_their_own_period(kept: Clinic) -> None:
    kept.clock.now = datetime(2036, 5, 15, 12, 0, tzinfo=UTC)
    kept.restart()
    asked = kept.record(
        ErasureRequested(received_on="2036-05-15", asked_by="person", note=None),
        ANA,
        (MD1, "received", "privacy-officer"),
    )
    refused = make(
        "erasure-refused/1",
        basis="retention",
        not_before=None,
        note=None,
        request={"dig": asked.dig, "id": asked.event_id},
    )
    answer = kept.record(refused, ANA, (MD1, "reviewed", "privacy-officer"))

    assert not {asked.position, answer.position} & set(plan(kept, date(2042, 5, 14)).positions)
    assert {asked.position, answer.position} <= set(plan(kept, date(2042, 5, 15)).positions)


def test_two_people_sign_exactly_what_can_end_and_not_before_it_can(kept: Clinic) -> None:
    def refused(event: RetentionEnded, *who: tuple[str, str, str]) -> str:
        with pytest.raises(Refused) as caught:
            kept.record(event, GOVERNANCE, *(who or TWO))
        return caught.value.code

    whole = RetentionEnded(envelopes=plan(kept, date(2036, 5, 15)).envelopes)
    assert refused(whole) == "gate-closed"

    kept.clock.now = datetime(2036, 5, 15, 12, 0, tzinfo=UTC)
    kept.restart()
    assert refused(RetentionEnded(envelopes=counted(["e7" * 32]))) == "ended-envelopes"
    assert refused(whole, TWO[0]) == "signature-missing"
    assert refused(whole, TWO[0], (RN1, "approved", "nurse")) == "signature-meaning"
    positions = plan(kept, date(2036, 5, 15)).positions
    under = kept.record(whole, GOVERNANCE, *TWO).position
    assert tuple(kept.store.ended(under)) == positions


def test_what_has_ended_does_not_end_again(kept: Clinic) -> None:
    kept.clock.now = datetime(2036, 5, 15, 12, 0, tzinfo=UTC)
    kept.restart()
    event = RetentionEnded(envelopes=plan(kept, date(2036, 5, 15)).envelopes)
    under = kept.record(event, GOVERNANCE, *TWO).position

    for _ in range(2):  # as soon as it is recorded, and when the bytes are gone
        assert plan(kept, date(2036, 5, 15)).positions == ()
        with pytest.raises(Refused):
            check_retention_end(event, plan(kept, date(2036, 5, 15)))
        kept.store.remove_ended(under)


def test_of_what_is_no_longer_kept_nothing_is_countersigned_and_nothing_authorised(kept: Clinic) -> None:
    dose = kept.dose(SLOT_A)
    registered = next(row for row in kept.store.stream_rows(ANA))
    kept.clock.now = datetime(2036, 5, 15, 12, 0, tzinfo=UTC)
    kept.restart()
    event = RetentionEnded(envelopes=plan(kept, date(2036, 5, 15)).envelopes)
    kept.store.remove_ended(kept.record(event, GOVERNANCE, *TWO).position)
    kept.recorder.forget()

    targets = ((SLOT_A, dose.dig, dose.event_id, "session-state"), (ANA, registered.dig, registered.event_id, EXPIRED))
    for stream, dig, event_id, code in targets:
        said = make(
            "countersignature-given/1",
            gives="witnessed",
            target={"dig": dig, "id": event_id},
            verdict="confirms",
            reason=None,
            reason_a=None,
            reason_b=None,
        )
        with pytest.raises(Refused) as caught:
            kept.record(said, stream, (PT1, "countersigned", "therapist"))
        assert caught.value.code == code

    assert kept.recorder.session(SESSION).expired
    assert kept.dose(SLOT_A).position > dose.position  # a fact is recorded all the same
