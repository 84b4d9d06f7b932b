"""
A file system that remembers every step (`tests.faults.disk`), so that a power loss can be tried at each of them.

    with mounted(folder, tmp_path) as mount:      # the files of `folder`, all of them durable, at `mount.path`
        mount.fail("write", errno.ENOSPC, after=3)
        …
    steps = mount.steps()

Two files of it are none: what is written into `.said` is told to the outside, a line in `.faults` orders errors.
Needs Debian's fuse3 and libfuse2 and somebody who may mount; else tests skip, with one loud line.
"""

from __future__ import annotations

import errno
import os
import pickle
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

import pytest

from tests.faults.disk import Forgotten, Name, Rename, Said, Step, Sync, SyncFolder, Truncate, Unlink, Write

ROOT = Path(__file__).parents[2]
SAID, FAULTS = "/.said", "/.faults"
FOREVER = -1


class Mount:
    """A mounted folder; `steps` are complete once it is unmounted."""

    def __init__(self, path: Path, log: Path) -> None:
        self.path, self._log = path, log

    def fail(self, kind: str, error: int, *, after: int = 0, times: int = FOREVER) -> None:
        """Let the next calls of a kind (write, sync, create) fail, `after` so many that succeed."""
        self._order(f"{kind} {after} {times} {error}")

    def heal(self) -> None:
        """Let everything succeed again."""
        self._order("none 0 0 0")

    def steps(self) -> list[Step]:
        """Everything that was done, in order; first come the steps that made the folder as it was given."""
        steps: list[Step] = pickle.loads(self._log.read_bytes())  # noqa: S301  # of our own process
        return steps

    def _order(self, line: str) -> None:
        (self.path / FAULTS.lstrip("/")).write_text(line)


