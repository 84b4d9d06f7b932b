"""The root that is kept up to date is the one over all rows, whatever came in which order."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from ledger.chains import Chains
from ledger.tlog.heads import HeadRow, heads_root
from ledger.tlog.heads_tree import HeadsTree
from ledger.tlog.tree import leaf_hash

tags = st.one_of(
    st.integers(0, 7).map(lambda number: bytes(31) + bytes([number])),  # tags that differ in their last bits only
    st.integers(0, 7).map(lambda number: bytes([number << 5]) + bytes(31)),
    st.binary(min_size=32, max_size=32),
)


@given(st.lists(st.tuples(tags, st.booleans()), max_size=40))
@example([(bytes(32), True), (bytes(31) + b"\x01", True), (bytes(32), True)])
def test_the_root_is_that_over_the_last_row_of_each_stream(rows: list[tuple[bytes, bool]]) -> None:
    tree, ends = HeadsTree(), dict[bytes, HeadRow]()
    for number, (tag, asked) in enumerate(rows):
        row = HeadRow(tag, number + 1, leaf_hash(bytes([number])))
        tree.put(row)
        ends[tag] = row
        if asked:
            assert (tree.count, tree.root) == (len(ends), heads_root(ends.values()))
    assert (tree.count, tree.root) == (len(ends), heads_root(ends.values()))


@given(st.lists(tags, min_size=1, max_size=30), st.lists(st.integers(0, 30), min_size=1, max_size=8))
def test_the_ends_of_all_records_are_known_at_every_size_also_when_asked_backwards(
    streams: list[bytes], sizes: list[int]
) -> None:
    chains, rows = Chains(), list[HeadRow]()
    for position, tag in enumerate(streams):
        leaf = leaf_hash(bytes([position]))
        chains.take(leaf)
        chains.continues(position, tag, position + 5, None)
        rows.append(HeadRow(tag, position + 5, leaf))

    for size in sizes:
        ends = {row.tag: row for row in rows[:size]}
        assert chains.ends_below(size) == (len(ends), heads_root(ends.values()))
