"""What may be done to keys: item by item under the lock, by keys that count, and never twice."""

from __future__ import annotations

import pytest

from ledger.audit import Pin, audit
from ledger.audit_report import AuditReport
from ledger.errors import LedgerError, Refused
from ledger.events.base import Event
from ledger.follow import key_history, log_rows
from ledger.record import Submission
from ledger.signing import SigningKey
from ledger.tlog.note import LogSigner, VerifierKey
from tests.ledger.clinic import MD1, ORIGIN, PT1, RN1, SLOT_A, Clinic, check, dose, make, uuid
from tests.ledger.test_record import append_behind

NURSE = (RN1, "performed", "nurse")
RN2 = f"staff/{uuid(7)}"
OFFICERS = [(MD1, "enrolled", "security-officer"), (PT1, "enrolled", "security-officer")]
RETIRERS = [(MD1, "revoked", "security-officer"), (PT1, "revoked", "security-officer")]
SECOND = LogSigner(ORIGIN, bytes(range(32)))


@pytest.fixture
def clinic() -> Clinic:
    made = Clinic().open()
    made.keys[RN2] = SigningKey(bytes([7]) * 32)
    return made


def report(clinic: Clinic) -> AuditReport:
    first = clinic.store.row(0)
    assert first is not None
    pin = Pin(ORIGIN, str(clinic.signer.vkey), first.leaf)
    return audit(log_rows(clinic.store, clinic.subject_keys), clinic.store.checkpoints(), pin)


def revocation(clinic: Clinic, owner: str, suspect_from: int | None = None, reason: str = "stolen") -> Event:
    return make("key-revoked/1", key=clinic.keys[owner].kid, reason=reason, suspect_from=suspect_from)


def revoked_by(clinic: Clinic, owner: str, by: str = PT1) -> Submission:
    return clinic.submission(revocation(clinic, owner), "keys", [(by, "revoked", "security-officer")])


def refused(clinic: Clinic, *submissions: Submission) -> LedgerError:
    before, keys = clinic.store.head(), key_history(clinic.store).all()
    with pytest.raises(Refused) as refusal:
        clinic.recorder.record(submissions)
    assert clinic.store.head() == before
    assert key_history(clinic.store).all() == keys
    assert report(clinic).problems == ()
    return refusal.value


# -- item by item inside a group ---------------------------------------------------------------------


def test_inside_one_group_an_enrolment_counts_for_the_next_item(clinic: Clinic) -> None:
    given = clinic.submission(dose(), SLOT_A, [(RN2, "performed", "nurse")])

    enrolled, recorded = clinic.recorder.record([clinic.enrol(RN2), given])

    assert recorded.position == enrolled.position + 1
    assert report(clinic).problems == ()


def test_inside_one_group_an_enrolment_does_not_count_for_the_item_before_it(clinic: Clinic) -> None:
    given = clinic.submission(dose(), SLOT_A, [(RN2, "performed", "nurse")])

    assert refused(clinic, given, clinic.enrol(RN2)).code == "key-not-enrolled"


def test_inside_one_group_a_revocation_counts_for_the_next_item(clinic: Clinic) -> None:
    before, after = (clinic.submission(check(120 + n), SLOT_A, [NURSE]) for n in (0, 1))

    assert refused(clinic, before, revoked_by(clinic, RN1), after).code == "key-revoked"
    handed_in = Submission(after.envelope, after.blocks, handed_in_by=MD1)
    results = clinic.recorder.record([before, revoked_by(clinic, RN1), handed_in])
    assert [each.quarantined for each in results] == [False, False, True]
    assert report(clinic).quarantined == (results[2].position,)


def test_a_group_that_fails_leaves_no_change_of_keys_behind(clinic: Clinic) -> None:
    bad = clinic.submission(dose(), SLOT_A, [(MD1, "witnessed", "nurse")])

    assert refused(clinic, revoked_by(clinic, RN1), clinic.enrol(RN2), bad).code == "signature-missing"
    clinic.dose()
    clinic.recorder.record([clinic.enrol(RN2)])


