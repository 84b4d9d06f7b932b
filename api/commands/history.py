"""`session-ledger history`: a couple's course, two people side by side and never added up."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.commands.as_of import KnownAt, UpTo, as_of
from api.commands.output import JsonFlag, out, plain, print_json, say
from api.views import fresh_views
from ledger.errors import Refused
from projections.couple_history import CoupleHistory, couple_history
from projections.couple_parts import GivenDose, OwnPart
from projections.session_list import sessions
from projections.tables import ViewDatabase


def history(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    couple: Annotated[
        str | None, typer.Argument(help="The couple's code, such as C-07; not needed if there is only one.")
    ] = None,
    partner: Annotated[str | None, typer.Option(help="a or b: only what this partner may see.")] = None,
    known_at: KnownAt = None,
    up_to: UpTo = None,
    as_json: JsonFlag = False,
) -> None:
    """
    Show a couple's course: sessions in order, each partner's doses, highest pressure, release and follow-up.

    Example: session-ledger history ./demo-ledger C-07 --partner a
    """
    with fresh_views(folder) as database:
        found = couple_history(
            database, couple or only_couple(database), for_partner=partner, as_of=as_of(database, known_at, up_to)
        )
    if as_json:
        print_json(asdict(found))
    else:
        show_history(found)


def only_couple(database: ViewDatabase) -> str:
    """
    The couple, where there is but one.

    Raises:
        Refused: `couple-needed`.
    """
    codes = sorted({each.couple_code for each in sessions(database).sessions})
    if len(codes) != 1:
        there = ", ".join(codes) or "none with a session yet"
        raise Refused("couple-needed", "Name the couple.", field="couple", remedy=f"There are: {there}.")
    return codes[0]


def show_history(found: CoupleHistory) -> None:
    """The course as a table, a row for each partner and session."""
    say(f"[bold]Couple {plain(found.couple_code)}[/] [dim](as of {found.position} entries, for {found.viewer})[/]")
    table = Table(
        "Session", "Partner", "Doses", "Total", "Highest BP", "Released", "Left", "Follow-up", box=None, pad_edge=False
    )
    for session in found.sessions:
        gap = "" if session.gap_days is None else f", {session.gap_days} d later"
        title = f"{session.ordinal}. {session.date}{gap}, {session.status}"
        for part in session.parts:
            table.add_row(title, part.slot.upper(), *_part(part))
            title = ""
        for other in session.shared:
            table.add_row(
                title,
                other.slot.upper(),
                plain(other.dose),
                "",
                plain(other.highest_pressure),
                f"[dim]attended: {plain(other.attended)}; dosed: {plain(other.dosed)}[/]",
                "",
                "",
            )
            title = ""
    out.print(table)
    words = (mark.words for session in found.sessions for part in session.parts for mark in part.standing)
    for each in dict.fromkeys(words):
        say(f"  [magenta]■ {plain(each)}[/]")
    say("Together over all sessions: " + "; ".join(f"{slot.upper()} {mg} mg" for slot, mg in found.total_mg))


def _dose(dose: GivenDose) -> str:
    marks = "".join(f" ■ {mark.code}" for mark in dose.standing)
    late = f" ({', '.join(dose.late)})" if dose.late else ""
    return f"{dose.mg} mg {dose.local[11:]}{marks}{late}"


def _part(part: OwnPart) -> tuple[str, ...]:
    doses = ", ".join(map(_dose, part.doses)) or "not dosed"
    doses += "".join(f" ■ {dose.mg} mg voided" for dose in part.voided)
    said_no = " (said no to one)" if part.declined else ""
    return (
        plain(doses + said_no),
        f"{part.total_mg} mg",
        plain(part.highest_pressure),
        plain(part.released or "not yet"),
        plain(part.departed[11:16] or "not yet"),
        plain(part.followed_up or "not yet"),
    )
