"""Log keys over sizes: which one counts where, and how an auditor who pinned the first follows the change."""

from __future__ import annotations

import pytest

from ledger.audit import Pin, audit
from ledger.audit_report import AuditReport
from ledger.errors import Invalid, Refused
from ledger.follow import key_history, log_rows
from ledger.log_keys import LogKey, LogKeyChain, check_signing_keys, open_covering
from ledger.record import Recorder
from ledger.signing import SigningKey
from ledger.store.head_store import SignedHead
from ledger.tlog.checkpoint import Checkpoint, sign_checkpoint
from ledger.tlog.note import LogSigner
from ledger.tlog.receipt import check_receipt, parse_receipt
from ledger.tlog.tree import leaf_hash
from tests.ledger.clinic import MD1, ORIGIN, PT1, RN1, SLOT_A, Clinic, check, make
from tests.ledger.test_record import append_behind

SECOND, THIEF = LogSigner(ORIGIN, bytes(range(32))), LogSigner(ORIGIN, bytes([9]) * 32)
ADDERS = [(MD1, "enrolled", "security-officer"), (PT1, "enrolled", "security-officer")]
RETIRERS = [(MD1, "revoked", "security-officer"), (PT1, "revoked", "security-officer")]
NURSE = (RN1, "performed", "nurse")


def recorder(clinic: Clinic, *signers: LogSigner) -> Recorder:
    """A process that signs checkpoints with these log keys."""
    clinic.recorder = Recorder(
        clinic.store, clinic.head_store, signers, clinic.subject_keys, clinic.clock, clinic.entropy
    )
    return clinic.recorder


def add(clinic: Clinic, signer: LogSigner) -> int:
    return clinic.record(make("log-key-added/1", vkey=str(signer.vkey)), "keys", *ADDERS).position


def retire(clinic: Clinic, signer: LogSigner) -> int:
    return clinic.record(make("log-key-retired/1", vkey=str(signer.vkey)), "keys", *RETIRERS).position


def report(clinic: Clinic, pinned: LogSigner | None = None, notes: dict[int, bytes] | None = None) -> AuditReport:
    first = clinic.store.row(0)
    assert first is not None
    pin = Pin(ORIGIN, str((pinned or clinic.signer).vkey), first.leaf)
    stored = dict(clinic.store.checkpoints()) | (notes or {})
    return audit(log_rows(clinic.store, clinic.subject_keys), sorted(stored.items()), pin)


def changed() -> tuple[Clinic, int, int]:
    """A clinic whose log key was changed, and the positions at which the new one was added and the old retired."""
    clinic = Clinic().open()
    clinic.check()
    recorder(clinic, clinic.signer, SECOND)
    added = add(clinic, SECOND)
    recorder(clinic, SECOND)
    retired = retire(clinic, clinic.signer)
    clinic.check()
    return clinic, added, retired


def test_an_auditor_who_pinned_the_old_log_key_follows_the_change() -> None:
    clinic, added, retired = changed()

    found = report(clinic)

    assert found.problems == ()
    assert [(key.added_at, key.retired_at) for key in found.log_keys] == [(0, retired), (added, None)]
    assert report(clinic, pinned=SECOND).problems == ()


def test_receipts_of_before_check_with_the_old_key_for_ever_and_new_ones_with_the_new() -> None:
    clinic = Clinic().open()
    before = parse_receipt(clinic.recorder.receipt(clinic.check().position))
    recorder(clinic, clinic.signer, SECOND)
    both = parse_receipt(clinic.recorder.receipt(add(clinic, SECOND)))
    recorder(clinic, SECOND)
    retire(clinic, clinic.signer)
    after = parse_receipt(clinic.recorder.receipt(clinic.check().position))

    check_receipt(before, [clinic.signer.vkey], ORIGIN)
    check_receipt(both, [clinic.signer.vkey], ORIGIN)
    check_receipt(both, [SECOND.vkey], ORIGIN)
    check_receipt(after, [SECOND.vkey], ORIGIN)
    with pytest.raises(Invalid, match="note-unsigned"):
        check_receipt(after, [clinic.signer.vkey], ORIGIN)
    with pytest.raises(Invalid, match="note-unsigned"):
        check_receipt(before, [SECOND.vkey], ORIGIN)


def test_without_an_overlap_the_new_log_key_is_not_believed() -> None:
    """Two officers' keys and the database, but not the log key: the log cannot be continued under another."""
    clinic = Clinic().open()
    added = add(clinic, SECOND)  # covered by the old key alone
    recorder(clinic, SECOND)
    clinic.check()

    found = [(problem.position, problem.code) for problem in report(clinic).problems]

    assert found[0] == (added + 1, "note-unsigned")


def test_a_second_line_under_a_checkpoint_that_does_not_cover_the_new_key_is_no_overlap() -> None:
    clinic = Clinic().open()
    size = clinic.store.head().size
    forged = sign_checkpoint(clinic.recorder.checkpoint(), [clinic.signer, SECOND])
    add(clinic, SECOND)
    recorder(clinic, SECOND)
    clinic.check()

    assert report(clinic, notes={size: forged}).first is not None


def test_one_officer_alone_adds_no_log_key_that_the_audit_believes() -> None:
    """The writer refuses it; another hand writes it into the database and continues the log under the thief's key."""
    clinic = Clinic().open()
    event = make("log-key-added/1", vkey=str(THIEF.vkey))
    submission = clinic.submission(event, "keys", ADDERS[:1])
    with pytest.raises(Refused, match="officer-missing"):
        clinic.recorder.record([submission])
    position = append_behind(clinic, submission)
    head = clinic.store.head()
    both = sign_checkpoint(Checkpoint(ORIGIN, head.size, head.root), [THIEF])

    found = report(clinic, notes={head.size: both})

    assert [(p.position, p.code) for p in found.problems] == [
        (position, "officer-missing"),
        (position, "note-unsigned"),
    ]
    assert all(key.vkey != str(THIEF.vkey) for key in found.log_keys)


