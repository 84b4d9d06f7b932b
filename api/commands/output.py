"""
What a command shows: tables and words for people, the same facts as JSON for programs, errors with a remedy.

Results go to standard output, progress and errors to standard error, so that `--json` can be piped.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, TypeAlias

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ledger.errors import Invalid, LedgerError, NotNow, TamperDetected

JsonFlag: TypeAlias = Annotated[bool, typer.Option("--json", help="Print the result as JSON instead of tables.")]

_TITLES = {Invalid: "Malformed", NotNow: "Not now"}

EXIT_OK = 0
EXIT_REFUSED = 2
EXIT_DISPUTED = 20
EXIT_INVALID = 40

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)


def say(text: str = "") -> None:
    """A line for a person; `[bold]…[/]` marks as in Rich."""
    out.print(text)


class _Practice:
    """Whether what this command shows is of a practice ledger."""

    said = False


def say_practice(*, practice: bool) -> None:
    """
    That nothing shown is about a real person, or nothing.

    It is said on standard error, so that it never gets into what is piped; JSON then carries `practice` as well.
    """
    _Practice.said = practice
    if practice:
        err.print("[bold yellow]PRACTICE LEDGER: nothing here is about a real person.[/]")


def plain(text: object) -> str:
    """Text from a record, in which nothing is a mark."""
    return escape(str(text))


def print_json(value: object) -> None:
    """One JSON document on standard output, members in the order given; `practice` beside them if it is."""
    if _Practice.said and isinstance(value, dict):
        value = value | {"practice": True}
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


@contextmanager
def progress(label: str, total: int) -> Iterator[Progress]:
    """A progress bar on standard error, gone when done; silent where standard error is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        bar.add_task(label, total=total)
        yield bar


def print_error(error: LedgerError, as_json: bool) -> int:
    """Print an error with its remedy; the exit code to end with."""
    code = EXIT_INVALID if isinstance(error, TamperDetected) else EXIT_REFUSED
    position = error.position if isinstance(error, TamperDetected) else None
    if as_json:
        print_json(
            {
                "error": {
                    "code": error.code,
                    "message": error.message,
                    "field": error.field,
                    "remedy": error.remedy,
                    "position": position,
                }
            }
        )
        return code
    title = "STOP: tampering" if code == EXIT_INVALID else _TITLES.get(type(error), "Refused")
    where = f" at position {position}" if position is not None else f" ({error.field})" if error.field else ""
    err.print(f"[bold red]{title}[/]{plain(where)}: {plain(error.message)} [dim]\\[{plain(error.code)}][/]")
    if error.remedy:
        err.print(f"  [bold]What to do:[/] {plain(error.remedy)}")
    return code
