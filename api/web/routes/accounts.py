"""Accounts: the first one by the set-up code, the others by invitation."""

from __future__ import annotations

from starlette.responses import Response

from api.web.accounts import Account
from api.web.answers import answer
from api.web.bodies import Accept, Invite, SetUp
from api.web.callers import ANYBODY, OFFICERS
from api.web.doors import Doors
from api.web.service import Service, ServiceOf
from api.web.staff import find_staff
from ledger.errors import Refused

doors = Doors("Accounts")

_GIVEN = {
    "owner": "staff/3b0b7f0e-6f4e-4a53-9d0c-0a5a1f3c7e01",
    "code": "MD1",
    "roles": ["prescriber"],
    "officer": True,
}


@doors.post(
    "/v1/setup",
    who=ANYBODY,
    takes={
        "code": "ABCDEF-GHIJKL-MNOPQR-STUVWX",
        "staff": "MD1",
        "password": "correct horse battery",
        "pin": "482913",
        "roles": ["prescriber"],
    },
    gives=_GIVEN,
    status_code=201,
)
async def set_up(body: SetUp, service: ServiceOf) -> Response:
    """Make the first account, an officer's, with the code that `serve` printed; once."""
    service.sessions.refuse_guessing("set-up")
    if await service.read(lambda: service.accounts.set_up):
        raise Refused("set-up-done", "This service is set up.", remedy="Ask an officer for an invitation.")
    staff = await service.read(find_staff, service.database, body.staff)
    if not service.keys.is_officer(staff.owner):
        raise Refused(
            "officer-missing",
            "The first account is that of a security officer of this ledger.",
            field="staff",
            remedy="Name an officer by code, or by the owner that init printed.",
        )
    try:
        account = await service.stretch(
            service.accounts.set_up_officer, body.code, staff.owner, body.roles, body.password, body.pin
        )
    except Refused as refusal:
        if refusal.code == "wrong-code":
            service.sessions.guessed_wrong("set-up")
        raise
    return _given(service, account, staff.code)


@doors.post(
    "/v1/accounts",
    who=OFFICERS,
    takes={"staff": "RN1", "roles": ["nurse", "custodian"]},
    gives={"invitation": "pD3n…", "owner": _GIVEN["owner"], "code": "RN1", "roles": ["nurse", "custodian"]},
    status_code=201,
)
async def invite(body: Invite, service: ServiceOf) -> Response:
    """Invite a member of staff with these roles; who has an account gets new roles and secrets by it."""
    staff = await service.read(find_staff, service.database, body.staff)
    invitation = await service.read(service.accounts.invite, staff.owner, body.roles)
    return answer({"invitation": invitation, "owner": staff.owner, "code": staff.code, "roles": body.roles}, 201)


@doors.post(
    "/v1/invitations",
    who=ANYBODY,
    takes={"invitation": "pD3n…", "password": "correct horse battery", "pin": "482913"},
    gives=_GIVEN,
    status_code=201,
)
async def accept(body: Accept, service: ServiceOf) -> Response:
    """Take up an invitation: choose a password and a PIN."""
    account = await service.stretch(service.accounts.accept, body.invitation, body.password, body.pin)
    service.sessions.end_all(account.owner)
    staff = await service.read(find_staff, service.database, account.owner)
    return _given(service, account, staff.code)


def _given(service: Service, account: Account, code: str) -> Response:
    officer = service.keys.is_officer(account.owner)
    return answer({"owner": account.owner, "code": code, "roles": list(account.roles), "officer": officer}, 201)
