"""`session-ledger ask`: an auditor's question by its number, or a view by its name, with the events behind each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.commands.as_of import KnownAt, UpTo, as_of
from api.commands.output import JsonFlag, out, plain, print_json, say
from api.folder import SystemClock, open_ledger
from api.retention import read_retention
from api.views import up_to_date
from ledger.encoding import to_instant
from projections.compliance.reader import Compliance
from projections.questions import QUESTIONS
from projections.questions.answer import Answer
from projections.questions.asking import ask as ask_question
from projections.questions.asking import named
from projections.questions.called import cell_in_words, word_of
from projections.questions.filters import WORDS

_SENTENCE = 24
"""How wide a column of sentences is at least."""

_GAP = 2
"""Between columns."""


def ask(
    question: Annotated[
        str | None, typer.Argument(help="The question's number, or a view's name; without it they are listed.")
    ] = None,
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")] = Path(),
    start: Annotated[str | None, typer.Option("--from", help=WORDS["from"])] = None,
    to: Annotated[str | None, typer.Option(help=WORDS["to"])] = None,
    location: Annotated[str | None, typer.Option(help=WORDS["location"])] = None,
    session: Annotated[str | None, typer.Option(help=WORDS["session"])] = None,
    couple: Annotated[str | None, typer.Option(help=WORDS["couple"])] = None,
    staff: Annotated[str | None, typer.Option(help=WORDS["staff"])] = None,
    person: Annotated[str | None, typer.Option(help=WORDS["person"])] = None,
    container: Annotated[str | None, typer.Option(help=WORDS["container"])] = None,
    lot: Annotated[str | None, typer.Option(help=WORDS["lot"])] = None,
    seed: Annotated[str | None, typer.Option(help=WORDS["seed"])] = None,
    count: Annotated[str | None, typer.Option(help=WORDS["count"])] = None,
    known_at: KnownAt = None,
    up_to: UpTo = None,
    as_json: JsonFlag = False,
) -> None:
    """
    Answer an auditor's question; every row names the positions of the signed events it rests on.

    Example: session-ledger ask release-register ./demo-ledger --from 2026-05-01 --to 2026-05-31
    """
    if question is None:
        _list(as_json=as_json)
        return
    named(question)  # before a folder is looked for that may have been given in its place
    given = {
        "from": start,
        "to": to,
        "location": location,
        "session": session,
        "couple": couple,
        "staff": staff,
        "person": person,
        "container": container,
        "lot": lot,
        "seed": seed,
        "count": count,
    }
    filters = {name: value for name, value in given.items() if value is not None}
    ledger = open_ledger(folder)
    try:
        database = up_to_date(ledger)
        try:
            compliance = Compliance(ledger.store, ledger.subject_keys, retention=read_retention(ledger.folder.policy))
            now = to_instant(SystemClock().wall())
            found = ask_question(compliance, question, filters, now=now, when=as_of(database, known_at, up_to))
        finally:
            database.close()
    finally:
        ledger.store.close()
    if as_json:
        print_json(asdict(found))
    else:
        asked = named(found.name)
        show(found, reading=asked.reading, empty=asked.empty)


def _list(*, as_json: bool) -> None:
    if as_json:
        listed = [
            {"name": each.name, "view": each.view, "title": each.title, "takes": each.takes} for each in QUESTIONS
        ]
        print_json({"questions": listed})
        return
    table = Table("Name", "Question", "Filters", box=None, pad_edge=False)
    for each in QUESTIONS:
        name = f"{each.name}, {each.view}" if each.view else each.name
        table.add_row(name, plain(each.title), plain(", ".join(each.takes)))
    out.print(table)


def show(answer: Answer, *, reading: str, empty: str) -> None:
    """A table for people: its title and how it is to be read, its rows, figures and notes, and as of when."""
    say(f"[bold]{plain(answer.title)}[/]")
    if reading:
        say(f"[dim]{plain(reading)}[/]")
    if answer.rows:
        _show_rows(answer)
    else:
        say(plain(empty))
    for number in answer.figures:
        say(f"{plain(number.title)}: [bold]{plain(word_of(number.value))}[/]")
    for note in answer.notes:
        say(f"[bold yellow]▲ {plain(note)}[/]")
    narrowed = "".join(f", {name} {value}" for name, value in answer.filters.items())
    say(f"[dim]As of {answer.position} entries and {answer.as_of}{plain(narrowed)}.[/]")


def _show_rows(answer: Answer) -> None:
    """A table where it fits, else one block for each row: nothing is cut off, however narrow the screen is."""
    rows = [
        [*(plain(cell_in_words(answer, each, column)) for column in answer.columns), ", ".join(map(str, each.evidence))]
        for each in answer.rows
    ]
    titles = [*(column.title for column in answer.columns), "Pos."]
    widths = [_needed(title, [row[index] for row in rows]) for index, title in enumerate(titles)]
    if sum(widths) + _GAP * len(widths) > out.width:
        for row in rows:
            say()
            for title, cell in zip(titles, row, strict=True):
                say(f"[dim]{plain(title)}:[/] {cell}")
        say()
        return
    table = Table(box=None, pad_edge=False)
    for title, width in zip(titles, widths, strict=True):
        table.add_column(title, min_width=width, overflow="fold")
    for row in rows:
        table.add_row(*row[:-1], f"[dim]{row[-1]}[/]")
    out.print(table)


def _needed(title: str, cells: Sequence[str]) -> int:
    """How wide a column has to be: no word of it is broken, and long sentences may wrap."""
    longest = max(map(len, cells), default=0)
    words = [*title.split(), *(word for cell in cells for word in cell.split())]
    return max(*map(len, words), min(longest, _SENTENCE))
