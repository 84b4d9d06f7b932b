"""The log itself: entries, receipts, checkpoints, proofs and tiles (c2sp.org/tlog-tiles)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from api.web.access_traces import CODES
from api.web.answers import answer, octets, text
from api.web.bodies import PositionInPath
from api.web.both_times import AsAsked, size_of
from api.web.callers import READERS, SIGNED_IN, Caller, may_read_entry
from api.web.doors import Doors
from api.web.one_entry import late_of, place_alone, said_entry, signers_of, was_there, written_of
from api.web.routes.sign_in import CallerOf
from api.web.service import Service, ServiceOf
from ledger.encoding import to_base64
from ledger.errors import Invalid, Refused
from ledger.log_keys import open_covering
from ledger.store.port import EventRow, Row
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.proofs import prove_consistency, prove_inclusion
from ledger.tlog.tiles import TILE_WIDTH, encode_bundle, first_hashes, parse_tile_path, tile_width

doors = Doors("Log")

_ENTRY = {
    "position": 42,
    "kind": "event",
    "leaf": "f61839e5e6bee95ba6308d3e7832558e5ce7e25b58bc543cc341d2e0d09b8d4e",
    "entry": 'session-ledger/entry/v1\n{"env":"84e4fac8…","prev":null,"received_at":"…","stream":"…","version":1}',
    "envelope": '{"payload":"eyJhdHRl…","payloadType":"…","signatures":[…]}',
    "stream": "session/5f2c9a64-1e8b-4d37-b1c5-7a90e3f4d603/a",
    "type": "dose-administered/1",
    "version": 3,
    "dig": "4e686e191314221cbaeab8a8e5ef28a0fcb1de3ae99858c24a8db942f9f53bf4",
    "event_id": "019e311b-1900-7478-8ae5-475a1f34064a",
}
_SIGNER = {
    "by": "staff/91d6c2ab-5c1d-4c0e-8f7a-2d9e4b6a8c02",
    "key": "4ac12c0da562e9b5e2c767053433d4c3453994cb4662449b048de520d7ff8600",
    "custody": "device",
    "officer": False,
    "state": "valid",
    "why": None,
    "curable_by": None,
    "confirmed_at": [],
}
_WRITTEN = {
    "device": "device/7a1b4c8d-93e2-4f05-9b6e-58c0d7a3f106",
    "device_code": "T-1",
    "seq": 12,
    "clock_ahead_ms": 421000,
    "counts_at": "2026-05-16T13:57:59.000000Z",
    "not_before": "2026-05-16T13:00:00.000000Z",
    "not_after": "2026-05-16T15:00:00.000000Z",
    "contradiction": None,
}
_HASHES = ["r78Czo16h7RA4eOE0HQ2WPHP/4wSZaDmJNEBdbEpagQ="]
Start = Annotated[int, Query(ge=0, lt=2**53, description="The first position.")]
Size = Annotated[int | None, Query(ge=0, lt=2**53, description="A size of the log; without it, the signed one.")]


@doors.get("/v1/entries", who=READERS, gives={"entries": [_ENTRY], "next": 43, "size": 83})
async def entries(
    service: ServiceOf, caller: CallerOf, start: Start = 0, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> Response:
    """
    Entries in order, as bytes to be verified; sealed blocks are not among them.

    Of an entry that only compliance reads, or of a session that is not theirs to open, the envelope is withheld: its
    leaf and its place are there.
    """
    size = service.size
    rows = await service.read(service.opened.store.rows, start, min(limit, max(0, size - start)))
    service.access.searched(caller, ["entries"], len(rows))
    following = rows[-1].position + 1 if rows else start
    return answer(
        {
            "entries": await service.read(_entries, service, rows, caller),
            "next": following if following < size else None,
            "size": size,
        },
        position=size,
    )


@doors.get(
    "/v1/entries/{position}",
    who=READERS,
    gives=_ENTRY | {"standing": "valid", "signers": [_SIGNER], "written": _WRITTEN, "late": ["received 3 days later"]},
)
async def entry(service: ServiceOf, caller: CallerOf, position: PositionInPath, when: AsAsked) -> Response:
    """One entry with its envelope, what each signature counts for as known now or then, and how it was written."""
    size = await size_of(service, when)
    row = await service.read(service.opened.store.row, position)
    if row is None or not was_there(row, size, when):
        raise Refused("not-found", "There is no entry at this position.", field="position")
    if isinstance(row, EventRow) and not may_read_entry(caller, row):
        return answer(said_entry(row, caller) | {"standing": "withheld", "signers": [], "written": None, "late": []})
    if isinstance(row, EventRow):
        await service.read(service.glass.check, caller, _session_of(row))
        service.access.viewed(caller, [row.stream], privacy=CODES)
    signers = await service.read(signers_of, service, row, size, when)
    states = {each["state"] for each in signers}
    standing = next((state for state in ("not-enrolled", "quarantined", "disputed") if state in states), "valid")
    written = await service.read(written_of, service, row)
    late = await service.read(late_of, service, row, written)
    told = {"standing": standing, "signers": signers, "written": written, "late": late}
    return answer(said_entry(row, caller) | told)


@doors.get(
    "/v1/receipts/{position}", who=SIGNED_IN, media="text/plain", gives="c2sp.org/tlog-proof@v1\nextra …\nindex 42\n…"
)
async def receipt(service: ServiceOf, position: PositionInPath) -> Response:
    """The receipt of an entry: proof, checkable offline and for ever, that the log contains it."""
    return text(await service.read(_receipt, service, position))


@doors.get("/v1/checkpoint", who=SIGNED_IN, media="text/plain", gives="ledger.example.test/00c0…\n83\n6GCx…=\n\n— …\n")
async def checkpoint(service: ServiceOf) -> Response:
    """The newest signed checkpoint."""
    return await _note(service)


@doors.get("/checkpoint", who=SIGNED_IN, media="text/plain", gives="ledger.example.test/00c0…\n83\n6GCx…=\n\n— …\n")
async def tiled_checkpoint(service: ServiceOf) -> Response:
    """The newest signed checkpoint, where tlog-tiles expects it."""
    return await _note(service)


@doors.get(
    "/v1/proofs/inclusion", who=SIGNED_IN, gives={"position": 42, "size": 83, "leaf": _ENTRY["leaf"], "hashes": _HASHES}
)
async def inclusion(service: ServiceOf, position: Annotated[int, Query(ge=0, lt=2**53)], size: Size = None) -> Response:
    """The proof that the tree of `size` entries contains the entry at `position`, leaf side first."""

    def prove() -> dict[str, Any]:
        whole = _size(service, size)
        hashes = prove_inclusion(position, whole, service.opened.store.read_tile)
        row = service.opened.store.row(position)
        leaf = None if row is None else row.leaf.hex()
        return {"position": position, "size": whole, "leaf": leaf, "hashes": list(map(to_base64, hashes))}

    return answer(await service.read(prove))


@doors.get("/v1/proofs/consistency", who=SIGNED_IN, gives={"old": 42, "new": 83, "hashes": _HASHES})
async def consistency(service: ServiceOf, old: Annotated[int, Query(ge=0, lt=2**53)], new: Size = None) -> Response:
    """The proof that the tree of `new` entries begins with all entries of the tree of `old`, unchanged."""

    def prove() -> dict[str, Any]:
        whole = _size(service, new)
        hashes = prove_consistency(old, whole, service.opened.store.read_tile)
        return {"old": old, "new": whole, "hashes": list(map(to_base64, hashes))}

    return answer(await service.read(prove))


@doors.get("/tile/{path:path}", who=SIGNED_IN, media="application/octet-stream", gives="(bytes)")
async def tile(service: ServiceOf, path: str) -> Response:
    """A tile of hashes, such as `0/x001/234.p/56`, or a bundle of entries, such as `entries/000`."""
    name = parse_tile_path(f"tile/{path}")

    def load() -> bytes:
        level = 0 if name.level == "entries" else name.level
        if name.width > tile_width(level, name.index, _size(service, None)):
            raise Refused("not-found", "The log has no such tile yet.")
        if name.level == "entries":
            rows = service.opened.store.rows(name.index * TILE_WIDTH, name.width)
            return encode_bundle([row.entry for row in rows])
        return first_hashes(service.opened.store.read_tile(level, name.index), name.width)

    return octets(await service.read(load), for_ever=True)


def _entries(service: Service, rows: Sequence[Row], caller: Caller) -> list[dict[str, Any]]:
    sessions = {session for row in rows for session in _session_of(row)}
    closed = {session for session in sessions if not service.glass.is_open(caller, session)}
    return [said_entry(row, caller) if closed.isdisjoint(_session_of(row)) else place_alone(row) for row in rows]


def _session_of(row: Row) -> set[str]:
    """The session on one of whose records this entry stands, if it does."""
    joint = "/".join(row.stream.split("/")[:2]) if isinstance(row, EventRow) else ""
    return {joint} if joint.startswith("session/") else set()


def _receipt(service: Service, position: int) -> bytes:
    try:
        return service.recorder.receipt(position)
    except Invalid as error:
        if error.code != "tree-range":
            raise
        raise Invalid("not-covered", "There is no signed entry at this position.", field="position") from None


async def _note(service: Service) -> Response:
    note = await service.read(service.opened.store.latest_checkpoint)
    if note is None:
        raise Refused("not-found", "Nothing is signed yet.")
    return text(note)


def _size(service: Service, asked: int | None) -> int:
    """The size asked about, which a checkpoint must cover."""
    signed = _signed(service).size
    if asked is not None and asked > signed:
        raise Invalid("tree-range", f"The signed log has {signed} entries.", field="size")
    return signed if asked is None else asked


def _signed(service: Service) -> Checkpoint:
    note = service.opened.store.latest_checkpoint()
    if note is None:
        raise Refused("not-found", "Nothing is signed yet.")
    return open_covering(note, service.keys.history.log_keys(), service.opened.pin.origin)
