"""Tiles have the names and contents of c2sp.org/tlog-tiles, and growing by the right edge loses nothing."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import Invalid
from ledger.tlog.tiles import (
    RightEdge,
    TileName,
    decode_bundle,
    edge_root,
    encode_bundle,
    grow,
    load_edge,
    parse_tile_path,
    tile_path,
    tile_width,
)
from ledger.tlog.tree import EMPTY_ROOT, MAX_SIZE, leaf_hash, root_hash

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import TileStore

LEAVES = [sha256(n.to_bytes(4, "big")).digest() for n in range(70_000)]

PATHS = [
    ("tile/0/000", TileName(0, 0)),
    ("tile/0/272", TileName(0, 272)),
    ("tile/0/273.p/112", TileName(0, 273, 112)),
    ("tile/1/x001/234", TileName(1, 1234)),
    ("tile/0/x001/234.p/5", TileName(0, 1234, 5)),
    ("tile/3/x001/x234/067", TileName(3, 1_234_067)),
    ("tile/63/000.p/255", TileName(63, 0, 255)),
    ("tile/entries/000.p/1", TileName("entries", 0, 1)),
    ("tile/entries/x999/999", TileName("entries", 999_999)),
]


@pytest.mark.parametrize(("path", "name"), PATHS)
def test_a_path_names_one_tile(path: str, name: TileName) -> None:
    """There and back, with the examples of the specification among them."""
    assert tile_path(name.level, name.index, name.width) == path
    assert parse_tile_path(path) == name


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/1",
        "tile/0/0001",
        "tile/00/001",
        "tile/01/001",
        "tile/64/001",
        "tile/-1/001",
        "tile/0/x000/001",
        "tile/0/001/x002",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/0/001.p/0",
        "tile/0/001.p/256",
        "tile/0/001.p/05",
        "tile/0/001.p/",
        "tile/0/001\n",
        "tile/0/001/",
        "/tile/0/001",
        "tile/0/\u0660\u0660\u0661",
        "tile/Entries/001",
        "tile/0/" + "x001/" * 7 + "001",
    ],
)
def test_a_second_spelling_of_a_path_is_refused(path: str) -> None:
    """Two paths for one tile would be two cache entries for one truth."""
    with pytest.raises(Invalid, match="tile-path"):
        parse_tile_path(path)


@pytest.mark.parametrize("name", [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257), (0, 1000**7, 1)])
def test_a_tile_that_cannot_be_has_no_path(name: tuple[int, int, int]) -> None:
    """Levels 0 to 63, widths 1 to 256."""
    with pytest.raises(Invalid, match="tile-path"):
        tile_path(*name)


@given(st.text(max_size=40) | st.from_regex(r"tile/[0-9ex]{1,3}/(x?[0-9]{3}/?){1,3}(\.p/[0-9]{1,3})?", fullmatch=True))
def test_a_garbled_path_is_refused_or_canonical(path: str) -> None:
    """Whatever is accepted is exactly what would be written."""
    try:
        name = parse_tile_path(path)
    except Invalid:
        return

    assert tile_path(name.level, name.index, name.width) == path


def test_the_tiles_of_70000_leaves_are_those_of_the_specification(store: TileStore) -> None:
    """tlog-tiles, "Partial Tiles": 273 full and one of 112; one full and one of 17; one of 1."""
    store.append(*LEAVES)

    widths = {name: len(content) // 32 for name, content in store.tiles.items()}
    assert widths == {
        **{(0, n): 256 for n in range(273)},
        (0, 273): 112,
        (1, 0): 256,
        (1, 1): 17,
        (2, 0): 1,
    }
    assert all(tile_width(level, index, 70_000) == width for (level, index), width in widths.items())
    assert [tile_width(level, index, 70_000) for level, index in [(0, 274), (1, 2), (2, 1), (3, 0)]] == [0] * 4


def test_each_tile_hash_is_the_root_of_a_full_tile_below(store: TileStore) -> None:
    """The tiles are computed by carrying; here they are computed again from the leaves."""
    store.append(*LEAVES)

    for n in range(273):
        assert store.tiles[0, n] == b"".join(LEAVES[256 * n : 256 * n + 256])
        above = store.tiles[1, n // 256]
        assert above[32 * (n % 256) : 32 * (n % 256) + 32] == root_hash(LEAVES[256 * n : 256 * n + 256])
    assert store.tiles[2, 0] == root_hash(LEAVES[:65_536])
    assert edge_root(store.edge) == root_hash(LEAVES)


def test_a_tree_of_256_leaves_is_one_full_tile_and_one_hash_above(store: TileStore) -> None:
    """The border case that the specification spells out."""
    edge = store.append(*LEAVES[:256])

    assert {name: len(content) for name, content in store.tiles.items()} == {(0, 0): 8192, (1, 0): 32}
    assert (edge.partials, edge.peaks) == ((b"", store.tiles[1, 0]), (store.tiles[1, 0],))


def test_an_append_writes_only_the_tiles_it_changes(store: TileStore) -> None:
    """One tile, but two where the first gets full."""
    store.append(*LEAVES[:255])

    assert list(grow(store.edge, LEAVES[255:256]).tiles) == [(0, 0), (1, 0)]
    assert list(grow(store.edge, LEAVES[255:257]).tiles) == [(0, 0), (0, 1), (1, 0)]
    store.append(*LEAVES[255:256])
    assert list(grow(store.edge, LEAVES[256:257]).tiles) == [(0, 1)]
    assert grow(store.edge, []).tiles == {}


def test_growing_leaves_the_older_edge_as_it_was() -> None:
    """An append that is rolled back has changed nothing."""
    edge = grow(RightEdge.empty(), LEAVES[:300]).edge
    before = (edge.size, edge.partials, edge.peaks)

    grow(edge, LEAVES[300:600])

    assert (edge.size, edge.partials, edge.peaks) == before


def test_the_empty_edge_has_the_empty_root() -> None:
    """And is what is loaded for the size 0, without reading anything."""
    assert edge_root(RightEdge.empty()) == EMPTY_ROOT
    assert load_edge(0, lambda *_: pytest.fail("read a tile of an empty tree")) == RightEdge.empty()


@pytest.mark.parametrize("length", [0, 31, 33])
def test_what_is_not_a_hash_does_not_grow(length: int) -> None:
    """A shifted tile would shift every later hash."""
    with pytest.raises(Invalid, match="hash"):
        grow(RightEdge.empty(), [LEAVES[0], bytes(length)])


def test_a_tree_does_not_grow_beyond_63_bits() -> None:
    """The largest tree refuses the next leaf."""
    full = RightEdge(MAX_SIZE, (bytes(255 * 32),) * 7 + (bytes(127 * 32),), (bytes(32),) * 63)

    with pytest.raises(Invalid, match="tree-range"):
        grow(full, LEAVES[:1])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 400), max_size=6))
def test_any_split_into_batches_gives_the_same_tree(batches: list[int]) -> None:
    """Edge, tiles and root are those of appending leaf by leaf, which are those of one batch."""
    single, split = RightEdge.empty(), RightEdge.empty()
    single_tiles: dict[tuple[int, int], bytes] = {}
    split_tiles: dict[tuple[int, int], bytes] = {}
    size = sum(batches)

    for leaf in LEAVES[:size]:
        single, tiles = grow(single, [leaf])
        single_tiles.update(tiles)
    for count in batches:
        split, tiles = grow(split, LEAVES[split.size : split.size + count])
        split_tiles.update(tiles)

    assert single == split == grow(RightEdge.empty(), LEAVES[:size]).edge
    assert single_tiles == split_tiles == grow(RightEdge.empty(), LEAVES[:size]).tiles
    assert edge_root(split) == root_hash(LEAVES[:size])


NEWEST = grow(RightEdge.empty(), LEAVES).tiles


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 70_000) | st.sampled_from([255, 256, 257, 65_535, 65_536, 65_537]))
def test_an_older_edge_is_loaded_from_newer_tiles(size: int) -> None:
    """A partial tile of then is a prefix of the tile of now."""
    edge = load_edge(size, lambda level, index: NEWEST[level, index])

    assert edge == grow(RightEdge.empty(), LEAVES[:size]).edge
    assert edge_root(edge) == root_hash(LEAVES[:size])


@pytest.mark.parametrize("content", [b"", bytes(32 * 99), bytes(32 * 100 - 1), bytes(32 * 100 + 1), bytes(8224)])
def test_a_tile_of_the_wrong_length_is_refused(content: bytes) -> None:
    """Too short for the size, cut inside a hash, or longer than any tile."""
    with pytest.raises(Invalid, match="tile-content"):
        load_edge(100, lambda *_: content)


def test_the_edge_of_an_impossible_size_is_refused() -> None:
    """Before anything is read."""
    with pytest.raises(Invalid, match="tree-range"):
        load_edge(-1, lambda *_: pytest.fail("read a tile"))


def test_the_recorded_log_has_our_tiles_bundles_and_roots(vectors: Path) -> None:
    """Tessera's test log: every partial tile and entry bundle, from 1 to 8 entries, byte for byte."""
    folder = vectors / "tlog-tiles-tessera"
    entries = [text.encode() for text in json.loads((folder / "KEY.json").read_text())["entries_in_order"]]
    edge = RightEdge.empty()

    assert len(entries) == 8
    for size, entry in enumerate(entries, start=1):
        edge, tiles = grow(edge, [leaf_hash(entry)])
        bundle = (folder / tile_path("entries", 0, size)).read_bytes()
        assert tiles == {(0, 0): (folder / tile_path(0, 0, size)).read_bytes()}
        assert encode_bundle(entries[:size]) == bundle
        assert decode_bundle(bundle) == tuple(entries[:size])
        assert load_edge(size, lambda *_: (folder / tile_path(0, 0, 8)).read_bytes()) == edge


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_a_bundle_gives_back_its_entries(entries: list[bytes]) -> None:
    """Also empty ones."""
    assert decode_bundle(encode_bundle(entries)) == tuple(entries)


@given(st.binary(max_size=60))
def test_a_garbled_bundle_is_refused_or_canonical(bundle: bytes) -> None:
    """Whatever is accepted is exactly what would be written."""
    try:
        entries = decode_bundle(bundle)
    except Invalid:
        return

    assert encode_bundle(entries) == bundle


@pytest.mark.parametrize("bundle", [b"", b"\x00", b"\x00\x03on", b"\x00\x03one\x00", b"\x00\x00" * 257])
def test_a_bundle_is_whole(bundle: bytes) -> None:
    """Nothing, half a length, half an entry, a rest, one entry too many."""
    with pytest.raises(Invalid, match="entry-bundle"):
        decode_bundle(bundle)


@pytest.mark.parametrize("entries", [[], [b""] * 257, [bytes(65_536)]])
def test_what_does_not_fit_a_bundle_is_refused(entries: list[bytes]) -> None:
    """The length of an entry has two bytes."""
    with pytest.raises(Invalid, match="entry-bundle"):
        encode_bundle(entries)
