"""Recording: what enters the log, in which order, and what is refused without leaving a trace."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from ledger.audit import Pin, audit
from ledger.entry import EventEntry, stream_tag
from ledger.envelope import parse_envelope
from ledger.errors import Invalid, LedgerError, Refused, TamperDetected
from ledger.follow import log_rows, place
from ledger.keys import may_sign
from ledger.record import Recorder, Submission
from ledger.signing import SigningKey
from ledger.store.port import EventRow, HeadsRow, NewEvent
from ledger.store.subject_keys import MemorySubjectKeys
from ledger.tlog.note import LogSigner
from ledger.tlog.receipt import check_receipt, parse_receipt
from tests.ledger.clinic import (
    ANA,
    BEN,
    MD1,
    ORIGIN,
    OWN_A,
    PT1,
    RN1,
    SESSION,
    SLOT_A,
    SLOT_B,
    Clinic,
    check,
    dose,
    make,
    uuid,
)

NURSE = (RN1, "performed", "nurse")


@pytest.fixture
def clinic() -> Clinic:
    return Clinic().open()


def the_audit_holds(clinic: Clinic) -> None:
    """The oracle after every step: the whole log is checked from its bytes."""
    first = clinic.store.row(0)
    assert first is not None
    report = audit(
        log_rows(clinic.store, clinic.subject_keys),
        clinic.store.checkpoints(),
        Pin(ORIGIN, str(clinic.signer.vkey), first.leaf),
    )
    assert report.problems == ()
    assert report.size == clinic.store.head().size


def refused(clinic: Clinic, *submissions: Submission) -> LedgerError:
    """The refusal of these submissions, after checking that nothing was recorded."""
    before = clinic.store.head()
    with pytest.raises((Refused, Invalid)) as refusal:
        clinic.recorder.record(submissions)
    assert clinic.store.head() == before
    the_audit_holds(clinic)
    assert refusal.value.code
    return refusal.value


def test_a_dose_is_recorded_and_its_receipt_checks_offline(clinic: Clinic) -> None:
    recorded = clinic.dose()

    receipt = parse_receipt(clinic.recorder.receipt(recorded.position))
    checkpoint = check_receipt(receipt, [clinic.signer.vkey], ORIGIN)
    assert receipt.position == recorded.position
    assert checkpoint.size == clinic.store.head().size
    the_audit_holds(clinic)


def test_positions_are_dense_and_versions_count_from_one_in_each_record(clinic: Clinic) -> None:
    first, second, other = clinic.dose(), clinic.check(), clinic.check(SLOT_B)

    assert [first.position, second.position, other.position] == list(range(first.position, first.position + 3))
    assert [first.version, second.version, other.version] == [1, 2, 1]


def test_the_same_content_again_gives_the_first_place(clinic: Clinic) -> None:
    submission = clinic.submission(dose(), SLOT_A, [NURSE])
    first = clinic.recorder.record([submission])[0]
    clinic.clock.forward(hours=3)

    again = clinic.recorder.record([submission])[0]

    assert (again.position, again.received_at, again.repeated) == (first.position, first.received_at, True)
    assert clinic.store.head().size == first.position + 1


def test_the_same_id_with_other_content_is_refused_and_its_bytes_are_kept(clinic: Clinic) -> None:
    same_id = clinic.event_id()
    clinic.record(dose("100"), SLOT_A, NURSE, id=same_id)
    other = clinic.submission(dose("150"), SLOT_A, [NURSE], id=same_id)

    assert refused(clinic, other).code == "id-used"
    assert [kept.envelope for kept in clinic.store.refused()] == [other.envelope]


def test_a_group_is_recorded_whole_or_not_at_all(clinic: Clinic) -> None:
    good = clinic.submission(dose(), SLOT_A, [NURSE])
    bad = clinic.submission(dose(), SLOT_A, [(RN1, "witnessed", "nurse")])

    assert refused(clinic, good, bad).code == "signature-missing"


def test_a_breach_is_a_fact_and_is_never_refused(clinic: Clinic) -> None:
    """A second dose a minute after the first, before anybody checked in, by nobody's order: recorded."""
    clinic.dose(mg="200")
    recorded = clinic.dose(mg="200")

    assert not recorded.repeated
    the_audit_holds(clinic)


def test_an_implausible_value_needs_a_reason(clinic: Clinic) -> None:
    refusal = refused(clinic, clinic.submission(dose("401"), SLOT_A, [NURSE]))
    assert (refusal.code, refusal.field) == ("implausible-value", "mass")
    assert "confirm" in refusal.remedy

    clinic.dose(mg="401", confirmed={"reason": "four lozenges swallowed at once"})


