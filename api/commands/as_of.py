"""The two times of a question, as options of a command: `--known-at` and `--up-to`, the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from api.views import fresh_views
from projections.both_times import asked
from projections.snapshot import NOW, AsOf

KnownAt: TypeAlias = Annotated[
    str | None,
    typer.Option("--known-at", help="As known when the log had this many entries, or at a time with its offset."),
]
UpTo: TypeAlias = Annotated[
    str | None, typer.Option("--up-to", "--at", help="What had happened by this time, such as 2026-05-16T11:00-04:00.")
]

as_of = asked


def as_of_folder(folder: Path, known_at: str | None, up_to: str | None) -> AsOf:
    """
    Both times for a command that reads the log itself; the read models are opened only when somebody asks for one.

    Raises:
        Invalid, Refused: what `asked` and `fresh_views` raise.
    """
    if known_at is None and up_to is None:
        return NOW
    with fresh_views(folder) as database:
        return asked(database, known_at, up_to)


def in_words(when: AsOf) -> str:
    """What is said above an answer about the past: ` (the past: as known at 118 entries, …)`; nothing for now."""
    parts = [] if when.known_at is None else [f"as known at {when.known_at} entries"]
    parts += [] if when.happened_up_to is None else [f"as happened up to {when.happened_up_to}"]
    return f"[bold]This is the past: {', '.join(parts)}.[/]" if parts else ""