def test_item_by_item_each_is_asked_with_what_those_before_it_changed(clinic: Clinic) -> None:
    """One group, a result for each item: a bad one stops nothing and leaves no change of keys behind."""
    nurse2 = (RN2, "performed", "nurse")
    own = clinic.submission(revocation(clinic, RN2), "keys", [(RN2, "revoked", "nurse")])
    one_officer = clinic.submission(make("log-key-added/1", vkey=str(SECOND.vkey)), "keys", OFFICERS[:1])
    items = [
        clinic.submission(check(119), SLOT_A, [nurse2]),
        clinic.enrol(RN2),
        clinic.submission(check(120), SLOT_A, [nurse2]),
        clinic.enrol(RN2, custody="hardware"),
        own,
        one_officer,
        clinic.submission(check(121), SLOT_A, [nurse2]),
        revoked_by(clinic, RN1),
        clinic.submission(check(122), SLOT_A, [NURSE]),
        clinic.submission(check(123), SLOT_A, [nurse2]),
    ]

    results = clinic.recorder.record_each(items)

    assert [each.code if isinstance(each, LedgerError) else "" for each in results] == [
        "key-not-enrolled",
        "",
        "",
        "key-known",
        "revocation",
        "officer-missing",
        "",
        "",
        "key-revoked",
        "",
    ]
    found = key_history(clinic.store)
    assert [(key.custody, key.revoked_at) for key in found.keys_of(RN2)] == [("device", None)]
    assert len(found.log_keys()) == 1
    assert found.all() == clinic.recorder.keys.all()
    assert report(clinic).problems == ()


# -- revoked, and handed in all the same -------------------------------------------------------------


def test_what_a_lost_tablet_signed_is_taken_when_a_person_with_a_valid_key_hands_it_in(clinic: Clinic) -> None:
    offline = clinic.submission(check(), SLOT_A, [NURSE])
    clinic.recorder.record([revoked_by(clinic, RN1)])

    assert refused(clinic, offline).code == "key-revoked"
    for nobody in (RN1, RN2, f"service/{uuid(5)}", "", SLOT_A):
        assert refused(clinic, Submission(offline.envelope, offline.blocks, nobody)).code == "key-revoked", nobody
    handed_in = Submission(offline.envelope, offline.blocks, MD1)
    first = clinic.recorder.record([handed_in])[0]
    again = clinic.recorder.record([offline])[0]

    assert (first.quarantined, again.quarantined, again.repeated) == (True, True, True)
    found = report(clinic)
    assert found.holds
    doubt = found.doubts[0]
    assert (doubt.position, doubt.state, doubt.owner, doubt.custody) == (
        first.position,
        "quarantined",
        RN1,
        "device",
    )
    assert doubt.why == f"key already revoked at position {first.position - 1} (stolen)"
    assert "the same person with a key that counts" in doubt.curable_by


def test_a_nurse_with_a_new_key_hands_in_what_the_old_one_signed(clinic: Clinic) -> None:
    offline = clinic.submission(check(), SLOT_A, [NURSE])
    old, new = revoked_by(clinic, RN1), SigningKey(bytes([8]) * 32)
    clinic.keys[RN1] = new
    clinic.recorder.record([clinic.enrol(RN1), old])

    assert clinic.recorder.record([Submission(offline.envelope, offline.blocks, RN1)])[0].quarantined
    assert not clinic.check().quarantined


def test_a_false_signature_is_not_taken_whoever_hands_it_in(clinic: Clinic) -> None:
    clinic.keys[RN2] = SigningKey(bytes([7]) * 32)
    stranger = clinic.submission(check(), SLOT_A, [(RN2, "performed", "nurse")])

    assert refused(clinic, Submission(stranger.envelope, stranger.blocks, MD1)).code == "key-not-enrolled"


def test_a_quarantined_key_changes_nothing_about_keys_and_corrects_no_clock(clinic: Clinic) -> None:
    """A thief with an officer's key and somebody who hands in for them: the ledger itself is not touched."""
    enrol, revoke = clinic.enrol(RN2), revoked_by(clinic, RN1)
    by_owner = clinic.submission(revocation(clinic, MD1), "keys", [(PT1, "revoked", "security-officer")])
    times = {"clock_from": "2026-05-15T12:00:00.000000Z", "clock_to": "2026-05-15T11:00:00.000000Z"}
    clock = make("clock-corrected/1", reason="time-service-repaired", **times)
    governs = f"governance/{uuid(51)}"
    corrected = clinic.submission(clock, governs, [(PT1, "performed", "security-officer")])
    clinic.recorder.record([revoked_by(clinic, PT1, by=MD1)])

    for each in (enrol, revoke, by_owner, corrected):
        assert refused(clinic, Submission(each.envelope, each.blocks, MD1)).code == "key-revoked"


def test_in_a_log_that_another_hand_wrote_a_quarantined_key_beside_a_valid_one_is_a_problem(clinic: Clinic) -> None:
    """The thief's old key signs beside an officer who was talked into it, past the writer."""
    both = clinic.submission(
        revocation(clinic, MD1), "keys", [(PT1, "revoked", "security-officer"), (RN1, "revoked", "nurse")]
    )
    clinic.recorder.record([revoked_by(clinic, RN1)])

    position = append_behind(clinic, both)

    found = [(each.position, each.code) for each in report(clinic).problems]
    assert (position, "key-revoked") in found


