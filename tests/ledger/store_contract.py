"""
The conformance suite that every store passes unchanged.

A store joins with a subclass of `StoreContract` that says how a ledger is opened:

    class TestMyStore(StoreContract):
        @pytest.fixture
        def open_ledger(self, ...) -> Opener: ...

`open_ledger(origin)` creates the ledger at its first call, and at later calls gives one more instance of it
(another connection to the same database), or the same object where a store has no such thing.
The oracle is the recursive definition of RFC 6962, section 2.1, written here once more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from threading import Barrier, Thread
from typing import TypeAlias

import pytest

from ledger.entry import EventEntry, stream_tag
from ledger.errors import Conflict
from ledger.store.port import EventRow, HeadsRow, NewEvent, RefusedEnvelope, SealedBlock, Store, Writing
from ledger.tlog.heads import heads_entry

Opener: TypeAlias = Callable[[str], Store]

ORIGIN = "ledger.example.test/00c0ffee00c0ffee"
OTHER = "ledger.example.test/0123456789abcdef"
ANNA = "session/5f2c9a64-1e8b-4d37-b1c5-7a90e3f4d603/a"
BEN = "session/5f2c9a64-1e8b-4d37-b1c5-7a90e3f4d603/b"
RECEIVED = "2026-05-16T14:05:21.123456Z"


def hash_of(*parts: object) -> str:
    """A hex digest that is different for different parts."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def new_event(
    name: str, *, stream: str = ANNA, version: int = 1, prev: bytes | None = None, blocks: int = 1
) -> NewEvent:
    """An event as the recorder hands it in; events of different names share nothing."""
    envelope = b"\x00\xff envelope of " + name.encode() + b" \xf0\x9f"
    tag = stream_tag(ORIGIN, stream)
    entry = EventEntry(
        env=hashlib.sha256(envelope).hexdigest(),
        prev=prev.hex() if prev else None,
        received_at=RECEIVED,
        stream=tag,
        version=version,
    )
    return NewEvent(
        entry=entry.bytes(),
        tag=tag,
        version=version,
        received_at=RECEIVED,
        stream=stream,
        type="dose-administered/1",
        event_id=f"019e311b-1900-7478-8ae5-{hash_of('id', name)[:12]}",
        dig=hash_of("dig", name),
        envelope=envelope,
        blocks=tuple(
            SealedBlock(hash_of("block", name, i), f"a/{i}", f"person/{name}", b"\x00\xfe" + name.encode())
            for i in range(blocks)
        ),
    )


def next_event(writing: Writing, name: str, stream: str = ANNA, blocks: int = 1) -> NewEvent:
    """The event of this name at the end of a stream."""
    end = writing.stream_end(stream_tag(ORIGIN, stream))
    version, prev = (end.version + 1, end.leaf) if end else (1, None)
    return new_event(name, stream=stream, version=version, prev=prev, blocks=blocks)


def record(store: Store, *names: str, stream: str = ANNA, blocks: int = 1) -> list[NewEvent]:
    """Append events of these names in one transaction."""
    events = []
    with store.writing() as writing:
        for name in names:
            events.append(next_event(writing, name, stream, blocks))
            writing.append(events[-1])
    return events


