"""What the page `/record` asks: which acts there are, how each is entered, and what may be chosen in its form."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from api.web.access_traces import CODES
from api.web.answers import answer
from api.web.callers import SIGNED_IN
from api.web.choices import choices
from api.web.doors import Doors
from api.web.forms import form, sentence
from api.web.named_entries import entries_on, readers_of
from api.web.recordable import CREATES, ELSEWHERE, MAY_CREATE, acts, may_record, newest
from api.web.routes.sign_in import CallerOf
from api.web.service import Service, ServiceOf
from api.web.shapes import shape
from ledger.encoding import to_instant
from ledger.errors import Invalid, Refused
from ledger.events import EVENT_TYPES
from ledger.store.port import EventRow
from projections.compliance.ledger_at import LedgerAt

doors = Doors("Recording by form")

_UUID4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_OF_ONE = rf"(?:person|couple|staff|location|protocol|stock|governance)/{_UUID4}|session/{_UUID4}(?:/[ab])?"
_RECORD = rf"^(?:{_OF_ONE}|protocol|location|governance)$"

TypeName = Annotated[
    str,
    Query(alias="type", pattern=r"^[a-z][a-z0-9-]{1,62}(?:/[1-9])?$", description="consent-signed, or with version."),
]


@doors.get(
    "/v1/forms",
    who=SIGNED_IN,
    gives={
        "acts": [
            {
                "act": "orders",
                "title": "Orders",
                "idea": "What becomes of a prescriber's order after it was signed.",
                "types": [{"type": "order-amended/1", "name": "order-amended", "sentence": "A prescriber replaces …"}],
            }
        ]
    },
)
async def forms(caller: CallerOf) -> Response:
    """The types of event that the caller may record on a page, by clinical act."""
    return answer({"acts": acts(caller.roles)})


@doors.get(
    "/v1/form",
    who=SIGNED_IN,
    gives={
        "type": "course-stopped/1",
        "name": "course-stopped",
        "sentence": "A course ends before its time.",
        "may": True,
        "elsewhere": None,
        "creates": "never",
        "shape": {"stream": "person", "authorises": False, "fields": [], "signers": []},
        "fields": {"reason": {"kind": "text", "privacy": "sensitive", "slot": None}},
    },
)
async def one_form(caller: CallerOf, type_name: TypeName) -> Response:
    """How one type is entered, field by field; a name without a version is its newest."""
    kind = EVENT_TYPES.get(type_name) if "/" in type_name else newest().get(type_name)
    if kind is None or any(signer.by == "service" for signer in kind.SIGNERS):
        raise Invalid("parameter", "Nobody records an event of this type.", field="type")
    name = kind.type_tag().split("/")[0]
    return answer(
        {
            "type": kind.type_tag(),
            "name": name,
            "sentence": sentence(kind),
            "may": may_record(kind, caller.roles),
            "elsewhere": ELSEWHERE.get(name),
            "creates": "always" if name in CREATES else "maybe" if name in MAY_CREATE else "never",
            "shape": shape(kind),
            "fields": form(kind),
        }
    )


@doors.get(
    "/v1/choices",
    who=SIGNED_IN,
    gives={
        "staff": [{"id": "staff/91d6c2ab-5c1d-4c0e-8f7a-2d9e4b6a8c02", "code": "MD1"}],
        "person": [{"id": "person/3c…", "code": "C-07, A", "couple": "couple/1f…", "slot": "a"}],
    },
)
async def known_by_code(caller: CallerOf, service: ServiceOf) -> Response:
    """The records a form offers by code, as far as the caller may see that they are there."""
    found = await service.read(lambda: choices(_now(service), caller))
    if any("couple" not in each for each in found["person"]):
        service.access.searched(caller, ["participant"], len(found["person"]))
    return answer(found)


@doors.get(
    "/v1/choices/entries",
    who=SIGNED_IN,
    gives={
        "entries": [
            {
                "dig": "9a…",
                "id": "019e…",
                "position": 41,
                "type": "order-signed/1",
                "at": "2026-05-02T14:00:00.000000Z",
                "record": "person/3c…",
                "words": "order signed · 2026-05-02 10:00 EDT · sublingual, dose max 100 mg",
            }
        ]
    },
)
async def entries_by_words(
    caller: CallerOf,
    service: ServiceOf,
    record: Annotated[str, Query(pattern=_RECORD, description="A record, or a kind of records that is nobody's.")],
    types: Annotated[str, Query(pattern=r"^(?:[a-z][a-z0-9-]{1,62},?){0,6}$", description="Names of types.")] = "",
) -> Response:
    """The entries on a record, and beside it, that a new entry may name; the newest first."""
    readers = readers_of(record)
    if readers is not None and readers.isdisjoint(caller.roles):
        raise Refused("not-allowed", "In your role you do not read this record.", field="record")
    ledger = await service.read(_now, service)
    sessions = _sessions_of(ledger, record)
    await service.read(service.glass.check, caller, sessions)
    named = frozenset(filter(None, types.split(",")))
    found = await service.read(entries_on, ledger, record, named, caller, _event_ids(service))
    if record.startswith(("person/", "session/")):
        service.access.viewed(caller, [record], privacy=CODES)
    return answer({"entries": found})


def _now(service: Service) -> LedgerAt:
    return service.compliance.at(as_of=to_instant(service.clock.wall()))


def _sessions_of(ledger: LedgerAt, record: str) -> set[str]:
    if record.startswith("session/"):
        return {"/".join(record.split("/")[:2])}
    if record.startswith("person/"):
        return {history.session for history, _ in ledger.sessions_of(record)}
    return set()


def _event_ids(service: Service) -> Any:  # noqa: ANN401  # a small reader
    def event_id(position: int) -> str | None:
        row = service.opened.store.row(position)
        return row.event_id if isinstance(row, EventRow) else None

    return event_id