# -- attacks -----------------------------------------------------------------------------------------


def test_a_revoked_key_is_never_enrolled_again(clinic: Clinic) -> None:
    """A thief, or a helpful officer, brings the stolen key back: for its owner, or for somebody else."""
    clinic.recorder.record([revoked_by(clinic, RN1)])
    clinic.keys[RN2] = clinic.keys[RN1]

    assert refused(clinic, clinic.enrol(RN1)).code == "key-known"
    assert refused(clinic, clinic.enrol(RN2)).code == "key-known"


def test_a_thief_does_not_revoke_the_owners_other_key_with_the_stolen_one_after_its_revocation(clinic: Clinic) -> None:
    stolen = clinic.keys[RN1]
    old = revoked_by(clinic, RN1)
    clinic.keys[RN1] = new = SigningKey(bytes([8]) * 32)
    clinic.recorder.record([clinic.enrol(RN1), old])
    event = make("key-revoked/1", key=new.kid, reason="lost", suspect_from=0)
    clinic.keys[RN1] = stolen
    by_thief = clinic.submission(event, "keys", [(RN1, "revoked", "nurse")])

    assert refused(clinic, by_thief).code == "key-revoked"
    assert refused(clinic, Submission(by_thief.envelope, (), MD1)).code == "key-revoked"


def test_the_owner_with_the_new_key_and_an_officer_sign_the_revocation_of_the_old_together(clinic: Clinic) -> None:
    """A rotation: the new key is enrolled, then the old one revoked, by both who can."""
    event = revocation(clinic, RN1, reason="new-tablet")
    clinic.keys[RN1] = SigningKey(bytes([8]) * 32)
    clinic.recorder.record([clinic.enrol(RN1)])
    both = clinic.submission(event, "keys", [(RN1, "revoked", "nurse"), (PT1, "revoked", "security-officer")])

    clinic.recorder.record([both])

    clinic.check()
    assert report(clinic).doubts == ()


def test_officers_have_no_key_in_custody_whichever_came_first(clinic: Clinic) -> None:
    clinic.keys[MD1] = SigningKey(bytes([9]) * 32)
    assert refused(clinic, clinic.enrol(MD1, custody="service")).code == "officer-custody"

    clinic.recorder.record([clinic.enrol(RN2, custody="service")])
    clinic.keys[RN2] = SigningKey(bytes([10]) * 32)
    assert refused(clinic, clinic.enrol(RN2, officer=True)).code == "officer-custody"


# -- log keys ----------------------------------------------------------------------------------------


def log_key_added(clinic: Clinic, vkey: VerifierKey = SECOND.vkey, count: int = 2) -> Submission:
    return clinic.submission(make("log-key-added/1", vkey=str(vkey)), "keys", OFFICERS[:count])


def test_a_log_key_is_added_by_two_officers_once_and_under_the_logs_own_name(clinic: Clinic) -> None:
    same = log_key_added(clinic, clinic.signer.vkey)
    witness = log_key_added(clinic, VerifierKey("witness.example", SECOND.vkey.public_key))

    assert refused(clinic, log_key_added(clinic, count=1)).code == "officer-missing"
    assert refused(clinic, same).code == "log-key"
    assert refused(clinic, witness).code == "log-key"
    with pytest.raises(LedgerError, match="unsafe-key"):
        clinic.recorder.record([log_key_added(clinic, VerifierKey(ORIGIN, bytes(32)))])
    clinic.recorder.record([log_key_added(clinic)])
    assert refused(clinic, log_key_added(clinic)).code == "log-key"


def test_two_keys_of_one_officer_are_not_two_officers(clinic: Clinic) -> None:
    event = make("log-key-added/1", vkey=str(SECOND.vkey))
    nurse = clinic.submission(event, "keys", [OFFICERS[0], (RN1, "enrolled", "security-officer")])

    assert refused(clinic, nurse).code == "officer-missing"


def test_the_last_log_key_is_not_retired_and_none_that_signs_here(clinic: Clinic) -> None:
    def retired(vkey: VerifierKey) -> Submission:
        return clinic.submission(make("log-key-retired/1", vkey=str(vkey)), "keys", RETIRERS)

    assert refused(clinic, retired(clinic.signer.vkey)).code == "log-key"
    clinic.recorder.record([log_key_added(clinic)])
    assert refused(clinic, retired(clinic.signer.vkey)).code == "log-key-signing"
    one = clinic.submission(make("log-key-retired/1", vkey=str(SECOND.vkey)), "keys", RETIRERS[:1])
    assert refused(clinic, one).code == "officer-missing"
    clinic.recorder.record([retired(SECOND.vkey)])
    assert refused(clinic, retired(SECOND.vkey)).code == "log-key"
