"""
The hashes of a tree, cut into tiles of 256 (c2sp.org/tlog-tiles), and the right edge by which a tree grows.

Tile n of level 0 holds the leaf hashes 256n to 256n + 255; a hash of a tile one level up is the root of one
full tile below. A full tile is 256 * 32 = 8,192 bytes, a partial one is a prefix of it, and tiles only ever
grow. A tree of 70,000 leaves has 273 full tiles and a partial one of 112 at level 0, one full and a partial
one of 17 at level 1, and a partial one of 1 at level 2. As paths:

    tile/0/272              a full tile of leaf hashes
    tile/0/273.p/112        the partial one after it
    tile/1/x001/234         index 1234: three digits each, all but the last behind an x
    tile/entries/273.p/112  the entries under tile/0/273.p/112, each behind its length (uint16, big-endian)

`RightEdge` is all that is needed to append: the partial tile of each level, and the roots of the perfect
trees that make up the tree (`peaks`, largest first; the binary digits of the size say which). An append
joins the new leaf with peaks of equal height, as a carry runs through a binary addition; the root is the
peaks joined from the right. At every eighth height the carry is the root of a tile that just became full: it
goes into the tile above.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, NamedTuple, TypeAlias

from ledger.errors import Invalid
from ledger.tlog.tree import EMPTY_ROOT, HASH_SIZE, Hash, node_hash, require_hash, require_size, root_hash

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
TILE_BYTES = TILE_WIDTH * HASH_SIZE
MAX_LEVEL = 63

ReadTile: TypeAlias = Callable[[int, int], bytes]
"""(level, index) -> the stored content: all hashes that the tree in question has there, or more."""

_PATH = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,6})([0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True)
class TileName:
    """Which tile or entry bundle a path names; `width` is 256 for a full one."""

    level: int | Literal["entries"]
    index: int
    width: int = TILE_WIDTH


def tile_width(level: int, index: int, size: int) -> int:
    """How many hashes tile `index` of `level` has in a tree of `size` leaves: 0 to 256."""
    return max(0, min(TILE_WIDTH, (size >> TILE_HEIGHT * level) - (index << TILE_HEIGHT)))


def tile_path(level: int | Literal["entries"], index: int, width: int = TILE_WIDTH) -> str:
    """
    The path of a tile, or with the level `"entries"` of an entry bundle; see the module's examples.

    Raises:
        Invalid: `tile-path`, for a level, an index or a width that no tile has.
    """
    in_range = level == "entries" or 0 <= level <= MAX_LEVEL
    if not (in_range and 0 <= index < 1000**7 and 1 <= width <= TILE_WIDTH):
        raise Invalid("tile-path", "No tile has this level, index or width.")
    number = f"{index % 1000:03}"
    while index := index // 1000:
        number = f"x{index % 1000:03}/{number}"
    return f"tile/{level}/{number}" + (f".p/{width}" if width < TILE_WIDTH else "")


def parse_tile_path(path: str) -> TileName:
    """
    The tile or entry bundle that a path names; the mirror of `tile_path`.

    Raises:
        Invalid: `tile-path`, also for a second spelling (`tile/0/x000/001`, `tile/00/001`,
        `tile/0/001.p/256`).
    """
    if match := _PATH.fullmatch(path):
        level, high, low, width = match.groups()
        index = int(high.replace("x", "").replace("/", "") + low)
        name = TileName("entries" if level == "entries" else int(level), index, int(width or TILE_WIDTH))
        if tile_path(name.level, name.index, name.width) == path:
            return name
    raise Invalid("tile-path", "This is not the path of a tile.")


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """
    The bytes of an entry bundle: each entry behind its length, oldest first.

    Raises:
        Invalid: `entry-bundle`, for no entries, for more than 256, or for one above 65,535 bytes.
    """
    if not 1 <= len(entries) <= TILE_WIDTH or max(map(len, entries)) > 0xFFFF:
        raise Invalid("entry-bundle", "A bundle holds 1 to 256 entries of at most 65,535 bytes.")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def decode_bundle(bundle: bytes) -> tuple[bytes, ...]:
    """
    The entries of a bundle, oldest first; the mirror of `encode_bundle`.

    Raises:
        Invalid: `entry-bundle`, when a length runs past the end, or for any number of entries but 1 to 256.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(bundle):
        start = at + 2
        at = start + int.from_bytes(bundle[at:start], "big")
        if at > len(bundle):
            raise Invalid("entry-bundle", "The bundle ends inside an entry.")
        entries.append(bundle[start:at])
    if not 1 <= len(entries) <= TILE_WIDTH:
        raise Invalid("entry-bundle", "A bundle holds 1 to 256 entries.")
    return tuple(entries)