def test_discordant_pressures_are_implausible(clinic: Clinic) -> None:
    refusal = refused(clinic, clinic.submission(check(80, 120), SLOT_A, [NURSE]))

    assert refusal.code == "implausible-value"


def test_nobody_signs_for_the_participant(clinic: Clinic) -> None:
    declined = make(
        "dose-declined/1",
        note=None,
        pressure_concern=False,
        private=True,
        reason_class="withheld",
        role_after="sober-support",
        stage="first",
    )

    assert (
        refused(clinic, clinic.submission(declined, SLOT_B, [(RN1, "observed", "nurse")])).code == "signature-missing"
    )
    assert (
        refused(clinic, clinic.submission(declined, SLOT_B, [(SLOT_A, "declined", "participant")])).code == "key-stream"
    )


def test_a_signature_of_another_meaning_or_role_is_refused(clinic: Clinic) -> None:
    for who in ((RN1, "performed", "driver"), (RN1, "consented", "nurse")):
        assert refused(clinic, clinic.submission(dose(), SLOT_A, [who])).code == "signature-meaning"


def test_an_unknown_session_person_or_place_is_refused_with_its_field(clinic: Clinic) -> None:
    stranger = f"session/{uuid(99)}/a"
    refusal = refused(clinic, clinic.submission(dose(), stranger, [NURSE]))
    assert (refusal.code, refusal.field) == ("unknown-subject", "stream")

    nobody = make("monitor-assigned/1", covers=["a", "b"], in_person=True, monitor=f"staff/{uuid(98)}")
    refusal = refused(clinic, clinic.submission(nobody, SESSION, [(RN1, "received", "nurse")]))
    assert (refusal.code, refusal.field) == ("unknown-subject", "monitor")


def test_an_event_signed_for_another_ledger_is_refused(clinic: Clinic) -> None:
    foreign = clinic.submission(dose(), SLOT_A, [NURSE], ledger="clinic.example.test/ffffffffffffffff")

    assert refused(clinic, foreign).code == "other-ledger"


def test_a_key_nobody_enrolled_is_refused(clinic: Clinic) -> None:
    clinic.keys[RN1] = SigningKey(bytes(32))

    assert refused(clinic, clinic.submission(dose(), SLOT_A, [NURSE])).code == "key-not-enrolled"


def test_somebody_elses_key_is_refused(clinic: Clinic) -> None:
    clinic.keys[RN1] = clinic.keys[MD1]

    assert refused(clinic, clinic.submission(dose(), SLOT_A, [NURSE])).code == "key-owner"


def test_a_signature_over_other_bytes_is_refused(clinic: Clinic) -> None:
    good, other = (clinic.submission(dose(mg), SLOT_A, [NURSE]) for mg in ("100", "50"))
    text = good.envelope.decode()
    swapped = (
        text[: text.index('"signatures"')] + other.envelope.decode()[other.envelope.decode().index('"signatures"') :]
    )

    assert refused(clinic, Submission(swapped.encode(), good.blocks)).code == "signature"


def test_blocks_are_handed_in_whole_and_only_those_that_were_signed(clinic: Clinic) -> None:
    first, second = (clinic.submission(check(120 + n), SLOT_A, [NURSE]) for n in (0, 1))

    assert refused(clinic, Submission(first.envelope, first.blocks[:1])).code == "block-missing"
    assert refused(clinic, Submission(first.envelope, second.blocks)).code == "block-foreign"
    assert refused(clinic, Submission(first.envelope, (*first.blocks, first.blocks[0]))).code == "block-repeated"


def test_after_its_revocation_a_key_signs_nothing_more(clinic: Clinic) -> None:
    revoked = make("key-revoked/1", key=clinic.keys[RN1].kid, reason="device-lost", suspect_from=None)
    clinic.record(revoked, "keys", (PT1, "revoked", "security-officer"))

    assert refused(clinic, clinic.submission(dose(), SLOT_A, [NURSE])).code == "key-revoked"


def test_a_key_does_not_sign_its_own_revocation_and_a_nurse_revokes_nobody_elses(clinic: Clinic) -> None:
    own = make("key-revoked/1", key=clinic.keys[RN1].kid, reason="lost", suspect_from=None)
    other = make("key-revoked/1", key=clinic.keys[MD1].kid, reason="lost", suspect_from=None)

    assert refused(clinic, clinic.submission(own, "keys", [(RN1, "revoked", "nurse")])).code == "revocation"
    assert refused(clinic, clinic.submission(other, "keys", [(RN1, "revoked", "nurse")])).code == "officer-missing"


