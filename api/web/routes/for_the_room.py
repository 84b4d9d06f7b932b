"""
What the treatment room's page needs beside the records: whom to trust, who works here, and a colleague's own PIN.

A second person confirms on the same tablet with their PIN; their key there may then sign this one event.
The PIN opens nothing else and nobody is signed in by it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from pydantic import StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from api.web.admission import COOKIE
from api.web.answers import answer
from api.web.bodies import Body, Secret, SessionUuid
from api.web.both_times import AsAsked
from api.web.callers import ANYBODY, OFFICER_ROLE, SIGNED_IN, Who
from api.web.doors import Doors
from api.web.routes.sign_in import CallerOf
from api.web.service import Service, ServiceOf
from api.web.session_facts import VITALS, SessionFacts
from api.web.staff import codes_of, find_staff
from ledger.effective import effective
from ledger.encoding import from_instant, to_instant
from ledger.errors import Refused
from ledger.events.choices import PUBLISHED, Published, parameters_of
from ledger.events.dosing import DoseAdministered
from ledger.events.fields import Gone
from ledger.events.lifecycle import SessionScheduled
from ledger.events.measures import BloodPressure
from ledger.events.release import NoDrivingReleaseSigned, ReleaseAuthorised
from ledger.follow import place
from ledger.reading import PlacedEvent
from ledger.store.port import EventRow
from ledger.vocabulary import Slot
from projections.compliance.doses import Dose
from projections.compliance.known import Fact
from projections.compliance.moments import to_second
from projections.compliance.no_drive import no_drive_until
from projections.names import Names
from projections.session_rows import SESSIONS
from projections.snapshot import AsOf, snapshot

doors = Doors("For the room")
BATCH: Final = 500
SLOTS: Final[tuple[Slot, Slot]] = ("a", "b")
MEASURED: Final = ("pre-dose-assessed/1", "supervision-checked/1", "discharge-assessed/1")

IN_THE_ROOM: Final = Who(
    "nurse, prescriber, therapist, medical director; does not keep a screen open",
    roles=frozenset({"nurse", "prescriber", "therapist", "medical-director"}),
    touches=False,
)
"""Those who sign there; the page asks again and again."""


class ColleaguePin(Body):
    """Who confirms, and with which PIN."""

    staff: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    pin: Secret


_COLLEAGUE = {"owner": "staff/91d6c2ab-5c1d-4c0e-8f7a-2d9e4b6a8c02", "code": "MD1", "roles": ["prescriber"]}


@doors.get(
    "/v1/trust",
    who=ANYBODY,
    gives={
        "origin": "ledger.example.test/00c0ffee00c0ffee",
        "vkeys": ["ledger.example.test/…+…"],
        "first_leaf": "9c…",
        "changes": [{"vkey": "ledger.example.test/…+…", "envelope": "{…}", "receipt": "c2sp.org/tlog-proof@v1\n…"}],
    },
)
async def trust(service: ServiceOf) -> Response:
    """
    What a tablet pins when it is set up: the log keys that sign now. It checks every receipt against its pin.

    `changes` prove each later log key to a tablet that pinned an earlier one.
    """
    pin = service.opened.pin
    proven = await service.read(service.keys.proven_log_keys)
    later = {each.vkey for each in proven}
    size = service.size + 1
    now = [key.vkey for key in service.keys.history.log_keys() if key.signs(size)]
    return answer(
        {
            "origin": pin.origin,
            "vkeys": [vkey for vkey in now if vkey in later or service.keys.is_of_genesis(vkey)],
            "first_leaf": pin.first_leaf.hex(),
            "changes": [asdict(each) for each in proven],
        }
    )


@doors.get("/v1/screen", who=ANYBODY, gives={"me": _COLLEAGUE | {"officer": False, "locked": False}})
async def screen(request: Request, service: ServiceOf) -> Response:
    """Who is signed in at this screen, null when nobody is: what a page asks first, without an error for an answer."""
    session = service.sessions.find(request.cookies.get(COOKIE, ""))
    if session is None:
        return answer({"me": None})
    roles = _roles(service, session.owner, json.dumps(session.roles))
    officer = OFFICER_ROLE in roles
    me = {"owner": session.owner, "code": session.code, "roles": roles, "officer": officer, "locked": session.locked}
    return answer({"me": me})


@doors.get("/v1/colleagues", who=SIGNED_IN, gives={"colleagues": [_COLLEAGUE]})
async def colleagues(service: ServiceOf) -> Response:
    """Everybody who has an account, by code, with the roles in which they sign."""

    def read() -> list[dict[str, Any]]:
        rows = service.book.rows("SELECT owner, roles FROM account")
        codes = codes_of(service.database, frozenset(row["owner"] for row in rows))
        people = [
            {"owner": row["owner"], "code": codes[row["owner"]], "roles": _roles(service, row["owner"], row["roles"])}
            for row in rows
        ]
        return sorted(people, key=lambda each: str(each["code"]))

    return answer({"colleagues": await service.read(read)})


@doors.post("/v1/auth/pin", who=SIGNED_IN, takes={"staff": "MD1", "pin": "482913"}, gives=_COLLEAGUE)
async def confirm_by_pin(body: ColleaguePin, service: ServiceOf) -> Response:
    """Pass when this is that colleague's own PIN; five wrong ones in a minute and it is not looked at any more."""
    staff = await service.read(find_staff, service.database, body.staff)
    name = f"pin of {staff.owner}"
    service.sessions.refuse_guessing(name)
    if not await service.stretch(service.accounts.is_pin, staff.owner, body.pin):
        service.sessions.guessed_wrong(name)
        raise Refused(
            "wrong-pin", f"This is not the PIN of {staff.code}.", field="pin", remedy="Nobody signs for somebody else."
        )
    account = service.accounts.find(staff.owner)
    roles = json.dumps(account.roles if account else ())
    return answer({"owner": staff.owner, "code": staff.code, "roles": _roles(service, staff.owner, roles)})


