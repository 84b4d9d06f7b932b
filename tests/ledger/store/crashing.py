"""
Processes that die just before or just after their n-th step towards the disk.

Steps are the calls that change what a crash would leave behind: write, fsync and fdatasync, rename, link, unlink.
The fixture `crash` runs a script in a new process, `crash(script, n, …)`, and says whether it died at step n or was
done before. Each is forked from one process that has imported everything.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[3]
_STEPS = ("open", "pwrite", "fsync", "fdatasync", "rename", "replace", "link", "unlink", "remove")
_DIED = 99


class Crashing:
    """Runs scripts that die; one at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.ledger.store.crashing"],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, script: str, step: int, *arguments: str) -> bool:
        """Run `script` with these arguments (sys.argv[2:]) until it dies at a step; False when it was done."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps([script, str(step), *arguments]) + "\n")
        self._process.stdin.flush()
        ended = int(self._process.stdout.readline())
        assert ended in (0, _DIED)
        return ended == _DIED

    def close(self) -> None:
        """No more scripts."""
        self._process.communicate(timeout=30)


def _die_at(steps_left: int) -> None:
    """Count the steps of this process from now on."""
    left = [steps_left]

    def passed() -> None:
        left[0] -= 1
        if left[0] == 0:
            os._exit(_DIED)

    def dying(step: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            passed()
            result = step(*args, **kwargs)
            passed()
            return result

        return call

    for name in _STEPS:
        setattr(os, name, dying(getattr(os, name)))


def _run(script: str, step: str, *arguments: str) -> int:
    """Fork, do it there, and say how it ended."""
    child = os.fork()
    if child == 0:
        try:
            sys.argv[1:] = [step, *arguments]
            _die_at(int(step))
            exec(script, {"sys": sys})  # noqa: S102  # the script of a test
        except BaseException:  # noqa: BLE001  # said, and the child ends whatever it was
            traceback.print_exc()
            os._exit(70)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    """One script for each line on standard input."""
    import ledger.store.head_store
    import ledger.store.subject_keys  # noqa: F401  # imported before anything is forked

    for line in sys.stdin:
        print(_run(*json.loads(line)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
