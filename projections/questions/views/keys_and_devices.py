"""The view of keys and devices: whose, kept how, in which state, and when each was last used."""

from __future__ import annotations

from collections import defaultdict

from ledger.devices import DeviceChain
from ledger.encoding import to_instant
from ledger.keys import KEY_EVENTS, EnrolledKey, KeyHistory
from ledger.reading import PlacedEvent
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.records.entries import entries, named
from projections.questions.told import everything

_SHOWN = 12
"""How much of a key's name is shown: enough to tell keys apart."""


@question(
    "keys-and-devices",
    "Which keys and devices are there, in which state, and when was each last used?",
    section="views",
    columns=(
        Column("kind", "Kind"),
        Column("name", "Name"),
        Column("owner", "Whose"),
        Column("custody", "Kept in"),
        Column("state", "State"),
        Column("since", "Since position", "number"),
        Column("used", "Entries", "number"),
        Column("last", "Last used", "instant"),
    ),
    takes=(),
    empty="There is no key and no device.",
    reading=(
        "Every key that was ever enrolled, then every device that was enrolled or wrote an entry. Whose a "
        "participant's key is, is not said."
    ),
)
def keys_and_devices(asked: Asked) -> Found:
    """One row for each key, then one for each device."""
    history = KeyHistory()
    signed: defaultdict[str, list[PlacedEvent]] = defaultdict(list)
    for placed in entries(asked, within=False):
        if isinstance(placed.event, KEY_EVENTS):
            history.apply(placed.position, placed.event)
        for kid in dict.fromkeys(each.key for each in placed.payload.attested):
            signed[kid].append(placed)
    rows = [_key(asked, history, kid, signed[kid]) for kid in (key.kid for key in history.all())]
    size = asked.ledger.size
    chains = [chain.up_to(to_instant(asked.ledger.as_of)) for chain in asked.ledger.known.devices]
    rows += [_device(asked, chain) for chain in chains if chain.count(size) or chain.code(size)]
    out = [each for each in rows if str(each.values["state"]).startswith("revoked")]
    figures = (
        figure("count", "Keys and devices", len(rows), everything(each.evidence for each in rows)),
        figure("revoked", "Revoked", len(out), everything(each.evidence for each in out)),
    )
    return Found(tuple(rows), figures)


def _key(asked: Asked, history: KeyHistory, kid: str, signed: list[PlacedEvent]) -> Row:
    key = history.find(kid)
    if key is None:
        raise KeyError(kid)
    last = signed[-1] if signed else None
    since = key.enrolled_at if key.revoked_at is None else key.revoked_at
    return row(
        [key.enrolled_at, since, *(() if last is None else (last.position,))],
        kind="key",
        name=kid[:_SHOWN],
        owner=named(asked, key.owner),
        custody=key.custody,
        state=_state(key),
        since=since,
        used=len(signed),
        last=None if last is None else last.received_at,
    )


def _state(key: EnrolledKey) -> str:
    if key.revoked_at is None:
        return "valid"
    return "revoked" if key.suspect_from is None else f"revoked, suspect from position {key.suspect_from} on"


def _device(asked: Asked, chain: DeviceChain) -> Row:
    size, known = asked.ledger.size, asked.ledger.known
    written = [link.position for seq in range(1, chain.last_seq(size) + 1) for link in chain.links(seq, size)]
    enrolled = [position for position, _ in chain.enrolments if position < size]
    revoked = chain.revoked_at(size)
    last = known.index.entry_at(max(written)) if written else None
    return row(
        [*enrolled, *written, *(() if revoked is None else (revoked,))],
        kind="device",
        name=chain.code(size) or chain.id,
        owner=None,
        custody=None,
        state="in use" if revoked is None else "revoked",
        since=min([*enrolled[-1:], *written]) if revoked is None else revoked,
        used=len(written),
        last=None if last is None else last.received_at,
    )