@doors.get(
    "/v1/sessions/{uuid}/terms",
    who=IN_THE_ROOM,
    gives={
        "planned": {
            "staff": [{"role": "nurse", "staff": "staff/91d6…"}],
            "location": "location/…",
            "mode": "simultaneous",
        },
        "protocols": [
            {"dig": "9a…", "id": "019e…", "name": "KAP-COUPLE-SL", "version": "v1", "effective": "2024-06-01"}
        ],
        "partners": {
            "a": {
                "person": "person/3c…",
                "no_drive_from": "2026-05-17T14:50:00.000000Z",
                "promised_until": None,
                "values": {"spo2": {"value": 98, "at": "2026-…"}},
            },
            "b": {"person": "person/7d…", "no_drive_from": None, "promised_until": None, "values": {}},
        },
    },
)
async def terms(uuid: SessionUuid, service: ServiceOf, caller: CallerOf, when: AsAsked) -> Response:
    """What was planned, the protocols in force, and until when each partner must not drive, by its figures."""
    await service.read(service.glass.check, caller, {f"session/{uuid}"})
    return answer(await service.read(_terms, service, f"session/{uuid}", when))


def _terms(service: Service, session: str, when: AsOf) -> dict[str, Any]:
    facts = service.rooms._facts.at(session, when)  # noqa: SLF001  # one idea in two files: what a room page reads
    counted = effective(facts.state.history, facts.state.revoked)
    plans = [placed.event for placed in counted if isinstance(placed.event, SessionScheduled)]
    planned = plans[-1] if plans else None
    published = _PROTOCOLS.setdefault(service, _Protocols()).read(service, when)
    figures = published.get(facts.opened.protocol.dig) if facts.opened is not None else None
    with snapshot(service.database, SESSIONS, when) as seen:
        zone = ZoneInfo(Names(seen).zone(facts.state.location or "") or "UTC")
    return {
        "planned": None
        if planned is None
        else {
            "staff": [each.model_dump() for each in planned.staff],
            "location": planned.location,
            "mode": planned.mode,
        },
        "protocols": [
            {"dig": dig, "id": number, "name": event.name, "version": event.version, "effective": event.effective}
            for dig, (number, event) in published.items()
        ],
        "partners": {slot: _partner(facts, counted, slot, figures[1] if figures else None, zone) for slot in SLOTS},
    }


