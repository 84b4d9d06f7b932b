"""The two times of a question, as options of a command: `--known-at` and `--up-to`, the same everywhere."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

from projections.both_times import asked

KnownAt: TypeAlias = Annotated[
    str | None,
    typer.Option("--known-at", help="As known when the log had this many entries, or at a time with its offset."),
]
UpTo: TypeAlias = Annotated[
    str | None, typer.Option("--up-to", "--at", help="What had happened by this time, such as 2026-05-16T11:00-04:00.")
]

as_of = asked