@contextmanager
def mounted(folder: Path, place: Path) -> Iterator[Mount]:
    """The files of `folder` on a file system that remembers; `place` is a folder for what that needs."""
    if reason := _lacking():
        _skip(reason)
    mount = Mount(place / "mount", place / "steps.pickle")
    mount.path.mkdir()
    command = [sys.executable, "-m", "tests.faults.mount", str(folder), str(mount.path), str(mount._log)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        while not mount.path.is_mount():
            if process.poll() is not None:
                _did_not_start(process.stderr.read() if process.stderr else "")
            time.sleep(0.01)
        yield mount
    finally:
        subprocess.run(["fusermount", "-u", "-z", str(mount.path)], check=False)
        process.wait(20)
        if process.stderr is not None:
            process.stderr.close()


def _skip(reason: str) -> NoReturn:
    sys.stderr.write(f"\nNOT TESTED: power loss and failing disks: {reason}\n")
    pytest.skip(reason)


def _did_not_start(words: str) -> NoReturn:
    if "fusermount" in words or "fuse:" in words:
        _skip(f"this machine lets nobody mount: {words.strip().splitlines()[0]}")
    pytest.fail(f"the file system did not start: {words}")


def _lacking() -> str:
    """What is not there that mounting needs; empty when all is."""
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        return "/dev/fuse is not there, or not for us"
    if shutil.which("fusermount") is None:
        return "there is no fusermount (Debian: apt-get install fuse3 libfuse2)"
    try:
        import mfusepy  # noqa: F401
    except OSError as error:
        return f"{error} (Debian: apt-get install fuse3 libfuse2)"
    return ""


class _Orders:
    """Which calls are to fail, and with what."""

    def __init__(self) -> None:
        self._kind, self._after, self._times, self._error = "none", 0, 0, 0

    def take(self, line: str) -> None:
        kind, after, times, error = line.split()
        self._kind, self._after, self._times, self._error = kind, int(after), int(times), int(error)

    def failing(self, kind: str) -> int:
        """The error number this call is to fail with, or 0."""
        if kind != self._kind or self._times == 0:
            return 0
        if self._after > 0:
            self._after -= 1
            return 0
        self._times -= 1 if self._times > 0 else 0
        return self._error


def _files() -> type:
    """The file system's class; made here because importing the binding needs libfuse."""
    import mfusepy

    class RememberingFiles(mfusepy.Operations):  # type: ignore[misc]  # untyped
        """Files in memory. All calls come one after another."""

        use_ns = True

        def __init__(self, source: Path, log: Path) -> None:
            self._log = log
            self._steps: list[Step] = []
            self._names: dict[str, int] = {}
            self._folders = {"/"}
            self._data: dict[int, bytearray] = {}
            self._open: dict[int, str | int] = {}
            self._numbers = count(1)
            self._orders = _Orders()
            self._load(source)

        def _load(self, source: Path) -> None:
            for file in sorted(source.rglob("*")):
                path = f"/{file.relative_to(source)}"
                if file.is_dir():
                    self.mkdir(path, 0o700)
                else:
                    handle = self.create(path, 0o600)
                    self.write(path, file.read_bytes(), 0, handle)
                    self.fsync(path, 0, handle)
            for folder in self._folders:
                self._steps.append(SyncFolder(folder))

        def _fail(self, kind: str) -> None:
            if error := self._orders.failing(kind):
                raise mfusepy.FuseOSError(error)

        def _inode(self, path: str) -> int:
            if path not in self._names:
                raise mfusepy.FuseOSError(errno.ENOENT)
            return self._names[path]

        def _handle(self, what: str | int) -> int:
            handle = next(self._numbers)
            self._open[handle] = what
            return handle

        # -- names ----------------------------------------------------------------------------------

        def getattr(self, path: str, fh: int | None = None) -> dict[str, Any]:
            own = {"st_uid": os.getuid(), "st_gid": os.getgid()}
            if path in self._folders:
                return {"st_mode": stat.S_IFDIR | 0o700, "st_nlink": 2, **own}
            if path in (SAID, FAULTS):
                return {"st_mode": stat.S_IFREG | 0o600, "st_nlink": 1, "st_size": 0, **own}
            of = self._open.get(fh) if fh else None
            inode = of if isinstance(of, int) else self._inode(path)
            return {"st_mode": stat.S_IFREG | 0o600, "st_nlink": 1, "st_size": len(self._data[inode]), **own}

        def readdir(self, path: str, fh: int) -> list[str]:
            inside = [*self._names, *self._folders - {"/"}]
            return [
                ".",
                "..",
                *(PurePosixPath(each).name for each in inside if str(PurePosixPath(each).parent) == path),
            ]

        def mkdir(self, path: str, mode: int) -> int:
            self._fail("create")
            self._folders.add(path)
            self._steps.append(Name(path, None))
            return 0

        def create(self, path: str, mode: int, fi: Any = None) -> int:
            self._fail("create")
            inode = next(self._numbers)
            self._names[path], self._data[inode] = inode, bytearray()
            self._steps.append(Name(path, inode))
            return self._handle(inode)

        def rename(self, old: str, new: str) -> int:
            if PurePosixPath(old).parent != PurePosixPath(new).parent:
                raise mfusepy.FuseOSError(errno.EXDEV)
            self._names[new] = self._inode(old)
            del self._names[old]
            self._steps.append(Rename(old, new))
            return 0

        def unlink(self, path: str) -> int:
            self._inode(path)
            del self._names[path]
            self._steps.append(Unlink(path))
            return 0

        def fsyncdir(self, path: str, datasync: int, fh: int) -> int:
            self._fail("sync")
            self._steps.append(SyncFolder(path))
            return 0

        # -- bytes ----------------------------------------------------------------------------------

        def open(self, path: str, flags: int) -> int:
            return self._handle(path if path in (SAID, FAULTS) else self._inode(path))

        def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
            of = self._open[fh]
            return bytes(self._data[of][offset : offset + size]) if isinstance(of, int) else b""

        def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
            of = self._open[fh]
            if of == SAID:
                self._steps.append(Said(bytes(data)))
            elif of == FAULTS:
                self._orders.take(data.decode())
            elif isinstance(of, int):
                self._fail("write")
                self._change(Write(of, offset, bytes(data)))
            return len(data)

        def truncate(self, path: str, length: int, fh: int | None = None) -> int:
            if path not in (SAID, FAULTS):
                of = self._open.get(fh) if fh else None
                self._change(Truncate(of if isinstance(of, int) else self._inode(path), length))
            return 0

        def fsync(self, path: str, datasync: int, fh: int) -> int:
            of = self._open[fh]
            if isinstance(of, int):
                if error := self._orders.failing("sync"):
                    self._steps.append(Forgotten(of))
                    raise mfusepy.FuseOSError(error)
                self._steps.append(Sync(of))
            return 0

        def release(self, path: str, fh: int) -> int:
            self._open.pop(fh, None)
            return 0

        def destroy(self, path: str) -> None:
            self._log.write_bytes(pickle.dumps(self._steps))

        def chmod(self, path: str, mode: int) -> int:
            return 0

        def utimens(self, path: str, times: Any = None) -> int:
            return 0

        def statfs(self, path: str) -> dict[str, int]:
            return {"f_bsize": 4096, "f_frsize": 4096, "f_blocks": 1 << 20, "f_bavail": 1 << 19, "f_bfree": 1 << 19}

        def _change(self, step: Write | Truncate) -> None:
            from tests.faults.disk import _apply

            _apply(self._data[step.inode], [step])
            self._steps.append(step)

    return RememberingFiles


def main() -> None:
    """Serve the files of a folder until they are unmounted."""
    import mfusepy

    source, mount, log = map(Path, sys.argv[1:4])
    mfusepy.FUSE(_files()(source, log), str(mount), foreground=True, nothreads=True, fsname="remembering")


if __name__ == "__main__":
    main()
