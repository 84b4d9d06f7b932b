"""Signing in and out; locking a screen and opening it again."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from api.web.access_traces import Why
from api.web.accounts import Account
from api.web.admission import COOKIE, caller_of
from api.web.answers import answer
from api.web.bodies import Pin, SignIn
from api.web.callers import ANYBODY, EVEN_LOCKED, OFFICER_ROLE, SIGNED_IN, Caller
from api.web.doors import Doors
from api.web.service import Service, ServiceOf
from api.web.staff import Staff, find_staff
from ledger.errors import Refused

doors = Doors("Sign in")
CallerOf = Annotated[Caller, Depends(caller_of)]

_ME = {
    "owner": "staff/91d6c2ab-5c1d-4c0e-8f7a-2d9e4b6a8c02",
    "code": "RN1",
    "roles": ["nurse"],
    "officer": False,
    "locked": False,
}


@doors.post("/v1/auth/sign-in", who=ANYBODY, takes={"staff": "RN1", "password": "correct horse battery"}, gives=_ME)
async def sign_in(request: Request, body: SignIn, service: ServiceOf) -> Response:
    """Sign in with a password; the cookie names this screen from now on."""
    staff = await service.read(_staff, service, body.staff)
    name = body.staff.casefold() if staff is None else staff.owner
    _note_guessing(service, name, staff)
    account: Account | None = await service.stretch(
        service.accounts.by_password, None if staff is None else staff.owner, body.password
    )
    if staff is None or account is None:
        service.sessions.guessed_wrong(name)
        why: Why = (
            "unknown-account" if staff is None or service.accounts.find(staff.owner) is None else "wrong-password"
        )
        service.access.not_let_in(None if staff is None else staff.owner, why, service.sessions.guesses(name))
        raise Refused("wrong-credentials", "Name and password do not belong together.")
    before = service.sessions.find(request.cookies.get(COOKIE, ""))
    if before is not None:
        service.sessions.end(before)
    token = service.sessions.begin(staff.owner, staff.code, account.roles)
    officer = service.keys.is_officer(staff.owner)
    roles = (*account.roles, OFFICER_ROLE) if officer else account.roles
    response = answer(_said(staff.owner, staff.code, roles, officer, locked=False))
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(service.settings.session_life.total_seconds()),
        secure=service.settings.secure,
        httponly=True,
        samesite="strict",
    )
    return response


@doors.get("/v1/me", who=EVEN_LOCKED, gives=_ME)
async def me(caller: CallerOf) -> Response:
    """Who is signed in at this screen, and whether it is locked."""
    return answer(_said(caller.owner, caller.code, caller.roles, caller.officer, locked=caller.session.locked))


@doors.post("/v1/auth/lock", who=SIGNED_IN, takes={}, gives={"locked": True})
async def lock(caller: CallerOf) -> Response:
    """Lock this screen."""
    caller.session.locked = True
    return answer({"locked": True})


@doors.post("/v1/auth/unlock", who=EVEN_LOCKED, takes={"pin": "482913"}, gives={"locked": False})
async def unlock(body: Pin, caller: CallerOf, service: ServiceOf) -> Response:
    """Open a locked screen with the PIN; five wrong ones sign it out."""
    await check_pin(service, caller, body.pin)
    return answer({"locked": False})


@doors.post("/v1/auth/board", who=SIGNED_IN, takes={}, gives={"board": True})
async def board(caller: CallerOf) -> Response:
    """Make this screen a wall board: it no longer locks, and shows the floor's times and codes and nothing else."""
    caller.session.board = True
    return answer({"board": True})


@doors.post("/v1/auth/sign-out", who=EVEN_LOCKED, takes={}, gives={"signed_out": True})
async def sign_out(caller: CallerOf, service: ServiceOf) -> Response:
    """Sign this screen out."""
    service.sessions.end(caller.session)
    response = answer({"signed_out": True})
    response.delete_cookie(COOKIE, secure=service.settings.secure, httponly=True, samesite="strict")
    return response


async def check_pin(service: Service, caller: Caller, pin: str) -> None:
    """
    Pass when this is the caller's PIN; a wrong one counts towards being signed out.

    Raises:
        Refused: `wrong-pin` or `signed-out`.
    """
    right = await service.stretch(service.accounts.is_pin, caller.owner, pin)
    if not right:
        service.access.not_let_in(caller.owner, "wrong-pin", caller.session.wrong_pins + 1)
    service.sessions.pin_was(caller.session, right)


def _note_guessing(service: Service, name: str, staff: Staff | None) -> None:
    """Refuse whoever guesses, and note it."""
    try:
        service.sessions.refuse_guessing(name)
    except Refused:
        owner = None if staff is None else staff.owner
        service.access.not_let_in(owner, "too-many-tries", service.sessions.guesses(name))
        raise


def _staff(service: Service, text: str) -> Staff | None:
    try:
        return find_staff(service.database, text)
    except Refused:
        return None


def _said(owner: str, code: str, roles: tuple[str, ...], officer: bool, *, locked: bool) -> dict[str, object]:
    return {"owner": owner, "code": code, "roles": list(roles), "officer": officer, "locked": locked}
