"""The two times of a question, as options of a command."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

from ledger.encoding import from_instant
from projections.snapshot import AsOf

KnownAt: TypeAlias = Annotated[int | None, typer.Option(help="As known when the log had this many entries.", min=0)]
HappenedUpTo: TypeAlias = Annotated[
    str | None, typer.Option(help="What had happened by this instant, such as 2026-05-16T15:00:00.000000Z.")
]


def as_of(known_at: int | None, happened_up_to: str | None) -> AsOf:
    """
    The two axes of a question.

    Raises:
        Invalid: `instant`.
    """
    if happened_up_to is not None:
        from_instant(happened_up_to, "happened_up_to")
    return AsOf(known_at, happened_up_to)
