"""What every command says first: that the ledger it is about is for practice, and what is missing in its folder."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from api.commands.output import err, plain, say_practice
from api.folder import Folder, read_pin
from ledger.errors import LedgerError

MAKES_PRACTICE = ("demo", "play")
"""Commands that make a practice ledger of their own."""

NEEDS_SUBJECTS = frozenset(
    {
        "serve",
        "timeline",
        "pending",
        "search",
        "history",
        "balance",
        "transcribe",
        "countersign",
        "erase",
        "rotate-epoch",
    }
)
"""Commands that open what is sealed, and would show all of it as lost without its keys."""


def saying_first(name: str, command: Callable[..., None]) -> Callable[..., None]:
    """The command, which says first what has to be said of the ledger that it is given."""

    @functools.wraps(command)
    def said(**given: Any) -> None:  # noqa: ANN401  # whatever the command takes
        say_practice(practice=name in MAKES_PRACTICE or given.get("practice") is True or _is_practice(given))
        folder = given.get("folder")
        if name in NEEDS_SUBJECTS and isinstance(folder, Path):
            say_missing(Folder(folder))
        command(**given)

    return said


def say_missing(folder: Folder) -> None:
    """Name the keys of the sealed blocks, on standard error, when their folder is not there."""
    if folder.is_ledger() and not folder.subjects.is_dir():
        err.print(f"[bold yellow]Missing[/]: {plain(folder.subjects)}, the keys of all that is sealed.")
        err.print("  Nothing sealed can be read until it is put back from its backup; the log itself is whole.")


def _is_practice(given: dict[str, Any]) -> bool:
    paths = [given.get("pin"), *(Folder(each).pin_file for each in (given.get("folder"),) if isinstance(each, Path))]
    for path in paths:
        if isinstance(path, Path):
            try:
                if read_pin(path).practice:
                    return True
            except LedgerError:
                continue  # the command itself says what is wrong with it
    return False
