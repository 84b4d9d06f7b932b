"""
A process that dies just before or just after its n-th step towards the disk.

Steps are the calls that change what a crash would leave behind: write, fsync and fdatasync, rename, link, unlink.
`crash(script, n)` runs `script` in a new process, and says whether it died at step n or was done before.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[3]

_PREAMBLE = """
import os, sys
steps_left = int(sys.argv[1])
def dying(step):
    def call(*args, **kwargs):
        global steps_left
        steps_left -= 1
        if steps_left == 0:
            os._exit(99)
        result = step(*args, **kwargs)
        steps_left -= 1
        if steps_left == 0:
            os._exit(99)
        return result
    return call
for name in ("open", "pwrite", "fsync", "fdatasync", "rename", "replace", "link", "unlink", "remove"):
    setattr(os, name, dying(getattr(os, name)))
"""


def crash(script: str, step: int, *arguments: str) -> bool:
    """Run `script` with these arguments (sys.argv[2:]) until it dies at a step; False when it was done."""
    done = subprocess.run([sys.executable, "-c", _PREAMBLE + script, str(step), *arguments], cwd=_ROOT, check=False)
    assert done.returncode in (0, 99)
    return done.returncode == 99
