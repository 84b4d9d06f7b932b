"""Offline days: whatever comes, in whatever order, twice or cut off, the end is the same and first receipts stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.devices import Devices
from ledger.envelope import parse_envelope
from ledger.errors import LedgerError, Refused
from ledger.follow import events_from
from ledger.payload import Occurred
from ledger.record import Recorded, Submission
from tests.ledger.clinic import MD1, RN1, SLOT_A, SLOT_B, Clinic, check, make, uuid
from tests.ledger.tablets import Tablet

FIRST, SECOND = f"device/{uuid(81)}", f"device/{uuid(82)}"


def recorded(results: list[Recorded | LedgerError]) -> list[Recorded]:
    assert all(isinstance(each, Recorded) for each in results), results
    return [each for each in results if isinstance(each, Recorded)]


def devices_of(clinic: Clinic) -> Devices:
    devices = Devices()
    for placed in events_from(clinic.store, None, 0, clinic.store.head().size):
        devices.take(placed)
    return devices


def two_tablets() -> tuple[Clinic, list[Submission], list[Submission]]:
    """Five checks on each of two tablets, while nobody had a network."""
    clinic = Clinic().open()
    one, other = Tablet(clinic, FIRST), Tablet(clinic, SECOND, timedelta(minutes=7))
    events: tuple[list[Submission], list[Submission]] = ([], [])
    for _ in range(5):
        events[0].append(one.writes(stream=SLOT_A))
        events[1].append(other.writes(stream=SLOT_B))
        clinic.clock.forward(minutes=1)
    return clinic, *events


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_interleaving_repetition_loss_and_reordering_of_batches_comes_to_the_same_end(data: st.DataObject) -> None:
    clinic, one, other = two_tablets()
    everything = [*one, *other]
    first: dict[str, tuple[int, str]] = {}
    for _ in range(data.draw(st.integers(0, 5), label="batches that came somehow")):
        batch = data.draw(st.lists(st.sampled_from(everything), min_size=1, max_size=8), label="batch")
        for each in recorded(clinic.recorder.record_each(batch)):
            place = (each.position, each.received_at)
            assert first.setdefault(each.dig, place) == place
        clinic.clock.forward(minutes=1)
    for batch in data.draw(st.permutations([one, other]), label="in the end all of it"):
        for each in recorded(clinic.recorder.record_each(batch)):
            place = (each.position, each.received_at)
            assert first.setdefault(each.dig, place) == place

    digs = {parse_envelope(each.envelope).dig for each in everything}
    placed = [p for p in events_from(clinic.store, None, 0, clinic.store.head().size) if p.payload.device]
    assert {p.dig for p in placed} == digs == set(first)
    assert len(placed) == len(everything)
    size = clinic.store.head().size
    assert [fault for chain in devices_of(clinic) for fault in chain.faults(size)] == []


def test_500_at_once_each_has_its_own_receipt_and_again_the_same_ones() -> None:
    clinic = Clinic().open()
    tablet = Tablet(clinic, FIRST)
    batch = [tablet.writes() for _ in range(500)]

    once = recorded(clinic.recorder.record_each(batch))
    clinic.clock.forward(days=2)
    again = recorded(clinic.recorder.record_each(batch))

    assert [each.position for each in once] == sorted({each.position for each in once})
    assert [(e.position, e.received_at, e.dig) for e in once] == [(e.position, e.received_at, e.dig) for e in again]
    assert not any(each.repeated for each in once) and all(each.repeated for each in again)


def test_a_bad_one_stops_nobody_and_keeps_its_place_in_the_answers() -> None:
    clinic = Clinic().open()
    tablet = Tablet(clinic, FIRST)
    good = [tablet.writes() for _ in range(4)]
    batch = [good[0], Submission(b"nonsense"), good[1], tablet.writes(stream=f"session/{uuid(99)}/a"), *good[2:]]

    results = clinic.recorder.record_each(batch)

    assert [isinstance(each, Recorded) for each in results] == [True, False, True, False, True, True]


def test_a_batch_cut_in_the_middle_is_sent_again_and_nothing_is_there_twice() -> None:
    clinic, one, _ = two_tablets()
    before = recorded(clinic.recorder.record_each(one[:3]))

    after = recorded(clinic.recorder.record_each(one))

    assert [each.repeated for each in after] == [True, True, True, False, False]
    assert [e.position for e in after[:3]] == [e.position for e in before]


def test_other_content_under_a_used_id_is_refused_kept_and_stops_no_other() -> None:
    clinic = Clinic().open()
    tablet = Tablet(clinic, FIRST)
    first = tablet.writes()
    number = parse_envelope(first.envelope).payload.id
    results = clinic.recorder.record_each([first, tablet.writes(check(200, 100), id=number), tablet.writes()])

    assert [getattr(each, "code", "recorded") for each in results] == ["recorded", "id-used", "recorded"]
    assert [kept.code for kept in clinic.store.refused()] == ["id-used"]


@pytest.mark.parametrize(
    "claim",
    [
        "0001-01-01T00:00:00.000000Z",
        "1970-01-01T00:00:00.000000Z",
        "2026-05-15T12:40:00.000000Z",
        "2031-01-01T00:00:00.000000Z",
        "9999-12-31T23:59:59.999999Z",
    ],
)
@pytest.mark.parametrize("precision", ["s", "min", "approx"])
def test_a_fact_is_never_refused_for_its_clock(claim: str, precision: str) -> None:
    clinic = Clinic().open()
    for number, offset in enumerate((-1080, 0, 1080)):
        tablet = Tablet(clinic, f"device/{uuid(90 + number)}")
        occurred = Occurred(at=claim, offset=offset, precision=precision, zone="America/New_York")  # type: ignore[arg-type]
        recorded(clinic.recorder.record_each([tablet.writes(occurred=occurred, recorded_at=claim)]))


def test_an_event_of_a_device_nobody_enrolled_or_that_was_revoked_is_recorded() -> None:

    clinic = Clinic().open()
    tablet = Tablet(clinic, FIRST)
    recorded(clinic.recorder.record_each([tablet.writes()]))
    officer = (MD1, "enrolled", "security-officer")
    clinic.record(make("device-enrolled/1", code="T-1", kind="tablet"), FIRST, officer)
    clinic.record(make("device-revoked/1", reason="lost"), FIRST, (MD1, "revoked", "security-officer"))
    recorded(clinic.recorder.record_each([tablet.writes()]))

    size = clinic.store.head().size
    chain = devices_of(clinic).chain(FIRST)
    assert (chain.code(size), chain.revoked_at(size), chain.count(size)) == ("T-1", size - 2, 2)


def test_only_an_officer_enrols_or_revokes_a_device() -> None:

    clinic = Clinic().open()
    with pytest.raises(Refused, match="officer-missing"):
        clinic.record(
            make("device-enrolled/1", code="T-1", kind="tablet"), FIRST, (RN1, "enrolled", "security-officer")
        )
