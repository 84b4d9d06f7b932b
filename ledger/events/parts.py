"""
Each part of an event by itself: whether bytes are how its open body, or one of its sealed blocks, is spelled.

    parts_of(SupervisionChecked, "one", "a").sealed[b"a/sensitive"](b'{"late_reason":null,"not_obtained":[]}')

An audit needs no event, only to know that there is one: a part that is read field by field, and comes back byte for
byte when it is written, says so in half the time.
The fields are those of the class, with everything they check. A class whose fields ask about each other is read
whole (`sealing.read_quickly`). `tests/ledger/events/test_parts.py` holds the two ways equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple, TypeAlias, cast

from pydantic import TypeAdapter
from pydantic_core import CoreConfig, CoreSchema, SchemaSerializer, SchemaValidator, ValidationError, core_schema

from ledger.canonical import has_plain_text
from ledger.events.base import Event
from ledger.events.sealing import fields_by_part

Asked: TypeAlias = Callable[[bytes], bool]
"""Whether these bytes are the canonical spelling of a value that this part may have."""

_SHORT = 64
"""Bytes of a part that is remembered: what hardly anybody fills in is nearly always the same few words."""


class Parts(NamedTuple):
    """What to ask of the open body, and of each sealed block by its name."""

    body: Asked
    sealed: Mapping[bytes, Asked]


_Schema: TypeAlias = dict[str, Any]


class _Fields(NamedTuple):
    """The fields of a class, as its checks are made of them."""

    of: Mapping[str, _Schema]
    shared: list[CoreSchema]
    config: CoreConfig


@lru_cache(maxsize=512)
def parts_of(kind: type[Event], shared: str, own: str) -> Parts | None:
    """The parts of this type on a record of this form (`sealing.form_of`); None when it has to be read whole."""
    fields = _fields(kind)
    if fields is None:
        return None
    opened, sealed = fields_by_part(kind, shared, own)
    blocks = {name.encode(): _asked(fields, inside, any_text=True) for name, inside in sealed.items()}
    return Parts(_asked(fields, opened, any_text=False), blocks)


def _asked(fields: _Fields, names: Mapping[str, str], *, any_text: bool) -> Asked:
    """`names` are those inside the part, each with the field it is."""
    members = {
        inside: core_schema.typed_dict_field(cast("CoreSchema", fields.of[name]))
        for inside, name in sorted(names.items())
    }
    schema: CoreSchema = core_schema.typed_dict_schema(members, extra_behavior="forbid", config=fields.config)
    if fields.shared:
        schema = core_schema.definitions_schema(schema, fields.shared)
    read, write = SchemaValidator(schema).validate_json, SchemaSerializer(schema).to_json

    def is_one(data: bytes) -> bool:
        try:
            return write(read(data)) == data and has_plain_text(data, any_text=any_text)
        except ValidationError:
            return False

    is_one_of_few = lru_cache(maxsize=64)(is_one)

    def asked(data: bytes) -> bool:
        return is_one_of_few(data) if len(data) <= _SHORT else is_one(data)

    return asked


@cache
def _fields(kind: type[Event]) -> _Fields | None:
    match TypeAdapter(kind).core_schema:
        case {"type": "definitions", "schema": whole, "definitions": shared}:
            pass
        case whole:
            shared = []
    match whole:
        case {"type": "model", "schema": {"type": "model-fields", "fields": members}, "config": config}:
            schemas = {name: _without_gone(member["schema"]) for name, member in members.items()}
        case _:
            return None  # the class itself checks something, beside its fields
    if whole.get("post_init") or any(_asks_others(schema) for schema in schemas.values()):
        return None
    return _Fields(schemas, shared, config)


def _asks_others(schema: _Schema) -> bool:
    """Whether a field is checked by looking at those before it."""
    while schema["type"] in ("nullable", "default", "function-after"):
        if schema["type"] == "function-after" and schema["function"]["type"] != "no-info":
            return True
        schema = schema["schema"]
    return str(schema["type"]).startswith("function")


def _without_gone(schema: _Schema) -> _Schema:
    """The same without the choice that a value is gone, which nothing that was written is."""
    match schema:
        case {"type": "nullable", "schema": inner}:
            return {**schema, "schema": _without_gone(inner)}
        case {"type": "union", "choices": [only, {"type": "is-instance"}]} if isinstance(only, dict):
            return only
        case _:
            return schema