def _partner(
    facts: SessionFacts, counted: Sequence[PlacedEvent], slot: Slot, protocol: Published | None, zone: ZoneInfo
) -> dict[str, Any]:
    own = [placed for placed in counted if placed.stream == f"{facts.state.id}/{slot}"]
    return {
        "person": facts.person.get(slot),
        "no_drive_from": None if protocol is None else _until(own, protocol, zone),
        "promised_until": _promised(own),
        "values": _values(own),
    }


def _values(own: Sequence[PlacedEvent]) -> dict[str, Any]:
    """The newest reading of each kind with its own time: a check without vitals does not hide the last ones."""
    found: dict[str, Any] = {}
    for placed in reversed(own):
        if placed.payload.type not in MEASURED:
            continue
        for name in VITALS:
            value = getattr(placed.event, name, None)
            if name not in found and value is not None and not isinstance(value, Gone):
                told = value.model_dump() if isinstance(value, BloodPressure) else value
                found[name] = {"value": told, "at": placed.payload.occurred.at}
    return found


def _until(own: Sequence[PlacedEvent], protocol: Published, zone: ZoneInfo) -> str | None:
    """The end of the longest window after any of this partner's doses in this session."""
    ends: list[datetime] = []
    for placed in own:
        at = to_second(placed.payload.occurred.at)
        if not isinstance(placed.event, DoseAdministered):
            continue
        stopped = placed.event.stopped_at
        counts = at if stopped is None else max(at, from_instant(stopped))
        dose = Dose(Fact.of(placed), at, counts, placed.event.mass.mg, zone)
        ends.append(no_drive_until(dose, parameters_of(protocol).release))
    return to_instant(max(ends)) if ends else None


def _promised(own: Sequence[PlacedEvent]) -> dict[str, str] | None:
    for placed in reversed(own):
        if isinstance(placed.event, NoDrivingReleaseSigned | ReleaseAuthorised):
            return placed.event.no_drive_until.model_dump()
    return None


class _Protocols:
    """The protocols published so far; each question reads only what was added."""

    def __init__(self) -> None:
        self._size = 0
        self._said: list[PlacedEvent] = []

    def read(self, service: Service, when: AsOf) -> dict[str, tuple[str, Published]]:
        """By digest: id and event, as corrected by then; one that was voided is not among them."""
        while rows := service.opened.store.rows(self._size, BATCH):
            for row in rows:
                if isinstance(row, EventRow) and row.stream.startswith("protocol/"):
                    self._said.append(place(service.opened.store, row))
            self._size = rows[-1].position + 1
        known, happened = when.known_at, when.happened_up_to
        said = [placed for placed in self._said if known is None or placed.position < known]
        revoked = {kid: each for kid, each in service.keys.history.revoked.items() if known is None or each.at < known}
        return {
            placed.dig: (placed.payload.id, placed.event)
            for placed in effective(said, revoked)
            if isinstance(placed.event, PUBLISHED) and (happened is None or placed.payload.occurred.at <= happened)
        }


_PROTOCOLS: WeakKeyDictionary[Service, _Protocols] = WeakKeyDictionary()


def _roles(service: Service, owner: str, roles: str) -> list[str]:
    own: list[str] = json.loads(roles)
    return [*own, OFFICER_ROLE] if service.keys.is_officer(owner) else own
