"""A PostgreSQL of its own in a new folder, durable as it is by default, reached by nobody but this run."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UNPRIVILEGED = "postgres"
"""Who runs it where this run is root's, whom PostgreSQL refuses."""


def missing() -> str:
    """What is not there to measure with, in words; empty if all is."""
    if importlib.util.find_spec("psycopg") is None:
        return "psycopg is not installed (dependency group bench)"
    if _programs() is None:
        return "there is no PostgreSQL on this machine"
    if os.geteuid() == 0 and UNPRIVILEGED not in {each.pw_name for each in pwd.getpwall()}:
        return f"PostgreSQL does not run as root, and there is no user {UNPRIVILEGED}"
    return ""


@contextmanager
def postgres() -> Iterator[dict[str, str]]:
    """What the library has to be told to use it; stopped and removed afterwards."""
    programs = _programs()
    assert programs is not None
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="bench-postgres-"))
    data = folder / "data"
    try:
        if user is not None:
            shutil.chown(folder, user)
        options = f"-c listen_addresses='' -k {folder}"
        _run(user, programs / "initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--no-locale")
        _run(user, programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            yield {
                "PERSISTENCE_MODULE": "eventsourcing.postgres",
                "POSTGRES_DBNAME": "postgres",
                "POSTGRES_HOST": str(folder),
                "POSTGRES_PORT": "5432",
                "POSTGRES_USER": "bench",
                "POSTGRES_PASSWORD": "nobody-asks",
            }
        finally:
            _run(user, programs / "pg_ctl", "-D", data, "-w", "-m", "fast", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def version() -> str:
    """Of the server, as it says it itself."""
    programs = _programs()
    assert programs is not None
    said = subprocess.run([programs / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    return f"PostgreSQL {said.split()[2]}"


def _run(user: str | None, *command: str | Path) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=user, cwd="/")


def _programs() -> Path | None:
    """Where its programs are: on the path, or where Debian keeps each release."""
    found = shutil.which("pg_ctl")
    if found is not None:
        return Path(found).resolve().parent
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    return kept[-1].parent if kept else None
