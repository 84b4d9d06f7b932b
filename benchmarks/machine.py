"""Where and when it was measured, and what else the machine was doing."""

from __future__ import annotations

import os
import platform
import sqlite3
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path


def machine() -> str:
    """One line for people; it names no host."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    libraries = ", ".join(f"{name} {version(name)}" for name in ("eventsourcing", "cryptography", "pynacl"))
    return (
        f"{os.cpu_count()} cores ({model}), Linux {platform.release().partition('-')[0]},"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {libraries}"
    )


def load() -> float:
    """How many processes wanted a core in the last minute, without this one counting as one."""
    return os.getloadavg()[0]


def now() -> str:
    """The minute, in UTC."""
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
