"""
Between an event and what is signed: its open body, and one sealed block for each subject and field class.

`take_apart` and `put_together` mirror each other.
Which blocks a type has is fixed by its class and its stream (`block_names`), never by its content:
an empty block is still a block.
Source: format v1, section 2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType

from pydantic import TypeAdapter, ValidationError

from ledger.block import Block
from ledger.canonical import Json, spelled
from ledger.errors import Invalid
from ledger.events.base import Event
from ledger.events.fields import WITHHELD, FieldClass, Gone


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a field travels: its slot (None: the stream's own subject), its class, and its name there."""

    slot: str | None
    privacy: str
    name: str


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where the fields of a type travel on one kind of record: its open fields, and by block name those inside."""

    tag: str
    open: frozenset[str]
    sealed: dict[str, dict[str, str]]
    """Block name -> name inside the block -> field."""
    elsewhere: dict[str, None]
    """Fields that exist only on another kind of record, and are null here."""
    renamed: bool
    """Whether any field is called otherwise inside its block."""


@dataclass(frozen=True, slots=True)
class Parts:
    """An event taken apart: the open body and, by block name, the sealed values."""

    body: dict[str, Json]
    sealed: dict[str, dict[str, Json]]


def block_names(kind: type[Event], stream: str) -> tuple[str, ...]:
    """The names of the blocks an event of this class has on this stream, in alphabetical order."""
    return tuple(_plan(kind, stream).sealed)


def form_of(stream: str) -> tuple[str, str]:
    """Whose a record is, and the slot of its own subject: records of one form have the same blocks."""
    return _shared(stream), _own_slot(stream)


def fields_by_part(kind: type[Event], shared: str, own: str) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """The fields in the open body, and those in each sealed block, on a record of this form: name there, and field."""
    plan = _plan_for(kind, shared, own)
    return {name: name for name in plan.open}, plan.sealed


def take_apart(event: Event, stream: str) -> Parts:
    """
    The open body and the sealed values of an event.

    Raises:
        Invalid: `gone`, when a sealed value is not there to be signed.
    """
    own = _own_slot(stream)
    values = event.model_dump(mode="python", exclude={"type"})
    body: dict[str, Json] = {}
    sealed: dict[str, dict[str, Json]] = {name: {} for name in block_names(type(event), stream)}
    places = _fitting(type(event), _shared(stream))
    for name in sorted(set(values) - set(places)):
        if values[name] is not None:
            raise Invalid("unknown-field", "On this record there is no such field.", field=name, remedy=_OF_RECORD)
    for name, place in places.items():
        if isinstance(getattr(event, name), Gone):
            raise Invalid("gone", "A value that is gone cannot be signed again.", field=name)
        if place.privacy == "open":
            body[place.name] = values[name]
        else:
            sealed[f"{place.slot or own}/{place.privacy}"][place.name] = values[name]
    return Parts(body, sealed)


def put_together(
    kind: type[Event],
    stream: str,
    body: Mapping[str, Json],
    blocks: Mapping[str, Block],
    absent: Gone = WITHHELD,
    gone: Mapping[str, Gone] = MappingProxyType({}),
) -> Event:
    """
    The event of a body and its blocks by name; the fields of a block that is not there are `absent`.

    `gone` says for single blocks, by name, why they are not there.

    Raises:
        Invalid: `missing-field`, `unknown-field`, `impossible-value` or `field-value` with the field's name;
            `blocks-of-type` for a block this type does not have.
    """
    plan = _plan(kind, stream)
    for name in blocks:
        if name not in plan.sealed:
            raise Invalid("blocks-of-type", f"An event of this type has no block {name}.", field=f"blocks.{name}")
    _refuse_unknown("", body, plan.open)
    members: dict[str, object] = {"type": plan.tag, **plan.elsewhere, **body}
    for name, fields in plan.sealed.items():
        block = blocks.get(name)
        if block is None:
            members.update(dict.fromkeys(fields.values(), gone.get(name, absent)))
            continue
        _refuse_unknown(name, block.value, fields.keys())
        if plan.renamed:
            members.update((fields[inside], value) for inside, value in block.value.items())
        else:
            members.update(block.value)
    event = make_event(kind, members)
    _refuse_respelled(event, members, complete=len(blocks) == len(plan.sealed))
    return event


def read_quickly(
    kind: type[Event], stream: str, body: Mapping[str, Json], sealed: Mapping[str, Mapping[str, Json]]
) -> Event | None:
    """The same as `put_together` when all blocks are there, by name; None where that has to say what is wrong."""
    plan = _plan(kind, stream)
    if sealed.keys() != plan.sealed.keys() or not body.keys() <= plan.open:
        return None
    members: dict[str, object] = {"type": plan.tag, **plan.elsewhere, **body}
    for name, value in sealed.items():
        fields = plan.sealed[name]
        if value.keys() != fields.keys():
            return None
        if plan.renamed:
            members.update(zip(map(fields.__getitem__, value), value.values(), strict=True))
        else:
            members.update(value)
    adapter = _adapter(kind)
    try:
        event: Event = adapter.validator.validate_python(members)
    except ValidationError:
        return None
    # equal to Python, where 1 is True, is equal here: no type takes the one for the other (strict), or a float at all
    return event if adapter.serializer.to_python(event, mode="json") == members else None


def make_event(kind: type[Event], members: Mapping[str, object], *, lenient: bool = False) -> Event:
    """
    The event of these field values; `lenient` also takes text for numbers and yes/no, as people type them.

    Raises:
        Invalid: `missing-field`, `unknown-field`, `impossible-value` or `field-value` with the field's name.
    """
    try:
        event: Event = _adapter(kind).validator.validate_python(members, strict=False if lenient else None)
    except ValidationError as error:
        raise _as_invalid(error) from None
    return event


_FIELD = re.compile(r"(?!(?:bool|int|str|none)$)[a-z][a-z0-9_]*")
"""What a field is called; pydantic also names the branches of a union in its paths, and those go."""

_IMPOSSIBLE = {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}


def _as_invalid(error: ValidationError) -> Invalid:
    first = error.errors(include_url=False, include_input=False)[0]
    kind, message = first["type"], first["msg"]
    field = ".".join(str(part) for part in first["loc"] if isinstance(part, int) or _FIELD.fullmatch(part))
    if kind == "missing":
        return Invalid("missing-field", "This field is missing.", field=field, remedy="Every field is given, or null.")
    if kind == "extra_forbidden":
        return Invalid("unknown-field", "This type has no such field.", field=field, remedy="Leave it out.")
    if kind in _IMPOSSIBLE or "impossible" in message:
        return Invalid("impossible-value", f"{message}.", field=field, remedy="Check the value and its unit.")
    return Invalid("field-value", f"{message}.", field=field, remedy="See docs/events.md for what it takes.")


def _refuse_unknown(block: str, members: Mapping[str, Json], known: AbstractSet[str]) -> None:
    if members.keys() <= known:
        return
    unknown = sorted(members.keys() - known)
    field = f"{block}:{unknown[0]}" if block else unknown[0]
    raise Invalid("unknown-field", "This type has no such field.", field=field, remedy="Leave it out.")


def _refuse_respelled(event: Event, members: Mapping[str, object], *, complete: bool) -> None:
    """Two spellings of one event would have two digests: what was read must be what would be written."""
    read: dict[str, object] = _adapter(type(event)).serializer.to_python(event)
    if complete and spelled(read) == spelled(members):
        return
    received = {field: value for field, value in members.items() if type(value) is not Gone}
    if len(members) == len(read) and spelled({field: read[field] for field in received}) == spelled(received):
        return
    for field, value in read.items():
        if field not in members:
            raise Invalid("missing-field", "This field is missing.", field=field, remedy="Give every field, or null.")
        if field in received and spelled(value) != spelled(received[field]):
            raise Invalid("field-value", "The value is not in its canonical form.", field=field)


@lru_cache(maxsize=8192)
def _plan(kind: type[Event], stream: str) -> _Plan:
    return _plan_for(kind, _shared(stream), _own_slot(stream))


@lru_cache(maxsize=512)
def _plan_for(kind: type[Event], shared: str, own: str) -> _Plan:
    places = _fitting(kind, shared)
    sealed: dict[str, dict[str, str]] = {}
    for field, place in sorted(places.items()):
        if place.privacy != "open":
            sealed.setdefault(f"{place.slot or own}/{place.privacy}", {})[place.name] = field
    opened = frozenset(field for field, place in places.items() if place.privacy == "open")
    elsewhere = {field: None for field in _places(kind) if field not in places}
    renamed = any(inside != field for fields in sealed.values() for inside, field in fields.items())
    return _Plan(kind.type_tag(), opened, dict(sorted(sealed.items())), elsewhere, renamed)


@cache
def _adapter(kind: type[Event]) -> TypeAdapter[Event]:
    """What checks and writes events of a class; asking the class itself costs twice as much."""
    return TypeAdapter(kind)


def _own_slot(stream: str) -> str:
    return stream[-1] if stream.startswith("session/") and stream[-2] == "/" else "subject"


_OF_RECORD = "Use the field of this record: without a letter on one person's, with one on a joint record."


def _shared(stream: str) -> str:
    """Whose a record is: `one` person's, of `both` partners, or `nobody`'s."""
    kind = stream.partition("/")[0]
    if kind in ("person", "staff", "stock") or _own_slot(stream) != "subject":
        return "one"
    return "both" if kind in ("session", "couple") else "nobody"


@lru_cache(maxsize=512)
def _fitting(kind: type[Event], shared: str) -> dict[str, _Place]:
    """
    Where each field travels on such a record.

    A type that may stand on any record has a field for its own subject and one for each partner; those that fit
    the record are there, the others do not exist.
    """
    places = _places(kind)
    if kind.STREAM != "any":
        return places
    of = {"one": (None,), "both": ("a", "b"), "nobody": ()}[shared]
    return {name: place for name, place in places.items() if place.privacy == "open" or place.slot in of}


@lru_cache(maxsize=256)
def _places(kind: type[Event]) -> dict[str, _Place]:
    places = {}
    for name, field in kind.model_fields.items():
        if name == "type":
            continue
        classes = [item for item in field.metadata if isinstance(item, FieldClass)]
        if len(classes) != 1:
            raise TypeError(f"{kind.__name__}.{name} must declare exactly one field class")
        privacy, slot = classes[0].privacy, classes[0].slot
        if slot is not None and not name.endswith(f"_{slot}"):
            raise TypeError(f"{kind.__name__}.{name} is {slot}'s, so its name ends in _{slot}")
        places[name] = _Place(slot, privacy, name.removesuffix(f"_{slot}") if slot else name)
    return places
