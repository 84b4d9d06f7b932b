"""
Paper days: what a typed sheet becomes, and what those it names have to sign.

Nothing is recorded here. The answer is what is to be signed, in order; each is signed on the device that holds the
key and handed in as a batch (`POST /v1/batches`), which keeps a line and its entry together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from starlette.responses import Response

from api.paper.countersigning import countersignature
from api.paper.names import Scan, look_up
from api.paper.sheet import sheet_of
from api.paper.transcribing import Draft, Typing, Typist
from api.web.answers import answer
from api.web.bodies import Countersigned, PaperDay
from api.web.both_times import AsAsked
from api.web.callers import SIGNED_IN, Caller
from api.web.doors import Doors
from api.web.routes.sign_in import CallerOf
from api.web.service import Service, ServiceOf
from ledger.encoding import to_base64
from ledger.errors import Refused
from projections.pending import to_countersign

doors = Doors("Paper days")

_ITEM = {"line": 12, "payload": "eyJhdHRlc3RlZCI6…", "blocks": ["WyJxdzhGYk5pWnI0RGdTMHhXVFdwaUhBIiwi…"]}
_WAITS = {
    "position": 141,
    "dig": "4e68…",
    "id": "019e311b-1900-7478-8ae5-475a1f34064a",
    "record": "session/5f2c…/a",
    "line": 12,
    "document": "9f86d081…",
    "local": "2026-09-12 10:00",
    "slot": "a",
    "phrase": "100 mg sublingual from own-A",
    "meaning": "performed",
    "role": "nurse",
}


@doors.post(
    "/v1/paper-days",
    who=SIGNED_IN,
    takes={"sheet": "paper-day: Saturday\nzone: …", "document": "9f86d081…", "key": "4ac12c0d…", "role": "nurse"},
    gives={
        "document": "9f86d081…",
        "lines": [
            {
                "line": 12,
                "at": "2026-09-12T10:00:00-04:00",
                "type": "dose-administered/1",
                "position": None,
                "doubt": "",
            }
        ],
        "problems": [
            {
                "at_line": 40,
                "line": "13",
                "code": "paper-line",
                "field": "by",
                "message": "RN9 is not in the cast.",
                "remedy": "…",
            }
        ],
        "items": [_ITEM],
    },
    max_body_size=524_288,
)
async def paper_day(body: PaperDay, caller: CallerOf, service: ServiceOf) -> Response:
    """What a sheet becomes: the problems of its lines, and what you sign for those that are right, in order."""

    def compose() -> dict[str, Any]:
        _check_key(service, caller, body.key)
        sheet, scan, opened = sheet_of(body.sheet), Scan(service.opened.pin.origin, body.document), service.opened
        named = look_up(sheet, scan, opened.store, opened.subject_keys, service.database)
        typist = Typist(caller.owner, body.key, body.role)
        desk = Typing(opened.store, typist, scan, service.clock.wall(), service.composer().seen, service.entropy)
        plan = desk.read(sheet, named)
        numbers = {draft.payload.id: item.line.number for item in plan.new for draft in item.drafts}
        return {
            "document": plan.document,
            "lines": [
                {
                    "line": item.line.number,
                    "at": item.line.at.isoformat(),
                    "type": item.type,
                    "position": item.recorded,
                    "doubt": item.doubt,
                }
                for item in plan.items
            ],
            "problems": [asdict(each) for each in plan.problems],
            "items": _items(plan.drafts(), numbers),
        }

    return answer(await service.write(compose))


@doors.get("/v1/countersignatures", who=SIGNED_IN, gives={"position": 160, "owner": "staff/91d6…", "entries": [_WAITS]})
async def countersignatures(caller: CallerOf, service: ServiceOf, when: AsAsked) -> Response:
    """What typed sheets say you did, and you have not signed yet."""
    found = await service.read(lambda: to_countersign(service.database, caller.owner, as_of=when))
    return answer(asdict(found))


@doors.post(
    "/v1/countersignatures",
    who=SIGNED_IN,
    takes={"key": "4ac12c0d…", "only": [141], "disputed": [{"position": 143, "reason": "It was 50 mg."}]},
    gives={"items": [{"line": 12, "payload": "eyJhdHRlc3RlZCI6…", "blocks": []}]},
)
async def compose_countersignatures(body: Countersigned, caller: CallerOf, service: ServiceOf) -> Response:
    """What you sign to confirm or dispute these entries, or all that wait for you; hand it in as a batch."""

    def compose() -> dict[str, Any]:
        _check_key(service, caller, body.key)
        waiting = {each.position: each for each in to_countersign(service.database, caller.owner).entries}
        reasons = {each.position: each.reason for each in body.disputed}
        chosen = sorted({*body.only, *reasons}) if body.only is not None else sorted(waiting)
        for position in (*chosen, *reasons):
            if position not in waiting:
                message = f"No typed entry at position {position} waits for you."
                raise Refused("not-found", message, field="only", remedy="Ask again what waits for you.")
        drafts = [
            countersignature(
                waiting[position],
                "disputes" if position in reasons else "confirms",
                reasons.get(position),
                by=Typist(caller.owner, body.key, waiting[position].role),
                origin=service.opened.pin.origin,
                now=service.clock.wall(),
                seen=service.composer().seen,
                entropy=service.entropy,
            )
            for position in chosen
        ]
        lines = {draft.payload.id: waiting[at].line for draft, at in zip(drafts, chosen, strict=True)}
        return {"items": _items(drafts, lines)}

    return answer(await service.write(compose))


def _check_key(service: Service, caller: Caller, kid: str) -> None:
    """Nobody has something prepared for a key that is not theirs, or does not count."""
    if kid not in {key.kid for key in service.keys.valid(caller.owner)}:
        raise Refused(
            "key-owner",
            "This is no key of yours that counts.",
            field="key",
            remedy="Name the key of this tablet, or have one enrolled.",
        )


def _items(drafts: Sequence[Draft], lines: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "line": lines.get(draft.payload.id),
            "payload": to_base64(draft.payload.bytes()),
            "blocks": list(draft.texts),
        }
        for draft in drafts
    ]