def test_one_officer_with_two_keys_is_not_two_officers_whoever_they_say_they_are() -> None:
    clinic = Clinic().open()
    first, clinic.keys[MD1] = clinic.keys[MD1], SigningKey(bytes([8]) * 32)
    clinic.recorder.record([clinic.enrol(MD1, officer=True)])
    clinic.keys[PT1] = first  # the second signature names PT1, by MD1's other key
    event = make("log-key-added/1", vkey=str(THIEF.vkey))

    append_behind(clinic, clinic.submission(event, "keys", ADDERS))

    found = report(clinic)
    assert {problem.code for problem in found.problems} >= {"key-owner", "officer-missing"}
    assert all(key.vkey != str(THIEF.vkey) for key in found.log_keys)


def test_a_retired_log_key_signs_nothing_newer() -> None:
    clinic, _, retired = changed()
    size = clinic.store.head().size
    root = report(clinic).root
    by_old = sign_checkpoint(Checkpoint(ORIGIN, size, root), [clinic.signer])

    found = report(clinic, notes={size: by_old})

    assert [problem.code for problem in found.problems] == ["note-unsigned"]
    keys = key_history(clinic.store).log_keys()
    with pytest.raises(Invalid, match="note-unsigned"):
        open_covering(by_old, keys, ORIGIN)
    assert LogKey("k", 0, retired).signs(retired)
    assert not LogKey("k", 0, retired).signs(retired + 1)


def test_a_log_key_signs_nothing_that_does_not_hold_the_entry_which_added_it() -> None:
    clinic, added, _ = changed()
    before = dict(clinic.store.checkpoints())[added]
    early = sign_checkpoint(open_covering(before, key_history(clinic.store).log_keys(), ORIGIN), [SECOND])

    assert [LogKey("k", added).signs(size) for size in (added, added + 1)] == [False, True]
    with pytest.raises(Invalid, match="note-unsigned"):
        open_covering(early, key_history(clinic.store).log_keys(), ORIGIN)


def test_a_process_with_a_retired_or_a_foreign_log_key_does_not_start() -> None:
    clinic, _, _ = changed()

    with pytest.raises(Refused, match="log-key-retired"):
        recorder(clinic, clinic.signer)
    with pytest.raises(Refused, match="log-key-unknown"):
        recorder(clinic, THIEF)
    recorder(clinic, SECOND)
    clinic.check()
    assert report(clinic).problems == ()


def test_a_process_that_holds_the_old_log_key_stops_when_another_one_retired_it() -> None:
    clinic = Clinic().open()
    running = clinic.recorder
    recorder(clinic, clinic.signer, SECOND)
    add(clinic, SECOND)
    recorder(clinic, SECOND)
    retire(clinic, clinic.signer)
    size = clinic.store.head().size

    with pytest.raises(Refused, match="log-key-retired"):
        running.record([clinic.submission(check(), SLOT_A, [NURSE])])

    assert clinic.store.head().size == size
    assert report(clinic).problems == ()


def retired_and_not_signed() -> Clinic:
    """The process died between the commit of the retirement and everything behind it."""
    clinic = Clinic().open()
    recorder(clinic, clinic.signer, SECOND)
    add(clinic, SECOND)
    event = make("log-key-retired/1", vkey=str(clinic.signer.vkey))
    append_behind(clinic, clinic.submission(event, "keys", RETIRERS))
    return clinic


def test_after_a_crash_the_retired_key_does_not_sign_its_own_retirement() -> None:
    clinic = retired_and_not_signed()
    size, kept = clinic.store.head().size, dict(clinic.store.checkpoints())

    with pytest.raises(Refused, match="log-key-retired"):
        recorder(clinic, clinic.signer)
    assert dict(clinic.store.checkpoints()) == kept
    recorder(clinic, SECOND)

    assert open_covering(dict(clinic.store.checkpoints())[size], [LogKey(str(SECOND.vkey), 0)], ORIGIN).size == size
    assert report(clinic).problems == ()


def test_after_a_crash_behind_the_head_store_the_retired_key_does_not_sign_either() -> None:
    """Dead between the head store and the signature: the head is there, its checkpoint is not."""
    clinic = retired_and_not_signed()
    head, signed = clinic.store.head(), clinic.head_store.read()
    clinic.head_store.advance(signed, SignedHead(ORIGIN, head.size, head.root))

    with pytest.raises(Refused, match="log-key-retired"):
        recorder(clinic, clinic.signer)
    assert head.size not in dict(clinic.store.checkpoints())
    recorder(clinic, SECOND)

    assert report(clinic).problems == ()


def test_trust_goes_on_from_key_to_key_through_several_changes() -> None:
    clinic, _, _ = changed()
    recorder(clinic, SECOND, THIEF)
    add(clinic, THIEF)  # a third key, honestly added
    recorder(clinic, THIEF)
    retire(clinic, SECOND)
    clinic.check()

    assert report(clinic).problems == ()


def test_the_pinned_key_counts_although_the_genesis_cannot_be_read() -> None:
    chain = LogKeyChain(ORIGIN, str(SECOND.vkey))
    note = sign_checkpoint(Checkpoint(ORIGIN, 1, leaf_hash(b"x")), [SECOND])

    assert chain.open(note, ()).size == 1
    assert chain.believed == (str(SECOND.vkey),)


def test_an_empty_log_names_no_log_key_and_asks_for_none() -> None:
    check_signing_keys((), [str(THIEF.vkey)], 1)
