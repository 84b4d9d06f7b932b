"""pymerkle's tree in SQLite, one entry for each line on standard input: `pymerkle_tree.py FOLDER SIZE`."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from pymerkle import SqliteTree  # type: ignore[import-untyped]


def main(folder: str, size: str) -> None:
    """Append, measure, say so; the entry and its proofs are there after each, and nothing is signed."""
    tree = SqliteTree(str(Path(folder) / "tree.db"), algorithm="sha256")
    entry = os.urandom(int(size))
    print(json.dumps({"cpu": 0, "wall": 0}), flush=True)
    for _ in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        tree.append_entry(entry)
        print(json.dumps({"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
