"""`session-ledger timeline`: one session as it went, both partners side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.commands.as_of import KnownAt, UpTo, as_of
from api.commands.output import JsonFlag, out, plain, print_json, say
from api.commands.side_by_side import side_by_side
from api.views import fresh_views
from ledger.errors import Refused
from projections.session_list import SessionSummary, sessions
from projections.session_timeline import SessionTimeline
from projections.session_timeline import timeline as session_timeline
from projections.snapshot import AsOf
from projections.tables import ViewDatabase


def timeline(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    session: Annotated[
        str | None, typer.Argument(help="The session's local date, or the beginning of its identifier.")
    ] = None,
    partner: Annotated[str | None, typer.Option(help="a or b: only what this partner may see of the session.")] = None,
    known_at: KnownAt = None,
    up_to: UpTo = None,
    as_json: JsonFlag = False,
) -> None:
    """
    Show a session minute by minute: both partners side by side, who signed what, late entries in words.

    Without SESSION, the sessions of the ledger are listed.

    Example: session-ledger timeline ./demo-ledger 2026-05-16 --up-to 2026-05-16T11:00-04:00
    """
    with fresh_views(folder) as database:
        when = as_of(database, known_at, up_to)
        known = sessions(database).sessions
        if session is None:
            show_sessions(sessions(database, as_of=when).sessions, as_json=as_json)
            return
        found = session_timeline(database, chosen(known, session), for_partner=partner, as_of=when)
    if as_json:
        print_json(asdict(found))
    else:
        show_timeline(found)


def chosen(known: Sequence[SessionSummary], text: str) -> str:
    """
    The one session that a date or the beginning of an identifier names.

    Raises:
        Refused: `not-found` or `ambiguous-session`.
    """
    wanted = text if text.startswith("session/") else f"session/{text}"
    found = [each for each in known if each.date == text or each.session.startswith(wanted)]
    if not found:
        dates = ", ".join(each.date for each in known) or "none"
        raise Refused("not-found", f"There is no session {text}.", field="session", remedy=f"There are: {dates}.")
    if len(found) > 1:
        ids = ", ".join(each.session[8:16] for each in found)
        raise Refused(
            "ambiguous-session", f"Several sessions are meant by {text}.", field="session", remedy=f"Name one: {ids}."
        )
    return found[0].session


def show_sessions(known: Sequence[SessionSummary], *, as_json: bool) -> None:
    """The sessions of a ledger."""
    if as_json:
        print_json([asdict(each) for each in known])
        return
    if not known:
        say("No sessions yet.")
        return
    table = Table("Date", "Session", "Couple", "Place", "No.", "Status", "Dosed", box=None, pad_edge=False)
    for each in known:
        dosed = " and ".join(slot.upper() for slot in each.dosed) or "nobody"
        table.add_row(
            each.date,
            each.session[8:16],
            plain(each.couple_code),
            plain(each.location_code),
            str(each.ordinal),
            each.status,
            dosed,
        )
    out.print(table)
    say("Next: session-ledger timeline FOLDER DATE")


def show_timeline(found: SessionTimeline) -> None:
    """A session: what it is, then its rows side by side."""
    summary = found.summary
    say(
        f"[bold]Couple {plain(summary.couple_code)}, session {summary.ordinal}[/] at {plain(summary.location_code)}, "
        f"{summary.date}, {summary.status} [dim](as of {found.position} entries, for {found.viewer})[/]"
    )
    out.print(side_by_side(found.rows, out.width))


def timelines(database: ViewDatabase, when: AsOf) -> list[SessionTimeline]:
    """The timelines of all sessions, for staff."""
    return [session_timeline(database, each.session, as_of=when) for each in sessions(database).sessions]
