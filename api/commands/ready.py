"""`session-ledger ready`: what stands between a couple and their session, before anybody tries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from api.commands.as_of import KnownAt, UpTo, as_of, in_words
from api.commands.output import JsonFlag, out, plain, print_json, say
from api.commands.timeline import chosen
from api.folder import SystemClock, open_ledger
from api.readiness_list import DAYS, readiness_said, summary_said
from api.retention import read_retention
from api.views import up_to_date
from ledger.encoding import from_instant, to_instant
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.reader import Compliance
from projections.compliance.readiness import couple_readiness, readiness
from projections.compliance.sessions_ahead import sessions_ahead
from projections.couple_history import couple_history
from projections.session_list import sessions
from projections.snapshot import AsOf
from projections.tables import ViewDatabase

_STATES = {"closed": "[red]closed[/]", "cannot-judge": "[yellow]cannot be judged[/]", "open": "open"}


def ready(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")] = Path(),
    session: Annotated[
        str | None, typer.Argument(help="The session's local date, or the beginning of its identifier.")
    ] = None,
    couple: Annotated[str | None, typer.Option(help="A couple that is not planned yet, by code or number.")] = None,
    days: Annotated[int, typer.Option(min=1, max=400, help="How many days ahead the list goes.")] = DAYS,
    every: Annotated[bool, typer.Option("--all", help="Show the open gates too.")] = False,
    known_at: KnownAt = None,
    up_to: UpTo = None,
    as_json: JsonFlag = False,
) -> None:
    """
    Say which gates are closed before the opening, the doses and the releases ahead, what opens them and who may.

    Without a session: the sessions ahead, each with what it lacks as it would stand at its planned start.

    Examples:
        session-ledger ready ./demo-ledger --up-to 2026-05-16T08:00-04:00

        session-ledger ready ./demo-ledger 2026-05-16 --up-to 2026-05-16T08:00-04:00

        session-ledger ready ./demo-ledger --couple C-07
    """

    def read(database: ViewDatabase, ledger: LedgerAt, when: AsOf) -> dict[str, Any]:
        if couple is not None:
            named = couple_history(database, couple, as_of=when).couple
            return readiness_said(couple_readiness(ledger, named), ledger)
        if session is not None:
            name = chosen(sessions(database, as_of=when).sessions, session)
            return readiness_said(readiness(ledger, name), ledger)
        ahead = sessions_ahead(ledger, within=timedelta(days=days))
        return {"sessions": [summary_said(each, ledger) for each in ahead.sessions], "later": ahead.later}

    found, words = _read(folder, known_at, up_to, read)
    if as_json:
        print_json(found)
        return
    if words:
        say(words)
    if "sessions" in found:
        _show_list(found["sessions"])
        if found["later"]:
            say(f"{found['later']} planned for later than {days} days ahead.")
    else:
        _show_one(found, every=every)
    say(f"[dim]As of {found['position']} entries and {found['as_of']}.[/]")


def _show_list(ahead: list[dict[str, Any]]) -> None:
    if not ahead:
        say("No session is planned or open.")
        return
    table = Table("Starts", "Couple", "Place", "Status", "", "Session", box=None, pad_edge=False)
    for each in ahead:
        missing = each["missing"]
        word = "ready" if not missing else f"{missing} thing{'' if missing == 1 else 's'} missing"
        cells = [_local(each["starts"], each), each["couple_code"] or "–", each["location_code"] or "–", each["status"]]
        table.add_row(*map(plain, cells), word, plain(each["session"].split("/")[1][:8]))
    out.print(table)


def _show_one(found: dict[str, Any], *, every: bool) -> None:
    if found["starts"]:
        say(f"{found['status'].capitalize()} for {plain(_local(found['starts'], found))}.")
    for act in found["acts"]:
        gates = [gate for gate in act["gates"] if every or gate["state"] != "open"]
        closed = sum(gate["state"] != "open" for gate in gates)
        whose = f" of {act['slot'].upper()}" if act["slot"] else ""
        word = "every gate is open" if not closed else f"{closed} closed"
        told = act["why"] or {"ahead": word, "done": "done"}.get(act["standing"], "")
        out.print(f"\n[bold]{act['act'].capitalize()}{whose}[/]: {told}")
        for gate in gates:
            _show_gate(gate, found)
    if found["unsigned"]:
        out.print("\n[bold]Second signatures missing[/]")
        for each in found["unsigned"]:
            out.print(f"  {plain(each['type'])} at {each['position']}: {plain('; '.join(each['lacks']))}")


def _show_gate(gate: dict[str, Any], found: dict[str, Any]) -> None:
    out.print(f"  {gate['rule']} v{gate['version']} {_STATES[gate['state']]}: {plain(gate['sentence'])}")
    ways = ", ".join(f"{way['type']} ({_signers(way)})" for way in gate["opened_by"])
    for word in (ways and f"opened by {ways}", gate["otherwise"]):
        if word:
            out.print(f"      {plain(word)}")
    if gate["state"] != "open":
        who = f"a {gate['override']} may override it" if gate["override"] else "nobody may override it"
        out.print(f"      {plain(who)}{_positions(gate['evidence'])}")
    if gate["change"]:
        what = "opens" if gate["change"]["opens"] else "closes"
        out.print(f"      {what} by itself {plain(_local(gate['change']['at'], found))}")


def _positions(evidence: list[int]) -> str:
    return f"; pos. {', '.join(map(str, evidence))}" if evidence else ""


def _signers(way: dict[str, Any]) -> str:
    return "; ".join(" or ".join(each["roles"]) or each["whose"] for each in way["signed_by"])


def _local(instant: str | None, found: dict[str, Any]) -> str:
    """`2026-05-16 09:00 EDT`, at the place of the session."""
    if instant is None:
        return "–"
    return f"{from_instant(instant).astimezone(ZoneInfo(found['zone'])):%Y-%m-%d %H:%M:%S %Z}".replace(":00 ", " ")


def _read(
    folder: Path,
    known_at: str | None,
    up_to: str | None,
    work: Callable[[ViewDatabase, LedgerAt, AsOf], dict[str, Any]],
) -> tuple[dict[str, Any], str]:
    opened = open_ledger(folder)
    try:
        database = up_to_date(opened)
        try:
            when = as_of(database, known_at, up_to)
            compliance = Compliance(opened.store, opened.subject_keys, retention=read_retention(opened.folder.policy))
            instant = when.happened_up_to or to_instant(SystemClock().wall())
            ledger = compliance.at(as_of=instant, known_at=when.known_at)
            found = work(database, ledger, when)
        finally:
            database.close()
    finally:
        opened.store.close()
    return {"position": ledger.size, "as_of": to_instant(ledger.as_of), **found}, in_words(when)
