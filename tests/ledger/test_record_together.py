"""Recording many at once: one transaction, and yet each request stands or falls by itself."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.audit import Pin, audit
from ledger.envelope import parse_envelope
from ledger.errors import LedgerError, Refused
from ledger.follow import log_rows
from ledger.record import MOST_TOGETHER, Recorded, Submission
from ledger.store.head_store import FileHeadStore
from ledger.store.sqlite import open_sqlite
from ledger.tlog.receipt import check_receipt, parse_receipt
from tests.ledger.clinic import MD1, ORIGIN, PT1, RN1, SLOT_A, SLOT_B, Clinic, check, dose, make

NURSE = (RN1, "performed", "nurse")
WITNESS_ONLY = (RN1, "witnessed", "nurse")


@pytest.fixture
def clinic() -> Clinic:
    return Clinic().open()


def signed_check(clinic: Clinic, systolic: int = 128, stream: str = SLOT_A) -> Submission:
    return clinic.submission(check(systolic), stream, [NURSE])


def nobody_can_sign_so(clinic: Clinic) -> Submission:
    return clinic.submission(dose(), SLOT_A, [WITNESS_ONLY])


def said(results: Sequence[Recorded | LedgerError]) -> list[int | str]:
    """The position of what was recorded, the code of what was refused."""
    return [each.code if isinstance(each, LedgerError) else each.position for each in results]


def before_the_enrolment_of(owner: str) -> tuple[Clinic, list[Submission]]:
    """A clinic in which all is recorded but the key of this owner, and the enrolment that is still to come."""
    clinic = Clinic()
    officers = [(officer, "opened", "security-officer") for officer in (MD1, PT1)]
    clinic.recorder.record([clinic.submission(clinic.genesis(), "keys", officers)])
    public = clinic.keys[owner].public.hex().encode()
    later: list[Submission] = []
    for group in clinic.founding():
        if any(public in parse_envelope(each.envelope).payload_bytes for each in group):
            later = group
        else:
            clinic.recorder.record(group)
    return clinic, later


def the_audit_holds(clinic: Clinic) -> None:
    first = clinic.store.row(0)
    assert first is not None
    pin = Pin(ORIGIN, str(clinic.signer.vkey), first.leaf)
    assert audit(log_rows(clinic.store, clinic.subject_keys), clinic.store.checkpoints(), pin).problems == ()


# -- each by itself --------------------------------------------------------------------------------


def test_a_bad_one_in_the_middle_keeps_no_other_from_the_log(clinic: Clinic) -> None:
    size = clinic.store.head().size
    handed_in = [
        signed_check(clinic),
        nobody_can_sign_so(clinic),
        Submission(b"{}"),
        signed_check(clinic),
        Submission(signed_check(clinic).envelope),
        signed_check(clinic, stream=SLOT_B),
    ]

    results = clinic.recorder.record_each(handed_in)

    assert said(results) == [size, "signature-missing", "envelope-format", size + 1, "block-missing", size + 2]
    assert clinic.store.head().size == size + 3
    the_audit_holds(clinic)


def test_handed_in_twice_in_one_batch_the_second_gives_the_place_of_the_first(clinic: Clinic) -> None:
    once = signed_check(clinic)

    first, second = clinic.recorder.record_each([once, once])

    assert isinstance(first, Recorded) and isinstance(second, Recorded)
    assert (first.position, first.repeated, second.position, second.repeated) == (
        first.position,
        False,
        first.position,
        True,
    )


def test_another_content_under_a_used_id_is_refused_alone_and_its_bytes_are_kept(clinic: Clinic) -> None:
    same = clinic.event_id()
    honest = clinic.submission(check(120), SLOT_A, [NURSE], id=same)
    other = clinic.submission(check(180), SLOT_A, [NURSE], id=same)

    results = clinic.recorder.record_each([honest, other, signed_check(clinic)])

    size = clinic.store.head().size
    assert said(results) == [size - 2, "id-used", size - 1]
    assert [kept.envelope for kept in clinic.store.refused()] == [other.envelope]


def test_the_two_slots_of_a_session_get_their_keys_together_wherever_they_stand_in_the_batch() -> None:
    clinic, slots = before_the_enrolment_of(SLOT_A)
    size = clinic.store.head().size

    results = clinic.recorder.record_each([slots[0], nobody_can_sign_so(clinic), slots[1]])

    assert said(results) == [size, "signature-missing", size + 1]


def test_one_slot_without_the_other_is_refused_alone() -> None:
    clinic, slots = before_the_enrolment_of(SLOT_A)
    size = clinic.store.head().size

    assert said(clinic.recorder.record_each([slots[0]])) == ["slot-keys-together"]
    assert said(clinic.recorder.record_each([slots[0], signed_check(clinic)])) == ["slot-keys-together", size]


def test_what_a_refused_request_had_enrolled_does_not_count_for_the_next() -> None:
    clinic, enrolment = before_the_enrolment_of(RN1)
    size = clinic.store.head().size

    with pytest.raises(Refused):
        clinic.recorder.record([*enrolment, nobody_can_sign_so(clinic)])
    after = clinic.recorder.record_each([signed_check(clinic), *enrolment, signed_check(clinic)])

    assert said(after) == ["key-not-enrolled", size, size + 1]


def test_a_key_enrolled_by_one_item_signs_the_next_and_revoked_by_the_third_no_longer_the_fourth() -> None:
    clinic, enrolment = before_the_enrolment_of(RN1)
    revoked = make("key-revoked/1", key=clinic.keys[RN1].kid, reason="lost", suspect_from=None)
    revocation = clinic.submission(revoked, "keys", [(PT1, "revoked", "security-officer")])
    size = clinic.store.head().size

    results = clinic.recorder.record_each([*enrolment, signed_check(clinic), revocation, signed_check(clinic)])

    assert said(results) == [size, size + 1, size + 2, "key-revoked"]
    the_audit_holds(clinic)


def test_more_than_go_together_are_recorded_in_several_turns_and_in_order(clinic: Clinic) -> None:
    size = clinic.store.head().size
    many = [signed_check(clinic, 100 + number % 50) for number in range(MOST_TOGETHER + 44)]

    results = clinic.recorder.record_each(many)

    assert said(results) == list(range(size, size + MOST_TOGETHER + 44))
    assert [entry for entry, _ in clinic.store.checkpoints(size + 1)] == [size + MOST_TOGETHER, size + 300]


@given(st.lists(st.sampled_from(["good", "again", "unsigned", "broken", "other-id"]), max_size=12), st.data())
@settings(max_examples=40, deadline=None)
def test_however_a_batch_is_cut_the_log_and_the_answers_are_the_same(kinds: list[str], data: st.DataObject) -> None:
    whole, cut = Clinic().open(), Clinic().open()
    batch = _batch(whole, kinds)
    _batch(cut, kinds)  # the same draws of randomness, so that both go on alike

    at_once = said(whole.recorder.record_each(batch))
    piecewise: list[int | str] = []
    rest = batch
    while rest:
        count = data.draw(st.integers(1, len(rest)))
        piecewise += said(cut.recorder.record_each(rest[:count]))
        rest = rest[count:]

    assert piecewise == at_once
    assert cut.store.head().root == whole.store.head().root


def _batch(clinic: Clinic, kinds: Sequence[str]) -> list[Submission]:
    made = [signed_check(clinic)]
    used = clinic.event_id()
    made.append(clinic.submission(check(111), SLOT_B, [NURSE], id=used))
    for kind in kinds:
        match kind:
            case "good":
                made.append(signed_check(clinic))
            case "again":
                made.append(made[0])
            case "unsigned":
                made.append(nobody_can_sign_so(clinic))
            case "broken":
                made.append(Submission(b"{}"))
            case _:
                made.append(clinic.submission(check(112), SLOT_B, [NURSE], id=used))
    return made


# -- several at once -------------------------------------------------------------------------------


class HeldClock:
    """A clock whose first reading, taken inside the first transaction, waits until `go_on` is set."""

    def __init__(self, clinic: Clinic) -> None:
        self._inner = clinic.clock
        self.reading, self.go_on = Event(), Event()

    def wall(self) -> datetime:
        self.reading.set()
        assert self.go_on.wait(20)
        return self._inner.wall()

    def monotonic(self) -> float:
        return self._inner.monotonic()


def test_what_comes_while_one_is_written_is_committed_together_under_one_checkpoint() -> None:
    """Given one in the middle of its transaction, when nine come, then one commit and one checkpoint take them all."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_sqlite(Path(folder) / "ledger.db", ORIGIN, create=True)
        clinic = Clinic(store, FileHeadStore(Path(folder) / "head")).open()
        held = HeldClock(clinic)
        clinic.recorder._clock = held
        size = store.head().size
        handed_in = [signed_check(clinic, 100 + number) for number in range(9)]
        handed_in.insert(4, nobody_can_sign_so(clinic))

        with ThreadPoolExecutor(11) as pool:
            first = pool.submit(clinic.recorder.record, [signed_check(clinic)])
            assert held.reading.wait(20)
            others = [pool.submit(clinic.recorder.record, [each]) for each in handed_in]
            while len(clinic.recorder._turns._line) < len(others):
                Event().wait(0.001)
            held.go_on.set()
            first.result(20)
            refused = [other for other in others if other.exception(20) is not None]
            places = sorted(other.result().pop().position for other in others if other not in refused)

        assert [str(other.exception()) for other in refused] == [str(others[4].exception())]
        assert places == list(range(size + 1, size + 10))
        assert [covered for covered, _ in store.checkpoints(size + 1)] == [size + 1, size + 10]
        the_audit_holds(clinic)
        store.close()


def test_thirty_two_threads_record_and_each_holds_a_receipt_that_checks() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_sqlite(Path(folder) / "ledger.db", ORIGIN, create=True)
        clinic = Clinic(store, FileHeadStore(Path(folder) / "head")).open()
        size = store.head().size
        handed_in = [signed_check(clinic, 100 + number % 60) for number in range(160)]

        def hand_in(submission: Submission) -> tuple[int, bytes]:
            (recorded,) = clinic.recorder.record([submission])
            return recorded.position, clinic.recorder.receipt(recorded.position)

        with ThreadPoolExecutor(32) as pool:
            held = list(pool.map(hand_in, handed_in))

        assert sorted(position for position, _ in held) == list(range(size, size + 160))
        for position, receipt in held:
            read = parse_receipt(receipt)
            assert read.position == position
            assert check_receipt(read, [clinic.signer.vkey], ORIGIN).size > position
        the_audit_holds(clinic)
        store.close()