@lru_cache(maxsize=200_000)
def naive_root(leaves: tuple[bytes, ...]) -> bytes:
    """MTH of RFC 6962, section 2.1, over leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def check_log(store: Store) -> None:
    """Everything that must hold of any ledger at any moment: density, leaves, root, tiles, streams, head."""
    head = store.head()
    rows = list(store.rows(0, head.size + 1))
    events = [row for row in rows if isinstance(row, EventRow)]

    assert [row.position for row in rows] == list(range(head.size))
    assert [row.leaf for row in rows] == [hashlib.sha256(b"\x00" + row.entry).digest() for row in rows]
    assert head.root == naive_root(tuple(row.leaf for row in rows))
    keys = [row.position for row in events if row.stream == "keys"]
    assert head.key_position == (keys[-1] if keys else None)
    assert (head.received_at is None) == (not events)
    for stream in {row.stream for row in events}:
        own = [row for row in events if row.stream == stream]
        assert [row.version for row in own] == list(range(1, len(own) + 1))
        assert list(store.stream_rows(stream)) == own
    assert [store.entry(position) for position in range(len(rows) + 1)] == [*(row.entry for row in rows), None]
    check_tiles(store, [row.leaf for row in rows])


def check_tiles(store: Store, leaves: Sequence[bytes]) -> None:
    """Each level of tiles is the roots of the full tiles of the level below, cut by 256, and nothing more."""
    level, hashes = 0, list(leaves)
    while hashes:
        for index in range(len(hashes) // 256 + 1):
            assert store.read_tile(level, index) == b"".join(hashes[256 * index : 256 * (index + 1)])
        full = len(hashes) // 256
        hashes = [naive_root(tuple(hashes[256 * i : 256 * (i + 1)])) for i in range(full)]
        level += 1
    assert store.read_tile(level, 0) == b""
    with store.tiles() as read_tile:
        assert read_tile(0, 0) == store.read_tile(0, 0)
        assert read_tile(level, 0) == b""


class Boom(Exception):
    """What goes wrong in the middle of a transaction."""


class StoreContract:
    """What the ledger relies on, whatever keeps the bytes."""

    @pytest.fixture
    def open_ledger(self) -> Opener:
        """How this kind of store opens the ledger of an origin."""
        raise NotImplementedError

    @pytest.fixture
    def store(self, open_ledger: Opener) -> Store:
        """A new and empty ledger."""
        return open_ledger(ORIGIN)

    # ------------------------------------------------------------------ positions, bytes, tree

    def test_a_new_ledger_is_empty(self, store: Store) -> None:
        assert store.origin == ORIGIN
        assert store.head().size == 0
        assert store.head().root == hashlib.sha256(b"").digest()
        assert list(store.rows(0, 10)) == []
        assert store.row(0) is None
        assert store.latest_checkpoint() is None
        check_log(store)

    def test_positions_are_dense_from_zero_over_events_and_heads_entries(self, store: Store) -> None:
        with store.writing() as writing:
            positions = [writing.append(next_event(writing, "one"))]
            positions.append(writing.append_heads(heads_entry(1, bytes(32), 1)))
            positions.append(writing.append(next_event(writing, "two")))
        with store.writing() as writing:
            positions.append(writing.append_heads(heads_entry(1, bytes(32), 3)))

        assert positions == [0, 1, 2, 3]
        assert [type(row) for row in store.rows(0, 9)] == [EventRow, HeadsRow, EventRow, HeadsRow]
        check_log(store)

    def test_what_is_read_is_byte_for_byte_what_was_appended(self, store: Store) -> None:
        events = record(store, "one", "two", "three")

        for position, event in enumerate(events):
            assert store.row(position) == EventRow(
                position,
                event.entry,
                hashlib.sha256(b"\x00" + event.entry).digest(),
                event.stream,
                event.version,
                event.type,
                event.event_id,
                event.dig,
                event.envelope,
            )

    def test_a_heads_entry_is_read_as_it_was_appended(self, store: Store) -> None:
        entry = heads_entry(0, bytes(32), 0)

        with store.writing() as writing:
            writing.append_heads(entry)

        assert store.row(0) == HeadsRow(0, entry, hashlib.sha256(b"\x00" + entry).digest())
        assert store.head().received_at is None

    def test_rows_begin_and_end_where_they_are_asked_to(self, store: Store) -> None:
        record(store, *"abcdef")

        assert [row.position for row in store.rows(2, 3)] == [2, 3, 4]
        assert [row.position for row in store.rows(4, 100)] == [4, 5]
        assert list(store.rows(6, 5)) == []
        assert list(store.rows(0, 0)) == []

    def test_the_root_is_that_of_rfc_6962_after_every_append(self, store: Store) -> None:
        leaves: tuple[bytes, ...] = ()
        for n in range(70):
            (event,) = record(store, f"event {n}", blocks=0)
            leaves = (*leaves, hashlib.sha256(b"\x00" + event.entry).digest())

            assert store.head().root == naive_root(leaves)
            assert store.head().size == n + 1
        check_log(store)

    def test_tiles_and_root_are_right_around_each_full_tile(self, store: Store) -> None:
        for count in (254, 1, 1, 1, 253, 1, 1, 300, 212, 1):
            size = store.head().size
            record(store, *(f"event {n}" for n in range(size, size + count)), blocks=0)

            check_log(store)
        assert store.head().size == 1025

    def test_a_third_level_of_tiles_begins_at_65_536_entries(self, store: Store) -> None:
        entries = [heads_entry(0, n.to_bytes(32, "big"), 0) for n in range(65_540)]
        with store.writing() as writing:
            for entry in entries[:65_530]:
                writing.append_heads(entry)
        with store.writing() as writing:
            for entry in entries[65_530:]:
                writing.append_heads(entry)

        check_tiles(store, [hashlib.sha256(b"\x00" + entry).digest() for entry in entries])

    # ------------------------------------------------------------------ what the writer sees

    def test_the_writer_sees_what_it_has_appended_and_readers_do_not_yet(self, store: Store) -> None:
        (first,) = record(store, "first")

        with store.writing() as writing:
            second = next_event(writing, "second")
            position = writing.append(second)

            assert writing.head().size == 2
            assert writing.head().root == store.head().root
            assert writing.by_dig(second.dig) == writing.by_id(second.event_id)
            assert writing.has_block(second.blocks[0].digest)
            end = writing.stream_end(second.tag)
            assert end is not None
            assert (end.version, end.leaf) == (2, hashlib.sha256(b"\x00" + second.entry).digest())
            assert store.head().size == 1
            assert store.row(position) is None
            assert store.entry(position) is None
            assert store.by_dig(second.dig) is None
            assert list(store.blocks_of(position)) == []
            assert store.subject_of(ANNA, "a/0") == first.blocks[0].subject
            assert [row.version for row in store.stream_rows(ANNA)] == [1]
            assert [end[1] for end in store.stream_ends(2)] == [1]

        assert store.head().size == 2
        check_log(store)

    def test_the_writer_finds_nothing_where_there_is_nothing(self, store: Store) -> None:
        with store.writing() as writing:
            assert writing.stream_end("00" * 32) is None
            assert writing.by_dig("00" * 32) is None
            assert writing.by_id("no such id") is None
            assert not writing.has_block("00" * 32)

    def test_the_head_knows_the_last_receipt_time_and_the_last_entry_about_keys(self, store: Store) -> None:
        record(store, "genesis", stream="keys")
        assert store.head().key_position == 0

        record(store, "dose")
        with store.writing() as writing:
            writing.append(replace(next_event(writing, "late"), received_at="2026-05-16T15:00:00.000000Z"))
            assert writing.head().received_at == "2026-05-16T15:00:00.000000Z"
            assert writing.head().key_position == 0
            writing.append_heads(heads_entry(0, bytes(32), 0))
        assert store.head().received_at == "2026-05-16T15:00:00.000000Z"

        record(store, "revocation", stream="keys")
        assert store.head().key_position == 4
        check_log(store)

    def test_an_empty_transaction_changes_nothing(self, store: Store) -> None:
        record(store, "one")
        before = store.head()

        with store.writing():
            pass

        assert store.head() == before

    def test_a_thread_that_would_wait_for_itself_is_told_so(self, store: Store) -> None:
        with store.writing():
            with pytest.raises(RuntimeError, match="write transaction"), store.writing():
                pass
            with pytest.raises(RuntimeError):
                store.save_checkpoint(0, b"note")

        record(store, "one")
        check_log(store)

    # ------------------------------------------------------------------ conflicts

    @pytest.mark.parametrize(
        ("code", "taken"),
        [
            ("stream-version", {"version"}),
            ("event-id", {"event_id"}),
            ("content", {"dig"}),
            ("block-digest", {"blocks"}),
            ("content", {"version", "event_id", "dig", "blocks"}),
        ],
    )
    def test_a_repeated_key_is_a_conflict_that_leaves_nothing_and_no_gap(
        self, store: Store, code: str, taken: set[str]
    ) -> None:
        first, second = record(store, "first", "second", blocks=2)
        third = new_event("third", version=3, blocks=2)
        repeating = replace(third, **{name: getattr(second, name) for name in taken})
        before = store.head()

        with store.writing() as writing:
            with pytest.raises(Conflict) as caught:
                writing.append(repeating)

            assert caught.value.code == code
            assert writing.head() == before
            assert writing.by_dig(third.dig) is None
            assert not any(writing.has_block(b.digest) for b in third.blocks if b not in repeating.blocks)
            assert not writing.has_block(third.blocks[0].digest)
            assert writing.append(next_event(writing, "fourth")) == 2

        assert [row.version for row in store.stream_rows(first.stream)] == [1, 2, 3]
        check_log(store)

    @pytest.mark.parametrize("version", [0, 1, 2, 4, 100])
    def test_a_version_that_is_not_the_next_one_is_a_conflict(self, store: Store, version: int) -> None:
        record(store, "first", "second")

        with store.writing() as writing, pytest.raises(Conflict) as caught:
            writing.append(new_event("third", version=version))

        assert caught.value.code == "stream-version"
        assert store.head().size == 2
        check_log(store)

    def test_a_stream_does_not_begin_at_version_two(self, store: Store) -> None:
        with store.writing() as writing, pytest.raises(Conflict) as caught:
            writing.append(new_event("first", version=2))

        assert caught.value.code == "stream-version"
        check_log(store)

    def test_one_event_does_not_bring_the_same_block_twice(self, store: Store) -> None:
        event = new_event("one")

        with store.writing() as writing:
            with pytest.raises(Conflict) as caught:
                writing.append(replace(event, blocks=event.blocks * 2))
            assert caught.value.code == "block-digest"
            assert writing.append(event) == 0

        check_log(store)

    def test_a_conflict_that_leaves_the_transaction_undoes_all_of_it(self, store: Store) -> None:
        (first,) = record(store, "first")

        with pytest.raises(Conflict), store.writing() as writing:  # noqa: PT012 - a transaction
            writing.append(next_event(writing, "second"))
            writing.append(first)

        assert store.head().size == 1
        assert store.by_dig(new_event("second").dig) is None
        check_log(store)

    # ------------------------------------------------------------------ undoing

    def test_a_savepoint_is_undone_alone(self, store: Store) -> None:
        with store.writing() as writing:
            writing.append(next_event(writing, "kept"))
            with pytest.raises(Boom), writing.savepoint():  # noqa: PT012 - a transaction
                writing.append(next_event(writing, "undone", stream="keys"))
                writing.append_heads(heads_entry(0, bytes(32), 0))
                raise Boom
            assert writing.head().size == 1
            assert writing.head().key_position is None
            with writing.savepoint():
                assert writing.append(next_event(writing, "kept too")) == 1

        assert [row.envelope for row in store.rows(0, 9) if isinstance(row, EventRow)] == [
            new_event("kept").envelope,
            new_event("kept too").envelope,
        ]
        check_log(store)

    def test_savepoints_nest(self, store: Store) -> None:
        with store.writing() as writing:
            with writing.savepoint():
                writing.append(next_event(writing, "outer"))
                with pytest.raises(Boom), writing.savepoint():  # noqa: PT012 - a transaction
                    writing.append(next_event(writing, "inner"))
                    raise Boom
                writing.append(next_event(writing, "after"))
            with pytest.raises(Boom), writing.savepoint():  # noqa: PT012 - a transaction
                with writing.savepoint():
                    writing.append(next_event(writing, "released, then undone"))
                raise Boom

        assert store.head().size == 2
        check_log(store)

    def test_what_was_undone_can_be_appended_again(self, store: Store) -> None:
        event = new_event("again")
        with store.writing() as writing:
            with pytest.raises(Boom), writing.savepoint():  # noqa: PT012 - a transaction
                writing.append(event)
                raise Boom
            assert not writing.has_block(event.blocks[0].digest)
            assert writing.append(event) == 0

        assert store.by_dig(event.dig) == store.row(0)
        check_log(store)

    def test_a_transaction_left_by_an_exception_leaves_rows_tree_and_head_as_they_were(self, store: Store) -> None:
        record(store, *(f"event {n}" for n in range(255)))
        before = store.head()

        with pytest.raises(Boom), store.writing() as writing:  # noqa: PT012 - a transaction
            for n in range(300):
                writing.append(next_event(writing, f"undone {n}"))
            writing.append_heads(heads_entry(0, bytes(32), 0))
            raise Boom

        assert store.head() == before
        check_log(store)
        record(store, "undone 0", "undone 1")
        assert store.head().size == 257
        check_log(store)

    # ------------------------------------------------------------------ streams, blocks, checkpoints

    def test_streams_are_read_apart_and_in_order(self, store: Store) -> None:
        for n in range(3):
            record(store, f"anna {n}", stream=ANNA)
            record(store, f"ben {n}", stream=BEN)

        assert [row.position for row in store.stream_rows(BEN)] == [1, 3, 5]
        assert [row.version for row in store.stream_rows(BEN, after_version=1)] == [2, 3]
        assert list(store.stream_rows(BEN, after_version=3)) == []
        assert list(store.stream_rows("session/none")) == []

    def test_the_ends_of_all_streams_are_known_at_every_earlier_size(self, store: Store) -> None:
        for n, stream in enumerate((ANNA, BEN, ANNA, "keys", BEN, ANNA)):
            record(store, f"event {n}", stream=stream)
        with store.writing() as writing:
            writing.append_heads(heads_entry(3, bytes(32), 6))
        rows = [row for row in store.rows(0, 9) if isinstance(row, EventRow)]

        for size in range(9):
            ends = {stream_tag(ORIGIN, row.stream): (row.version, row.leaf) for row in rows[:size]}
            assert list(store.stream_ends(size)) == [(tag, *end) for tag, end in sorted(ends.items())]

    def test_blocks_come_back_by_digest_and_byte_for_byte(self, store: Store) -> None:
        (first, second) = record(store, "one", "two", blocks=5)
        record(store, "none", blocks=0)

        assert list(store.blocks_of(0)) == sorted(first.blocks, key=lambda block: block.digest)
        assert list(store.blocks_of(1)) == sorted(second.blocks, key=lambda block: block.digest)
        assert list(store.blocks_of(2)) == []
        assert list(store.blocks_of(99)) == []

    def test_blocks_of_a_range_are_those_of_its_events(self, store: Store) -> None:
        record(store, "one", "two", blocks=3)
        record(store, "none", blocks=0)
        record(store, "three", "four", blocks=2)

        for start in range(6):
            for end in range(7):
                each = {position: list(store.blocks_of(position)) for position in range(start, end)}
                found = {position: list(blocks) for position, blocks in store.blocks_between(start, end).items()}
                assert found == {position: blocks for position, blocks in each.items() if blocks}

    def test_the_first_block_of_a_name_says_whose_it_is(self, store: Store) -> None:
        record(store, "without", blocks=0)
        record(store, "anna", "later")
        record(store, "ben", stream=BEN)

        assert store.subject_of(ANNA, "a/0") == "person/anna"
        assert store.subject_of(BEN, "a/0") == "person/ben"
        assert store.subject_of(ANNA, "b/0") is None
        assert store.subject_of("session/none", "a/0") is None

    def test_the_blocks_of_one_subject_are_found_wherever_they_stand(self, store: Store) -> None:
        with store.writing() as writing:
            for name, stream in (("anna", ANNA), ("ben", BEN), ("anna2", ANNA)):
                event = next_event(writing, name, stream, blocks=2)
                subject = f"person/{name[:3]}"
                writing.append(replace(event, blocks=tuple(b._replace(subject=subject) for b in event.blocks)))
            seen = writing.blocks_about("person/ann")

        found = store.blocks_about("person/ann")
        assert found == seen == sorted(found)
        assert sorted(position for _, position in found) == [0, 0, 2, 2]
        assert {digest for digest, _ in found} == {b.digest for p in (0, 2) for b in store.blocks_of(p)}
        assert store.blocks_about("person/nobody") == []
        assert store.subjects() == ["person/ann", "person/ben"]
        assert store.positions_about(["person/ann", "person/nobody"]) == [0, 2]
        assert store.positions_about(store.subjects()) == [0, 1, 2]
        assert store.positions_about([]) == []

    def test_the_erased_are_those_whose_stream_says_so(self, store: Store) -> None:
        with store.writing() as writing:
            writing.append(new_event("anna"))
            writing.append(replace(new_event("ben", stream="person/ben"), type="subject-erased/1"))

        assert store.erased() == ["person/ben"]

    def test_a_stream_says_whether_it_holds_an_event_of_a_type(self, store: Store) -> None:
        with store.writing() as writing:
            writing.append(new_event("anna"))
            assert writing.has_event(ANNA, "dose-administered/1")
            assert not writing.has_event(BEN, "dose-administered/1")

        assert store.has_event(ANNA, "dose-administered/1")
        assert not store.has_event(ANNA, "dose-administered/2")
        assert not store.has_event(BEN, "dose-administered/1")

    def test_an_event_is_found_by_its_content(self, store: Store) -> None:
        events = record(store, "one", "two")

        assert store.by_dig(events[1].dig) == store.row(1)
        assert store.by_dig("00" * 32) is None

    def test_the_first_checkpoint_of_a_size_stays(self, store: Store) -> None:
        store.save_checkpoint(7, b"seven \xff")
        store.save_checkpoint(12, b"twelve")
        store.save_checkpoint(3, b"three")
        store.save_checkpoint(7, b"another seven")

        assert list(store.checkpoints()) == [(3, b"three"), (7, b"seven \xff"), (12, b"twelve")]
        assert list(store.checkpoints(7)) == [(7, b"seven \xff"), (12, b"twelve")]
        assert list(store.checkpoints(13)) == []
        assert store.latest_checkpoint() == b"twelve"

    def test_a_checkpoint_that_nobody_waits_for_is_read_at_once_in_its_order(self, store: Store) -> None:
        store.save_checkpoint(7, b"seven")
        store.save_checkpoint(12, b"twelve")
        store.checkpoint_soon(9, b"nine")
        store.checkpoint_soon(7, b"another seven")
        store.checkpoint_soon(20, b"twenty")

        for number in range(2):
            assert list(store.checkpoints(7, 2)) == [(7, b"seven"), (9, b"nine")]
            assert list(store.checkpoints(9)) == [(9, b"nine"), (12, b"twelve"), (20, b"twenty")]
            assert store.latest_checkpoint() == b"twenty"
            record(store, f"event {number}")  # goes to the disk with it, and nothing else changes

    def test_refused_bytes_are_kept_in_the_order_they_came_also_when_they_repeat(self, store: Store) -> None:
        kept = [
            RefusedEnvelope("2026-05-16T14:05:21.000001Z", "signature", b"\x00\xff not even JSON"),
            RefusedEnvelope("2026-05-16T14:05:20.000000Z", "event-id", b""),
            RefusedEnvelope("2026-05-16T14:05:21.000001Z", "signature", b"\x00\xff not even JSON"),
        ]
        for refused in kept:
            store.keep_refused(refused)

        assert list(store.refused()) == kept
        assert store.head().size == 0

    # ------------------------------------------------------------------ side by side

    def test_two_ledgers_with_equal_positions_live_side_by_side(self, open_ledger: Opener) -> None:
        one, other = open_ledger(ORIGIN), open_ledger(OTHER)

        record(one, "shared", "of one")
        record(other, "shared", "of the other")
        one.save_checkpoint(2, b"of one")
        one.keep_refused(RefusedEnvelope(RECEIVED, "signature", b"of one"))

        assert (one.origin, other.origin) == (ORIGIN, OTHER)
        assert one.row(0) == other.row(0)
        assert one.row(1) != other.row(1)
        assert one.by_dig(new_event("of the other").dig) is None
        assert other.latest_checkpoint() is None
        assert list(other.refused()) == []
        check_log(one)
        check_log(other)

    def test_another_instance_sees_the_tree_of_the_first_and_continues_it(self, open_ledger: Opener) -> None:
        one, other = open_ledger(ORIGIN), open_ledger(ORIGIN)

        for n in range(0, 520, 2):
            record(one, f"event {n}", blocks=0)
            record(other, f"event {n + 1}", blocks=0)

        assert one.head() == other.head()
        assert one.head().size == 520
        check_log(one)
        check_log(other)

    def test_four_threads_append_densely_and_lose_nothing(self, store: Store) -> None:
        start = Barrier(4)
        given: list[list[tuple[int, NewEvent]]] = [[], [], [], []]
        failures: list[BaseException] = []

        def append_some(thread: int) -> None:
            try:
                start.wait()
                for n in range(40):
                    with store.writing() as writing:
                        own = next_event(writing, f"own {thread} {n}", stream=f"stock/{thread}")
                        common = next_event(writing, f"common {thread} {n}")
                        given[thread] += [(writing.append(own), own), (writing.append(common), common)]
                    assert store.by_dig(own.dig) is not None
            except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
                failures.append(error)

        threads = [Thread(target=append_some, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert failures == []
        everything = sorted((pair for pairs in given for pair in pairs), key=lambda pair: pair[0])
        assert [position for position, _ in everything] == list(range(320))
        assert [row.entry for row in store.rows(0, 400)] == [event.entry for _, event in everything]
        check_log(store)
