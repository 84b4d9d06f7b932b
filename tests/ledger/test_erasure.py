"""Whether somebody may be erased: two people, no hold, no open session, and the longest period has passed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ledger.absences import counted
from ledger.erasure import Mention, PersonRecord, Retention, day_of, erasure_objections, person_record
from ledger.errors import Refused
from ledger.events.base import Reference
from ledger.events.erasure import (
    ErasureRefused,
    ErasureRequested,
    LegalHoldLifted,
    LegalHoldPlaced,
    SubjectErased,
)
from ledger.payload import Occurred
from ledger.record import Recorded
from tests.ledger.clinic import ANA, BEN, MD1, PLACE, PT1, RN1, SESSION, SLOT_A, SLOT_B, Clinic, check, dose, make
from tests.ledger.test_absences import TWO, clinic, erase

NURSE = (RN1, "performed", "nurse")


def erasure(built: Clinic, person: str = ANA) -> SubjectErased:
    return SubjectErased(blocks=counted(digest for digest, _ in built.store.blocks_about(person)))


def refused(built: Clinic, event: SubjectErased | None = None, *who: tuple[str, str, str]) -> Refused:
    size = built.store.head().size
    with pytest.raises(Refused) as caught:
        built.record(event or erasure(built), ANA, *(who or TWO))
    assert built.store.head().size == size
    return caught.value


def jump(built: Clinic, year: int, month: int, day: int) -> None:
    """A new process on that day."""
    built.clock.now = datetime(year, month, day, 12, 0, tzinfo=UTC)
    built.restart()


# -- periods


@pytest.fixture
def kept() -> Clinic:
    """Both partners were dosed on 15 May 2026, under the periods that hold unless the clinic sets others."""
    built = Clinic().open()
    built.dose(SLOT_A)
    built.dose(SLOT_B)
    return built


def test_nobody_is_erased_before_the_longest_period_has_passed(kept: Clinic) -> None:
    refusal = refused(kept)

    assert refusal.code == "gate-closed"
    assert [each.rule for each in refusal.objections] == ["REC-13", "CS-09"]
    assert "until 2036-05-15" in refusal.message
    assert "until 2028-05-15" in refusal.message
    assert all(each.override is None for each in refusal.objections)


def test_on_the_day_itself_it_is_allowed_and_the_day_before_it_is_not(kept: Clinic) -> None:
    jump(kept, 2036, 5, 14)
    assert [each.rule for each in refused(kept).objections] == ["REC-13"]

    jump(kept, 2036, 5, 15)
    assert kept.record(erasure(kept), ANA, *TWO).position == kept.store.head().size - 1


def test_what_was_disclosed_of_somebody_is_kept_for_its_own_period() -> None:
    shown = Mention(7, "disclosure-made/1", ANA, date(2026, 5, 16))
    record = PersonRecord(ANA, (), (shown,), (), (), None)

    assert [o.rule for o in erasure_objections(record, date(2032, 5, 15), Retention())] == ["REC-13"]
    assert erasure_objections(record, date(2032, 5, 16), Retention()) == []


def test_the_periods_are_the_clinics_own() -> None:
    built = Clinic(retention=Retention(chart_years=0, controlled_years=6)).open()
    built.dose(SLOT_A)

    record = person_record(built.store, ANA)

    assert [each.rule for each in erasure_objections(record, date(2032, 5, 14), built.retention)] == ["CS-09"]
    assert erasure_objections(record, date(2032, 5, 15), built.retention) == []


def test_29_february_ends_on_1_march_where_there_is_none() -> None:
    built = Clinic()
    built.clock.now = datetime(2028, 2, 29, 12, 0, tzinfo=UTC)
    built.restart()
    built.open()
    built.dose(SLOT_A)

    record = person_record(built.store, ANA)

    assert erasure_objections(record, date(2038, 2, 28), built.retention) != []
    assert erasure_objections(record, date(2038, 3, 1), built.retention) == []


def test_somebody_who_was_only_registered_may_be_erased_at_once() -> None:
    built = Clinic().open()
    event = make(
        "participant-registered/1",
        pregnancy_applicable=False,
        address="2 Test Road",
        birth_date="1990-01-01",
        id_check="passport",
        language="en",
        name="Cleo",
        phone="+15550199",
        pseudonym="P-Cleo",
        sex="unknown",
        time_zone="America/New_York",
    )
    cleo = ANA[:-1] + "9"
    built.record(event, cleo, (MD1, "performed", "registrar"))

    built.record(erasure(built, cleo), cleo, *TWO)

    assert person_record(built.store, cleo).erased_at is not None


# -- holds, sessions, people


def test_while_a_legal_hold_stands_nobody_is_erased() -> None:
    built = clinic()
    hold = built.record(
        LegalHoldPlaced(hold="H-1", authority="County court", note=None), ANA, (MD1, "performed", "privacy-officer")
    )

    refusal = refused(built)
    assert [(each.rule, each.evidence) for each in refusal.objections] == [("REC-12", (hold.position,))]

    other = built.record(
        LegalHoldPlaced(hold="H-2", authority="Insurer", note=None), ANA, (MD1, "performed", "compliance-officer")
    )
    lift(built, hold)
    assert refused(built).objections[0].evidence == (other.position,)
    lift(built, other)
    built.record(erasure(built), ANA, *TWO)


def lift(built: Clinic, hold: Recorded) -> None:
    built.record(LegalHoldLifted(placed=Reference(dig=hold.dig, id=hold.event_id), note=None), ANA, *TWO)


def test_the_hold_on_one_partner_does_not_hold_the_other() -> None:
    built = clinic()
    built.record(
        LegalHoldPlaced(hold="H-1", authority="County court", note=None), BEN, (MD1, "performed", "privacy-officer")
    )

    built.record(erasure(built), ANA, *TWO)


def test_while_their_session_is_open_nobody_is_erased() -> None:
    built = clinic()
    protocol = Reference(dig="0" * 64, id=built.event_id())
    opened = make(
        "session-opened/1",
        location=PLACE,
        mode="simultaneous",
        prescriber=None,
        presence="on-site",
        protocol=protocol.model_dump(),
        room=None,
        staff=[],
        role_a="dosing",
        role_b="dosing",
    )
    built.record(opened, SESSION, (RN1, "authorised", "nurse"))

    assert "still open" in refused(built).message


@pytest.mark.parametrize(
    "who",
    [
        ((MD1, "authorised", "privacy-officer"),),
        ((MD1, "approved", "security-officer"),),
        ((MD1, "authorised", "privacy-officer"), (PT1, "authorised", "privacy-officer")),
        ((MD1, "authorised", "nurse"), (PT1, "approved", "security-officer")),
    ],
)
def test_one_person_or_the_wrong_one_erases_nobody(who: tuple[tuple[str, str, str], ...]) -> None:
    built = clinic()

    assert refused(built, None, *who).code in ("signature-missing", "signature-meaning")


def test_one_person_does_not_sign_for_two() -> None:
    built = clinic()

    with pytest.raises(Exception, match="One person signs one event once"):
        built.record(erasure(built), ANA, (MD1, "authorised", "privacy-officer"), (MD1, "approved", "security-officer"))


# -- exactly these blocks


def test_what_is_signed_are_all_blocks_of_the_person_as_they_are_now() -> None:
    built = clinic()
    event = erasure(built)
    built.check(SLOT_A)

    for wrong in (event, erasure(built, BEN), SubjectErased(blocks=counted([]))):
        assert refused(built, wrong).code == "erased-blocks"


def test_a_dose_that_is_recorded_in_the_same_group_counts_as_well() -> None:
    built = clinic()
    late = built.submission(dose(), SLOT_A, [NURSE])
    act = built.submission(erasure(built), ANA, TWO)

    with pytest.raises(Refused) as caught:
        built.recorder.record([late, act])

    assert caught.value.code == "erased-blocks"


def test_after_an_erasure_nothing_is_sealed_for_that_person_even_while_the_key_is_still_there() -> None:
    built = clinic()
    built.record(erasure(built), ANA, *TWO)
    assert built.subject_keys.key_of(ANA) is not None

    with pytest.raises(Refused) as caught:
        built.check(SLOT_A)
    assert caught.value.code == "already-erased"
    built.check(SLOT_B)
    assert refused(built).code == "already-erased"


def test_nor_in_the_same_group_behind_it() -> None:
    built = clinic()
    act = built.submission(erasure(built), ANA, TWO)
    late = built.submission(check(), SLOT_A, [NURSE])

    with pytest.raises(Refused) as caught:
        built.recorder.record([act, late])

    assert caught.value.code == "already-erased"


def test_an_erased_person_is_not_registered_again_under_the_same_name() -> None:
    built = clinic()
    erase(built)
    row = built.store.stream_rows(ANA)[0]
    again = make(
        "participant-registered/1",
        pregnancy_applicable=True,
        address="1 Test Road",
        birth_date="1980-01-01",
        id_check="passport",
        language="en",
        name="Ana",
        phone="+15550100",
        pseudonym="P-Ana",
        sex="unknown",
        time_zone="America/New_York",
    )

    with pytest.raises(Refused) as caught:
        built.record(again, row.stream, (MD1, "performed", "registrar"))

    assert caught.value.code == "already-erased"


# -- asking and refusing


def test_a_request_and_its_refusal_stand_on_the_persons_own_record() -> None:
    built = clinic()
    officer = (MD1, "received", "privacy-officer")
    asked = built.record(ErasureRequested(received_on="2026-06-01", asked_by="person", note=None), ANA, officer)
    built.record(
        ErasureRefused(
            request=Reference(dig=asked.dig, id=asked.event_id), basis="retention", not_before="2036-05-15", note=None
        ),
        ANA,
        (MD1, "reviewed", "privacy-officer"),
    )

    record = person_record(built.store, ANA)

    assert record.types["erasure-requested/1"] == record.types["erasure-refused/1"] == 1
    assert record.sessions == (SESSION,)


def test_a_day_beyond_the_calendar_is_its_last_one() -> None:
    claimed = Occurred(at="9999-12-31T23:30:00.000000Z", offset=60, precision="min", zone="Europe/Paris")

    assert day_of(claimed) == date.max
