"""Devices: chains, holes, forks, resets and breaks, as known at any size of the log; and what a clock showed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.devices import ChainFault, Link, shifted
from ledger.encoding import to_instant
from ledger.payload import Payload
from tests.ledger.chains import NOON, OTHER, TABLET, about, digest, known, received, written


def faults(seqs: list[int], size: int | None = None) -> list[ChainFault]:
    placed = received(written(seq) for seq in seqs)
    return known(placed).chain(TABLET).faults(len(placed) if size is None else size)


def test_a_chain_that_came_in_order_is_whole() -> None:
    chain = known(received(written(seq) for seq in (1, 2, 3))).chain(TABLET)

    assert chain.faults(3) == []
    assert (chain.count(3), chain.last_seq(3)) == (3, 3)
    assert chain.late(3) == []


def test_an_event_whose_predecessor_is_not_here_shows_a_hole_with_its_numbers() -> None:
    assert faults([1, 2, 6]) == [ChainFault("hole", 3, 5, (1, 2))]


def test_a_chain_that_begins_above_one_lacks_its_beginning() -> None:
    assert faults([3]) == [ChainFault("hole", 1, 2, (0,))]


def test_what_comes_late_closes_the_hole_and_before_that_the_hole_is_known_still() -> None:
    assert faults([1, 3, 2]) == []
    assert faults([1, 3, 2], size=2) == [ChainFault("hole", 2, 2, (0, 1))]
    chain = known(received(written(seq) for seq in (1, 3, 2))).chain(TABLET)
    assert [link.seq for link in chain.late(3)] == [2]


def test_half_of_what_was_missing_makes_the_hole_smaller() -> None:
    assert faults([1, 5, 3]) == [ChainFault("hole", 2, 2, (0, 2)), ChainFault("hole", 4, 4, (2, 1))]


def test_two_events_after_the_same_one_are_a_fork() -> None:
    placed = received([written(1), written(2), (written(2)[0], digest(TABLET, 2, "copy"))])

    assert known(placed).chain(TABLET).faults(3) == [ChainFault("fork", 2, 2, (0, 1, 2))]
    assert known(placed).chain(TABLET).faults(2) == []


def test_a_second_first_event_is_a_reset_and_what_follows_it_is_no_further_fault() -> None:
    again = [written(seq, words="again") for seq in (1, 2)]
    chain = known(received([written(1), written(2), *again])).chain(TABLET)

    assert chain.faults(4) == [ChainFault("reset", 1, 1, (0, 2))]


@pytest.mark.parametrize(
    "wrong",
    [written(2, prev="f" * 64), written(2, prev=None), written(1, prev="f" * 64, words="x")],
    ids=["another content", "no content", "a first one with a predecessor"],
)
def test_a_predecessor_that_is_not_the_one_we_have_is_a_break(wrong: tuple[Payload, str]) -> None:
    chain = known(received([written(1), wrong])).chain(TABLET)

    assert [fault.fault for fault in chain.faults(2)] == ["break"]


def test_devices_do_not_touch_each_other() -> None:
    devices = known(received([written(1), written(1, device=OTHER), written(2), written(3, device=OTHER)]))

    assert devices.chain(TABLET).faults(4) == []
    assert devices.chain(OTHER).faults(4) == [ChainFault("hole", 2, 2, (1, 3))]
    assert [chain.id for chain in devices] == [TABLET, OTHER]


def test_who_vouched_for_a_device_is_known_as_of_each_size() -> None:
    chain = known(
        [
            about("device-enrolled/1", 0, code="T-1", kind="tablet"),
            about("device-revoked/1", 1, reason="lost"),
            about("device-enrolled/1", 2, code="T-1b", kind="tablet"),
        ]
    ).chain(TABLET)

    assert [chain.code(size) for size in range(4)] == [None, "T-1", "T-1", "T-1b"]
    assert [chain.revoked_at(size) for size in range(4)] == [None, None, 1, None]


def test_a_chain_of_what_had_happened_by_then_has_no_later_event_whenever_it_came() -> None:
    chain = known(received(written(seq) for seq in (3, 1, 2))).chain(TABLET)
    then = chain.up_to(to_instant(NOON + timedelta(minutes=2)))

    assert (then.count(3), then.last_seq(3), then.faults(3)) == (2, 2, [])
    assert [then.last_seq(size) for size in range(4)] == [0, 0, 1, 2], "as known at each size"
    assert chain.up_to(to_instant(NOON)).count(3) == 0
    enrolled = known([about("device-enrolled/1", 0, code="T-1", kind="tablet")]).chain(TABLET)
    assert (enrolled.up_to(to_instant(NOON)).code(1), enrolled.code(1)) == (None, "T-1")


def test_an_event_belongs_to_the_last_sync_before_it_that_brought_its_number_and_read_the_clock_after_it() -> None:
    early = about("sys-sync-received/1", 0, first_seq=1, last_seq=3, offered=3, offset_ms=0, round_trip_ms=5)
    late = about("sys-sync-received/1", 2, first_seq=2, last_seq=3, offered=2, offset_ms=420_000, round_trip_ms=None)
    chain = known([early, late]).chain(TABLET)

    def sync_at(seq: int, position: int, recorded: datetime = NOON) -> int | None:
        found = chain.sync_of(Link(seq, None, "", position), recorded)
        return None if found is None else found.position

    assert (sync_at(2, 1), sync_at(2, 3), sync_at(1, 3), sync_at(4, 3)) == (0, 2, 0, None)
    read = NOON + timedelta(hours=1, minutes=2) + timedelta(minutes=7)
    assert (sync_at(2, 3, read), sync_at(2, 3, read + timedelta(seconds=1))) == (2, None)


def test_a_clock_that_claims_more_time_than_there_is_breaks_nothing() -> None:
    assert shifted(NOON, timedelta(days=999_999_999)).year == 9999
    assert shifted(NOON, -timedelta(days=999_999_999)).year == 1
    mad = about("sys-sync-received/1", 0, first_seq=1, last_seq=1, offered=1, offset_ms=-(2**53) + 1, round_trip_ms=0)
    assert known([mad]).chain(TABLET).sync_of(Link(1, None, "", 1), NOON) is None


@given(st.data())
def test_whatever_the_order_in_which_it_came_the_end_is_the_same(data: st.DataObject) -> None:
    events = [written(seq, device=device) for device in (TABLET, OTHER) for seq in range(1, 8)]
    lost = data.draw(st.sets(st.sampled_from(range(len(events))), max_size=4))
    here = [event for number, event in enumerate(events) if number not in lost]
    order = data.draw(st.permutations(here))

    def end(arrived: list[tuple[Payload, str]]) -> list[tuple[str, str, int, int]]:
        devices = known(received(arrived))
        return [(c.id, f.fault, f.first, f.last) for c in devices for f in c.faults(len(arrived))]

    assert end(order) == end(here)
    missing = {(TABLET if n < 7 else OTHER, n % 7 + 1) for n in lost}
    holes = {(device, seq) for device, _, first, last in end(here) for seq in range(first, last + 1)}
    last = {device: max((p.device.seq for p, _ in here if p.device and p.device.id == device), default=0)
            for device in (TABLET, OTHER)}  # fmt: skip
    assert holes == {(device, seq) for device, seq in missing if seq < last[device]}


@given(st.permutations([written(seq) for seq in range(1, 9)]), st.integers(0, 8))
def test_what_was_known_at_a_size_never_changes_afterwards(order: list[tuple[Payload, str]], size: int) -> None:
    placed = received(order)

    assert known(placed).chain(TABLET).faults(size) == known(placed[:size]).chain(TABLET).faults(size)
