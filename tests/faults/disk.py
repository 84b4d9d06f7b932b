"""
What a disk holds after the power failed, from the list of what programs did to it.

Only what was made durable is certain: the bytes of a file by `Sync`, the names in a folder by `SyncFolder`.
Of everything else any part may have reached the disk, in any order, and a write may be torn between sectors.
A failed fsync (`Forgotten`) is the worst kind: later ones succeed, and the bytes before it never arrive.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePosixPath
from random import Random

SECTOR = 512


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes put into a file."""

    inode: int
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    """A file made shorter or longer."""

    inode: int
    size: int


@dataclass(frozen=True, slots=True)
class Sync:
    """fsync or fdatasync of a file, answered with success."""

    inode: int


@dataclass(frozen=True, slots=True)
class Forgotten:
    """fsync of a file, answered with an error: the system believes its pages clean from now on."""

    inode: int


@dataclass(frozen=True, slots=True)
class Name:
    """A name that now leads to a file; None: to a folder."""

    path: str
    inode: int | None


@dataclass(frozen=True, slots=True)
class Rename:
    """A file that has another name in the same folder."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Unlink:
    """A name that is gone."""

    path: str


@dataclass(frozen=True, slots=True)
class SyncFolder:
    """fsync of a folder: its names are durable."""

    path: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a program told the world outside the disk; it cannot be taken back."""

    data: bytes


Step = Write | Truncate | Sync | Forgotten | Name | Rename | Unlink | SyncFolder | Said
Tree = dict[str, bytes | None]
"""Files by path, with their bytes; folders with None."""


class Luck(Enum):
    """What happens to what was not yet durable."""

    NOTHING = "nothing of it arrived"
    EVERYTHING = "all of it arrived: a process that was killed on a machine that lives on"
    WRITES = "some writes arrived, in any order"
    SECTORS = "some sectors arrived"
    PREFIX = "the older part arrived, and the last write of it is torn"


def after_power_loss(steps: Iterable[Step], luck: Luck, random: Random) -> Tree:
    """The files that are there when the machine starts again."""
    disk = _Disk()
    for step in steps:
        disk.take(step)
    return disk.survivors(luck, random)


def said(steps: Iterable[Step]) -> list[bytes]:
    """The lines (in JSON) that were told to the outside; one that was cut was not heard."""
    lines = b"".join(step.data for step in steps if isinstance(step, Said)).split(b"\n")
    return [line for line in lines if line.endswith(b"}")]


def lay_out(tree: Tree, folder: Path) -> Path:
    """The same files in a real folder."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path, data in sorted(tree.items()):
        target = folder / path.lstrip("/")
        if data is None:
            target.mkdir(mode=0o700, exist_ok=True)
        else:
            target.write_bytes(data)
            target.chmod(0o600)
    return folder


class _Disk:
    """Durable bytes and names, and what waits to become so."""

    def __init__(self) -> None:
        self._data: defaultdict[int, bytearray] = defaultdict(bytearray)
        self._waiting: defaultdict[int, list[Write | Truncate]] = defaultdict(list)
        self._names: dict[str, int | None] = {}
        self._renaming: defaultdict[str, list[Name | Rename | Unlink]] = defaultdict(list)

    def take(self, step: Step) -> None:
        match step:
            case Write(inode) | Truncate(inode):
                self._waiting[inode].append(step)
            case Sync(inode):
                _apply(self._data[inode], self._waiting.pop(inode, []))
            case Forgotten(inode):
                self._waiting.pop(inode, None)
            case Name(path) | Unlink(path) | Rename(new=path):
                self._renaming[_folder(path)].append(step)
            case SyncFolder(path):
                self._enter(self._renaming.pop(path, []))
            case Said():
                pass

    def survivors(self, luck: Luck, random: Random) -> Tree:
        for inode, waiting in self._waiting.items():
            _apply(self._data[inode], _lucky(waiting, luck, random))
        for renaming in self._renaming.values():
            self._enter(_lucky_names(renaming, luck, random))
        tree: Tree = {}
        for path, target in sorted(self._names.items()):
            if _folder(path) == "/" or _folder(path) in tree:  # a file whose folder is lost is lost
                tree[path] = None if target is None else bytes(self._data[target])
        return tree

    def _enter(self, steps: Iterable[Name | Rename | Unlink]) -> None:
        for step in steps:
            match step:
                case Name(path):
                    self._names[path] = step.inode
                case Unlink(path):
                    self._names.pop(path, None)
                case Rename(old, new):
                    if old in self._names:
                        self._names[new] = self._names.pop(old)


def _lucky(waiting: Sequence[Write | Truncate], luck: Luck, random: Random) -> Iterator[Write | Truncate]:
    match luck:
        case Luck.NOTHING:
            return
        case Luck.EVERYTHING:
            yield from waiting
        case Luck.WRITES:
            yield from (step for step in waiting if random.random() < 0.5)
        case Luck.SECTORS:
            for step in waiting:
                yield from (part for part in _sectors(step) if random.random() < 0.5)
        case Luck.PREFIX:
            arrived = random.randint(0, len(waiting))
            yield from waiting[:arrived]
            if arrived < len(waiting):
                parts = list(_sectors(waiting[arrived]))
                yield from parts[: random.randint(0, len(parts))]


def _lucky_names(
    steps: Sequence[Name | Rename | Unlink], luck: Luck, random: Random
) -> Sequence[Name | Rename | Unlink]:
    match luck:
        case Luck.NOTHING:
            return []
        case Luck.EVERYTHING:
            return steps
        case Luck.WRITES | Luck.SECTORS:
            return [step for step in steps if random.random() < 0.5]
        case Luck.PREFIX:
            return steps[: random.randint(0, len(steps))]


def _sectors(step: Write | Truncate) -> Iterator[Write | Truncate]:
    if isinstance(step, Truncate):
        yield step
        return
    start, end = step.offset, step.offset + len(step.data)
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        yield Write(step.inode, start, step.data[start - step.offset : stop - step.offset])
        start = stop


def _apply(data: bytearray, steps: Iterable[Write | Truncate]) -> None:
    for step in steps:
        end = step.size if isinstance(step, Truncate) else step.offset + len(step.data)
        if len(data) < end:
            data.extend(bytes(end - len(data)))
        if isinstance(step, Truncate):
            del data[step.size :]
        else:
            data[step.offset : end] = step.data


def _folder(path: str) -> str:
    return str(PurePosixPath(path).parent)
