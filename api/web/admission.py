"""Admission: who is asking, whether their screen is open, and whether the request is really theirs."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request

from api.web.callers import OFFICER_ROLE, Caller, Who
from api.web.service import Service
from ledger.errors import Refused

COOKIE: Final = "session-ledger"
"""Names the screen; never readable by a script."""

HEADER: Final = "x-session-ledger"
"""A form or link of another site cannot send it."""

SAFE: Final = ("GET", "HEAD", "OPTIONS")


async def admit(service: Service, request: Request, who: Who) -> None:
    """
    Pass when this request may come through a door for `who`; `request.state.caller` is then the caller, if any.

    Raises:
        Refused: `csrf`, `signed-out`, `screen-locked`, `board-only` or `not-allowed`.
    """
    if request.method not in SAFE:
        _refuse_forged(request)
    request.state.caller = None
    if who.anybody:
        return
    session = service.sessions.find(request.cookies.get(COOKIE, ""))
    if session is None:
        raise Refused("signed-out", "Nobody is signed in here.", remedy="Sign in.")
    if session.locked and not who.locked:
        raise Refused("screen-locked", "This screen is locked.", remedy="Open it with your PIN.")
    if session.board and not who.board:
        raise Refused("board-only", "This screen shows the floor board and nothing else.", remedy="Sign in here anew.")
    officer = service.keys.is_officer(session.owner)
    roles = (*session.roles, OFFICER_ROLE) if officer else session.roles
    if who.roles is not None and who.roles.isdisjoint(roles):
        raise Refused("not-allowed", "This is not for your role.", remedy=f"It is for: {who.words}.")
    if who.touches and not session.locked:
        service.sessions.touch(session)
    request.state.caller = Caller(session.owner, session.code, roles, officer, session)


async def caller_of(request: Request) -> Caller:
    """Who was let in; for `Depends`."""
    caller: Caller = request.state.caller
    return caller


def _refuse_forged(request: Request) -> None:
    """Only our own pages send the header, and a browser says from which origin a request comes."""
    origin = request.headers.get("origin")
    here = f"{request.url.scheme}://{request.headers.get('host', '')}"
    if request.headers.get(HEADER) != "1" or (origin is not None and origin.lower() != here.lower()):
        raise Refused("csrf", "This request does not come from a page of this service.", remedy=f"Send {HEADER}: 1.")