def test_an_enrolment_needs_the_new_key_itself_and_an_officer_who_is_somebody_else(clinic: Clinic) -> None:
    officer, holder = (PT1, "enrolled", "security-officer"), (ANA, "possession", "participant")
    enrolment = clinic.enrolment(ANA)

    assert refused(clinic, clinic.submission(enrolment, "keys", [officer])).code in ("enrolment", "signature-missing")
    assert refused(clinic, clinic.submission(enrolment, "keys", [holder])).code in ("enrolment", "signature-missing")
    nurse = (RN1, "enrolled", "security-officer")
    assert refused(clinic, clinic.submission(enrolment, "keys", [holder, nurse])).code == "officer-missing"
    clinic.record(enrolment, "keys", holder, officer)
    assert refused(clinic, clinic.submission(enrolment, "keys", [holder, officer])).code == "key-known"


def test_officers_hold_their_keys_in_person(clinic: Clinic) -> None:
    for changes in ({"officer": True, "custody": "service"}, {"officer": True}):
        assert refused(clinic, clinic.enrol(ANA, **changes)).code == "officer-custody"


def test_a_slot_gets_its_key_only_together_with_the_other() -> None:
    clinic = Clinic()
    clinic.recorder.record(
        [clinic.submission(clinic.genesis(), "keys", [(o, "opened", "security-officer") for o in (MD1, PT1)])]
    )

    assert refused(clinic, clinic.enrol(SLOT_A)).code == "slot-keys-together"
    assert len(clinic.recorder.record([clinic.enrol(SLOT_A), clinic.enrol(SLOT_B)])) == 2


def test_a_ledger_begins_with_two_officers_and_begins_once() -> None:
    clinic = Clinic()
    one = clinic.submission(clinic.genesis(), "keys", [(MD1, "opened", "security-officer")])
    with pytest.raises(Refused, match="genesis"):
        clinic.recorder.record([one])
    with pytest.raises(Refused, match="genesis"):
        clinic.recorder.record([clinic.enrol(RN1)])
    assert clinic.store.head().size == 0

    clinic.open()

    again = clinic.submission(clinic.genesis(), "keys", [(o, "opened", "security-officer") for o in (MD1, PT1)])
    assert refused(clinic, again).code == "genesis"


def test_a_session_is_opened_once(clinic: Clinic) -> None:
    opened = make(
        "session-opened/1",
        location=f"location/{uuid(22)}",
        mode="simultaneous",
        prescriber=MD1,
        presence="on-site",
        protocol={"dig": "0" * 64, "id": clinic.event_id()},
        room=None,
        staff=[],
        role_a="dosing",
        role_b="dosing",
    )
    who = (RN1, "authorised", "nurse")
    clinic.record(opened, SESSION, who)

    assert refused(clinic, clinic.submission(opened, SESSION, [who])).code == "session-state"


def test_received_at_never_runs_backwards_and_small_steps_are_taken_as_standing_still(clinic: Clinic) -> None:
    first = clinic.recorder.record([clinic.submission(dose(), SLOT_A, [NURSE])])[0]
    clinic.clock.now -= timedelta(seconds=5)

    second = clinic.recorder.record([clinic.submission(check(), SLOT_A, [NURSE])])[0]

    assert second.received_at == first.received_at


def test_a_larger_step_back_stops_writing_until_an_officer_corrects_the_clock(clinic: Clinic) -> None:
    clinic.dose()
    clinic.clock.now -= timedelta(hours=1)
    assert refused(clinic, clinic.submission(check(), SLOT_A, [NURSE])).code == "clock-stepped-back"

    corrected = make(
        "clock-corrected/1",
        clock_from="2026-05-15T13:00:00.000000Z",
        clock_to="2026-05-15T12:00:00.000000Z",
        reason="wrong-battery",
    )
    clinic.record(corrected, f"governance/{uuid(51)}", (PT1, "performed", "security-officer"))

    clinic.check()
    the_audit_holds(clinic)


def test_a_nurse_does_not_correct_the_clock(clinic: Clinic) -> None:
    corrected = make(
        "clock-corrected/1",
        clock_from="2026-05-15T13:00:00.000000Z",
        clock_to="2026-05-15T12:00:00.000000Z",
        reason="wrong-battery",
    )

    code = refused(
        clinic, clinic.submission(corrected, f"governance/{uuid(51)}", [(RN1, "performed", "security-officer")])
    ).code
    assert code == "officer-missing"


