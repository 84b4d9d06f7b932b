"""`session-ledger findings` and `trends`: what the rules found, what became of it, and how often it happens where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.table import Table

from api.commands.as_of import KnownAt, UpTo, as_of
from api.commands.ask import show
from api.commands.output import JsonFlag, out, plain, print_json, say
from api.findings_list import became_said
from api.folder import SystemClock, open_ledger
from api.retention import read_retention
from api.views import up_to_date
from api.web.judging import said
from ledger.encoding import to_instant
from ledger.errors import Refused
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.reader import Compliance
from projections.compliance.rules import RULES
from projections.findings.place import Places
from projections.findings.register import Register, Wanted, WantedState
from projections.findings.trends import READING, By, Per
from projections.findings.trends import trends as count
from projections.questions.filters import WORDS, checked

T = TypeVar("T")
Folder = Annotated[Path, typer.Argument(help="The ledger's folder.")]


def findings(
    folder: Folder = Path(),
    state: Annotated[WantedState, typer.Option(help="A state, `unclosed`, or `any`.")] = "unclosed",
    rule: Annotated[str | None, typer.Option(help="One rule, such as SUP-05.")] = None,
    place: Annotated[str | None, typer.Option(help="One place, by code or number.")] = None,
    older_than: Annotated[int | None, typer.Option(min=0, help="Older than so many whole days.")] = None,
    known_at: KnownAt = None,
    up_to: UpTo = None,
    as_json: JsonFlag = False,
) -> None:
    """
    List what the rules found, with what became of it, how old it is, and the positions it rests on.

    Example: session-ledger findings ./demo-ledger --state any --rule SUP-05
    """
    if rule is not None and rule not in {each.id for each in RULES}:
        known = ", ".join(each.id for each in RULES)
        raise Refused("unknown-filter", "There is no such rule.", field="rule", remedy=f"There are: {known}.")

    def read(register: Register, ledger: LedgerAt) -> dict[str, Any]:
        found = register.registered(ledger, wanted=Wanted(state, rule, place, older_than))
        verdicts, places = said([each.finding for each in found]), Places(ledger)
        told = [one | became_said(each, places) for one, each in zip(verdicts, found, strict=True)]
        return {"position": ledger.size, "as_of": to_instant(ledger.as_of), "findings": told}

    answer = _read(folder, known_at, up_to, read)
    if as_json:
        print_json(answer)
        return
    table = Table("State", "Days", "Rule", "", "Place", "In words", "Pos.", box=None, pad_edge=False)
    for each in answer["findings"]:
        state_word = f"{each['state']}{' by itself' if each['by_itself'] else ''}"
        days = "–" if each["age_days"] is None else str(each["age_days"])
        at = ", ".join(map(str, each["evidence"]))
        where = each["place"]["code"] or "–"
        table.add_row(state_word, days, each["rule"], each["severity"], plain(where), plain(each["sentence"]), at)
    if answer["findings"]:
        out.print(table)
    say(f"[dim]{len(answer['findings'])} found, as of {answer['position']} entries and {answer['as_of']}.[/]")


def trends(
    folder: Folder = Path(),
    by: Annotated[By, typer.Option(help="What makes a group.")] = "rule",
    per: Annotated[Per, typer.Option(help="Month by month, week by week, or all in one.")] = "month",
    start: Annotated[str | None, typer.Option("--from", help=WORDS["from"])] = None,
    to: Annotated[str | None, typer.Option(help=WORDS["to"])] = None,
    place: Annotated[str | None, typer.Option(help="One place, by code or number.")] = None,
    known_at: KnownAt = None,
    up_to: UpTo = None,
    as_json: JsonFlag = False,
) -> None:
    """
    Count what was found by rule, site, room or weekday, and what was written down late; small groups are not shown.

    Example: session-ledger trends ./demo-ledger --by room --per all
    """
    given = {name: value for name, value in {"from": start, "to": to}.items() if value is not None}
    filters = checked(("from", "to"), given)
    answer = _read(
        folder,
        known_at,
        up_to,
        lambda register, ledger: count(ledger, register.registered(ledger), by, per, filters, place),
    )
    if as_json:
        print_json(asdict(answer))
    else:
        show(answer, reading=READING, empty="Too few sessions for anything to be shown, or none.")


def _read(folder: Path, known_at: str | None, up_to: str | None, work: Callable[[Register, LedgerAt], T]) -> T:
    opened = open_ledger(folder)
    try:
        database = up_to_date(opened)
        try:
            when = as_of(database, known_at, up_to)
        finally:
            database.close()
        register = Register(
            Compliance(opened.store, opened.subject_keys, retention=read_retention(opened.folder.policy))
        )
        now = to_instant(SystemClock().wall())
        return work(register, register.at(as_of=when.happened_up_to or now, known_at=when.known_at))
    finally:
        opened.store.close()