@dataclass(frozen=True, slots=True)
class RightEdge:
    """
    What a tree of `size` leaves must remember to grow: at most 8 partial tiles and 63 hashes.

    `partials[level]` is the content of the partial tile of that level (empty, if all its tiles are full).
    `peaks` are the roots of the perfect trees that make up this tree, largest first.
    The second is computed from the first, and kept because that costs up to 255 hashes a level.
    """

    size: int
    partials: tuple[bytes, ...]
    peaks: tuple[Hash, ...]

    @classmethod
    def empty(cls) -> RightEdge:
        """The edge of a tree without leaves."""
        return cls(0, (), ())


class Growth(NamedTuple):
    """A new edge, and the whole new content of every tile that changed, by (level, index)."""

    edge: RightEdge
    tiles: Mapping[tuple[int, int], bytes]


def grow(edge: RightEdge, leaf_hashes: Iterable[Hash]) -> Growth:
    """
    The edge after appending these leaves in order, and the tiles to write; `edge` itself stays as it is.

    About one hash a leaf on average, log2(size) at most.
    A tile in the result replaces the stored one of the same name, of which it is a continuation.

    Raises:
        Invalid: `hash`, when one of the leaves is not 32 bytes.
        Invalid: `tree-range`, when the tree would have more than 2^63 - 1 leaves.
    """
    size = edge.size
    partials = [bytearray(partial) for partial in edge.partials]
    peaks = list(edge.peaks)
    tiles: dict[tuple[int, int], bytes] = {}
    touched = 0
    for leaf in leaf_hashes:
        require_hash(leaf, "leaf_hashes")
        root, height = leaf, 0
        while True:
            if height % TILE_HEIGHT == 0:
                level = height // TILE_HEIGHT
                touched = max(touched, level + 1)
                if level == len(partials):
                    partials.append(bytearray())
                partials[level] += root
                if len(partials[level]) == TILE_BYTES:
                    tiles[level, size >> height + TILE_HEIGHT] = bytes(partials[level])
                    partials[level].clear()
            if not size >> height & 1:
                break
            root = sha256(b"\x01" + peaks.pop() + root).digest()
            height += 1
        peaks.append(root)
        size += 1
    require_size(size)
    for level in range(touched):
        if partials[level]:
            tiles[level, size >> TILE_HEIGHT * (level + 1)] = bytes(partials[level])
    return Growth(RightEdge(size, tuple(map(bytes, partials)), tuple(peaks)), tiles)


def edge_root(edge: RightEdge) -> Hash:
    """The root of the tree; at most log2(size) hashes."""
    if not edge.peaks:
        return EMPTY_ROOT
    root = edge.peaks[-1]
    for peak in edge.peaks[-2::-1]:
        root = node_hash(peak, root)
    return root


def load_edge(size: int, read_tile: ReadTile) -> RightEdge:
    """
    The edge of a tree of `size` leaves from its stored tiles, which may be of this size or newer.

    Reads at most one tile a level and hashes at most 255 times for each; full tiles are not read.
    Nothing here is authenticated: compare `edge_root` with a signed root before appending.

    Raises:
        Invalid: `tile-content`, when a tile has fewer hashes than a tree of this size has there.
        Invalid: `tree-range`, for an impossible size.
    """
    require_size(size)
    partials: list[bytes] = []
    peaks: list[Hash] = []
    while hashes := size >> TILE_HEIGHT * len(partials):
        index, width = divmod(hashes, TILE_WIDTH)
        content = read_tile(len(partials), index) if width else b""
        partials.append(first_hashes(content, width))
    for partial in reversed(partials):
        at, width = 0, len(partial) // HASH_SIZE
        for count in (1 << bit for bit in reversed(range(TILE_HEIGHT)) if width >> bit & 1):
            peaks.append(root_hash(split_hashes(partial[at : at + count * HASH_SIZE])))
            at += count * HASH_SIZE
    return RightEdge(size, tuple(partials), tuple(peaks))


def first_hashes(content: bytes, width: int) -> bytes:
    """
    The first `width` hashes of a stored tile, joined; whatever a newer tree added is left away.

    Raises:
        Invalid: `tile-content`, when the tile is shorter, longer than 8,192 bytes, or not whole hashes.
    """
    if not width * HASH_SIZE <= len(content) <= TILE_BYTES or len(content) % HASH_SIZE:
        raise Invalid("tile-content", f"A stored tile of at least {width} hashes has {len(content)} bytes.")
    return content[: width * HASH_SIZE]


def split_hashes(joined: bytes) -> list[Hash]:
    """The hashes of a tile's content, one by one."""
    return [joined[at : at + HASH_SIZE] for at in range(0, len(joined), HASH_SIZE)]
