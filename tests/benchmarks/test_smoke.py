"""The benchmarks run and yield every figure; how large the figures are is never a test."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("nacl", reason="PyNaCl is only there to compare with")

from benchmarks.run import figures


def test_every_figure_is_there(tmp_path: Path) -> None:
    rows = list(figures(tmp_path, events=20, times=3))

    assert [row.name.split(",")[0] for row in rows] == [
        "two raw fsyncs",
        "append",
        "append",
        "append",
        "POST /v1/events to its receipt",
        "POST /v1/events to its receipt",
        "bare Ed25519 checks",
        "bare Ed25519 checks",
        rows[8].name,
        "verify",
        "make a receipt",
        "check a receipt",
        rows[12].name,
        "judge a session",
        "judge a session",
    ]
    assert rows[8].name.startswith("verify ") and rows[12].name.startswith("rebuild all ")
    assert all(row.value > 0 and row.unit for row in rows)
