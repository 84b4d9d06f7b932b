"""Children on demand: one process that has imported everything, and forks for each job."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from tests.faults.child import Job

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds without a word after which a child is believed to hang."""


class Nursery:
    """Starts children and listens to them."""

    def __init__(self, place: Path) -> None:
        """`place` is a folder for the pipe."""
        self._pipe = place / "said"
        os.mkfifo(self._pipe)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.child"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        """No more children."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def start(self, job: Job) -> int:
        """The process id of a child that does this."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(job)) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def run(self, job: Job, *, kill_after: tuple[int, float] | None = None) -> list[bytes]:
        """
        What a child said until it was done or dead.

        `kill_after` ends it with SIGKILL when it has said so many lines and so many seconds have passed since.
        """
        listening = os.open(self._pipe, os.O_RDONLY | os.O_NONBLOCK)
        heard = b""
        try:
            child = self.start(replace(job, pipe=str(self._pipe)))
            if kill_after is not None:
                lines, seconds = kill_after
                while heard.count(b"\n") < lines and (part := self._listen(listening)):
                    heard += part
                select.select([], [], [], seconds)
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
            while part := self._listen(listening):
                heard += part
        finally:
            os.close(listening)
        *whole, cut = heard.split(b"\n")
        assert not cut, "a line was cut"
        return whole

    def _listen(self, pipe: int) -> bytes:
        """The next words; empty when the child is gone."""
        ready, _, _ = select.select([pipe], [], [], PATIENCE)
        assert ready, "a child says nothing and does not end"
        return os.read(pipe, 1 << 16)
