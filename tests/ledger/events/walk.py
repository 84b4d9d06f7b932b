"""What the tests see of an event type: its fields with their privacy, and every leaf of their annotations."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from ledger.events.base import Event
from ledger.events.fields import FieldClass
from ledger.events.measures import Part
from ledger.events.sealing import make_event
from tests.ledger.events.examples import EXAMPLES


def fields_of(kind: type[Event]) -> dict[str, tuple[FieldClass, Any]]:
    """Each field's privacy and its whole annotation; of a type for any record those on one person's record."""
    hints = get_type_hints(kind, include_extras=True)
    fields = {
        name: (next(item for item in get_args(hints[name])[1:] if isinstance(item, FieldClass)), hints[name])
        for name in kind.model_fields
        if name != "type"
    }
    return {name: each for name, each in fields.items() if kind.STREAM != "any" or each[0].slot is None}


def leaves(hint: Any, metadata: tuple[Any, ...] = ()) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Every plain type inside an annotation, with what is said about it."""
    origin = get_origin(hint)
    if origin is Annotated:
        yield from leaves(get_args(hint)[0], get_args(hint)[1:])
    elif origin in (Union, types.UnionType, tuple):
        for inner in get_args(hint):
            if inner is not Ellipsis:
                yield from leaves(inner)
    elif origin is Literal:
        for value in get_args(hint):
            yield value, ()
    elif isinstance(hint, type) and issubclass(hint, Part):
        for inner in get_type_hints(hint, include_extras=True).values():
            yield from leaves(inner)
    else:
        yield hint, metadata


def may_be_null(hint: Any) -> bool:
    """Whether a field takes null."""
    return type(None) in get_args(hint) or any(
        type(None) in get_args(inner) for inner in get_args(hint) if get_origin(inner) in (Union, types.UnionType)
    )


def example_with(tag: str, **values: Any) -> Event:
    """
    The example of a type with other values, checked like a new event.

    Raises:
        Invalid: what `make_event` raises.
    """
    event = EXAMPLES[tag].event
    return make_event(type(event), {**event.model_dump(), **values})