def test_a_clock_that_jumps_a_day_ahead_stops_writing_and_idle_days_do_not(clinic: Clinic) -> None:
    clinic.dose()
    clinic.clock.forward(days=400)
    clinic.check()

    clinic.clock.now += timedelta(hours=25)

    assert refused(clinic, clinic.submission(check(), SLOT_A, [NURSE])).code == "clock-ran-ahead"


def test_each_day_begins_with_a_commitment_to_the_last_row_of_every_record(clinic: Clinic) -> None:
    clinic.dose()
    clinic.clock.forward(days=1)
    clinic.check()
    clinic.check()

    rows = clinic.store.rows(0, 100)

    assert sum(isinstance(row, HeadsRow) for row in rows) == 1
    the_audit_holds(clinic)


def test_what_is_sealed_opens_with_the_subjects_own_key_and_no_other(clinic: Clinic) -> None:
    row = clinic.store.row(clinic.check(SLOT_A, 151, 91).position)
    assert isinstance(row, EventRow)

    assert {block.subject for block in clinic.store.blocks_of(row.position)} == {ANA}
    assert "151" in str(place(clinic.store, row, clinic.subject_keys).event)
    assert "151" not in str(place(clinic.store, row).event)
    assert b"151" not in row.envelope

    wrong = MemorySubjectKeys()
    wrong.make(ANA, bytes(32))
    with pytest.raises(TamperDetected, match="block-moved"):
        place(clinic.store, row, wrong)


def test_nothing_is_sealed_for_a_person_without_a_key(clinic: Clinic) -> None:
    clinic.subject_keys.destroy(BEN)

    with pytest.raises(Refused) as caught:
        clinic.dose(SLOT_B)
    assert caught.value.code == "unknown-subject"
    clinic.dose(SLOT_A)


def test_a_restart_goes_on_where_the_log_stopped(clinic: Clinic) -> None:
    before = clinic.dose()

    clinic.restart()
    after = clinic.check()

    assert after.position == before.position + 1
    the_audit_holds(clinic)


def test_own_medication_is_handed_in_by_its_owner_and_a_custodian(clinic: Clinic) -> None:
    handed_in = make(
        "own-medication-checked-in/1",
        code="own-A",
        count="10",
        drug="ketamine",
        expires=None,
        form="lozenge",
        lots=[],
        photo=None,
        session=SESSION,
        strength={"unit": "mg", "value": "100"},
        owner=ANA,
        pharmacy="Test Pharmacy",
        prescription="Rx 1",
    )
    who = [(SLOT_A, "relinquished", "participant"), (MD1, "received", "custodian")]

    assert refused(clinic, clinic.submission(handed_in, OWN_A, who[:1])).code == "signature-missing"
    recorded = clinic.record(handed_in, OWN_A, *who)
    assert {block.subject for block in clinic.store.blocks_of(recorded.position)} == {ANA}


def test_a_second_writer_sees_at_once_what_the_first_one_did(clinic: Clinic) -> None:
    """Two processes over one store: a key revoked by one signs nothing through the other."""
    other = Recorder(
        clinic.store, clinic.head_store, (clinic.signer,), clinic.subject_keys, clinic.clock, clinic.entropy
    )
    other.record([clinic.submission(dose(), SLOT_A, [NURSE])])
    revoked = make("key-revoked/1", key=clinic.keys[RN1].kid, reason="device-lost", suspect_from=None)
    clinic.record(revoked, "keys", (PT1, "revoked", "security-officer"))

    with pytest.raises(Refused, match="key-revoked"):
        other.record([clinic.submission(dose(), SLOT_A, [NURSE])])

    other.record([clinic.submission(dose(), SLOT_A, [(MD1, "performed", "prescriber")])])
    clinic.record(dose(), SLOT_B, (MD1, "performed", "prescriber"))
    the_audit_holds(clinic)


def test_two_writers_at_once_lose_nothing_and_sign_one_tree(clinic: Clinic) -> None:
    writers = [
        Recorder(clinic.store, clinic.head_store, (clinic.signer,), clinic.subject_keys, clinic.clock, clinic.entropy)
        for _ in range(2)
    ]
    submissions = [clinic.submission(dose(str(mg)), SLOT_A, [NURSE]) for mg in range(50, 66)]

    with ThreadPoolExecutor(4) as pool:
        work = [pool.submit(writers[n % 2].record, [submission]) for n, submission in enumerate(submissions)]
        positions = sorted(done.result()[0].position for done in work)

    assert positions == list(range(positions[0], positions[0] + 16))
    the_audit_holds(clinic)


def append_behind(clinic: Clinic, submission: Submission) -> int:
    """What a hand that is not the writer appends, with leaf, tree and head in step; its position."""
    envelope = parse_envelope(submission.envelope)
    payload = envelope.payload
    tag = stream_tag(ORIGIN, payload.stream)
    with clinic.store.writing() as writing:
        end, received = writing.stream_end(tag), writing.head().received_at
        assert received is not None
        version = 1 if end is None else end.version + 1
        entry = EventEntry(envelope.env, None if end is None else end.leaf.hex(), received, tag, version)
        return writing.append(
            NewEvent(
                entry.bytes(),
                tag,
                version,
                received,
                payload.stream,
                payload.type,
                payload.id,
                envelope.dig,
                envelope.raw,
                (),
            )
        )


def test_an_entry_that_another_hand_appended_is_not_signed_along_with_the_next_one(clinic: Clinic) -> None:
    stranger, clinic.keys[RN1] = clinic.keys[RN1], SigningKey(bytes(32))
    forged = clinic.submission(dose(), SLOT_A, [NURSE])
    clinic.keys[RN1] = stranger
    signed = clinic.head_store.read()
    position = append_behind(clinic, forged)

    with pytest.raises(TamperDetected) as stop:
        clinic.recorder.record([clinic.submission(check(), SLOT_A, [NURSE])])

    assert stop.value.position == position
    assert clinic.head_store.read() == signed
    with pytest.raises(TamperDetected):
        clinic.restart()


def test_a_person_revokes_their_own_key_with_another_one_and_nobody_elses(clinic: Clinic) -> None:
    clinic.recorder.record([clinic.enrol(ANA)])
    first = clinic.keys[ANA]
    clinic.keys[ANA] = SigningKey(bytes(range(32)))
    clinic.recorder.record([clinic.enrol(ANA)])
    lost = make("key-revoked/1", key=first.kid, reason="device-lost", suspect_from=None)
    nurses = make("key-revoked/1", key=clinic.keys[RN1].kid, reason="device-lost", suspect_from=None)

    assert (
        refused(clinic, clinic.submission(nurses, "keys", [(ANA, "revoked", "participant")])).code == "officer-missing"
    )
    clinic.record(lost, "keys", (ANA, "revoked", "participant"))


def test_a_log_key_that_could_check_nothing_is_refused(clinic: Clinic) -> None:
    event = make("log-key-added/1", vkey=f"{ORIGIN}+00000000+AAAA")

    assert refused(clinic, clinic.submission(event, "keys", [(PT1, "enrolled", "security-officer")])).code == "vkey"


def test_a_ledger_is_opened_with_the_key_that_signs_it() -> None:
    clinic = Clinic()
    other = LogSigner(ORIGIN, bytes(32))
    genesis = clinic.genesis().model_copy(update={"log_keys": (str(other.vkey),)})

    with pytest.raises(Refused, match="genesis"):
        clinic.recorder.record(
            [clinic.submission(genesis, "keys", [(o, "opened", "security-officer") for o in (MD1, PT1)])]
        )


def test_only_the_offending_bytes_of_a_group_are_kept_for_the_alarm(clinic: Clinic) -> None:
    same_id = clinic.event_id()
    clinic.record(dose("100"), SLOT_A, NURSE, id=same_id)
    innocent = clinic.submission(check(), SLOT_A, [NURSE])
    other = clinic.submission(dose("150"), SLOT_A, [NURSE], id=same_id)

    assert refused(clinic, innocent, other).code == "id-used"
    assert [kept.envelope for kept in clinic.store.refused()] == [other.envelope]


def test_a_container_is_signed_for_by_its_owner_only_when_it_is_handed_in_or_out(clinic: Clinic) -> None:
    assert may_sign(SLOT_A, OWN_A, "own-medication-checked-out/1")
    assert not may_sign(SLOT_A, OWN_A, "stock-counted/1")


@pytest.mark.parametrize(
    ("host", "code"), [("practice.ledger.example.test", "practice-ledger"), ("other.example.test", "other-ledger")]
)
def test_an_event_of_a_practice_ledger_is_refused_as_one(clinic: Clinic, host: str, code: str) -> None:
    foreign = clinic.submission(dose(), SLOT_A, [NURSE], ledger=f"{host}/00c0ffee00c0ffee")

    with pytest.raises(Refused) as refused:
        clinic.recorder.record([foreign])

    assert refused.value.code == code
