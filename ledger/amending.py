"""
An entry with the values somebody says it should have had.

    amended(dose, correction).placed.event.mass    -> 50 mg, where 100 mg was signed

A field is named by its path: `mass`, `blood_pressure.systolic`, `identifiers.0`, `occurred.at`.
A sealed field is corrected by a sealed value of its own slot and class, and by no other.
Where a correction can no longer be read, neither can the fields it may have changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from ledger.canonical import canonical
from ledger.errors import Invalid
from ledger.events.base import Event
from ledger.events.corrections import EntryCorrected, OpenChange, SealedChange
from ledger.events.fields import FieldClass, Gone
from ledger.events.sealing import make_event
from ledger.payload import Occurred
from ledger.reading import PlacedEvent

OCCURRED = "occurred"
"""The one part of a payload that can be corrected beside the fields: when it happened."""

GROUPS = tuple(f"{privacy}{end}" for privacy in ("clinical", "sensitive", "identity") for end in ("", "_a", "_b"))


@dataclass(frozen=True, slots=True)
class Amended:
    """The entry as it should have been; `conflicts` when another value stood there than the correction says."""

    placed: PlacedEvent
    conflicts: bool


def touched(correction: EntryCorrected) -> frozenset[str]:
    """The fields of an entry that a correction changes, as far as it can be read."""
    return frozenset(change.field.partition(".")[0] for _, change in _changes(correction))


def perhaps_touched(target: Event, correction: EntryCorrected) -> frozenset[str]:
    """The fields it may change as well, because a part of it cannot be read."""
    gone = {group for group in GROUPS if isinstance(getattr(correction, group), Gone)}
    return frozenset(name for name, own in groups_of(type(target)).items() if own in gone)


def groups_of(kind: type[Event]) -> dict[str, str]:
    """For each field of a type the member of a correction that carries it, such as `changes` or `identity_a`."""
    groups = {OCCURRED: "changes"}
    for name, field in kind.model_fields.items():
        for item in field.metadata:
            if isinstance(item, FieldClass):
                own = item.privacy if item.slot is None else f"{item.privacy}_{item.slot}"
                groups[name] = "changes" if item.privacy == "open" else own
    return groups


def amended(target: PlacedEvent, change: PlacedEvent) -> Amended | None:
    """The entry after a correction; None where the values it brings cannot be put into it."""
    if not isinstance(change.event, EntryCorrected):
        return None
    try:
        return _amended(target, change.event)
    except Invalid:
        return None


def check_correction(target: PlacedEvent, correction: EntryCorrected) -> None:
    """
    Pass when these values could have stood in that entry.

    Raises:
        Invalid: `correction-field` for a field it does not have, or in another class than its own; `field-value`,
            `impossible-value` … for a value it could never have held.
    """
    groups = groups_of(type(target.event))
    changes = list(_changes(correction))
    if not changes:
        raise Invalid("correction-field", "Nothing is corrected.", field="changes", remedy="Name a field.")
    for group, change in changes:
        own = groups.get(change.field.partition(".")[0])
        if own != group:
            where = "it has no such field" if own is None else f"that field is corrected under `{own}`"
            raise Invalid(
                "correction-field",
                f"In {type(target.event).type_tag()} {where}.",
                field=f"{group}.{change.field}",
                remedy="docs/events.md lists the fields of each type with their class.",
            )
    _amended(target, correction)


def _amended(target: PlacedEvent, correction: EntryCorrected) -> Amended:
    values = _values(target.event)
    occurred: dict[str, Any] = target.payload.occurred.model_dump()
    conflicts = False
    for group in GROUPS:
        gone = getattr(correction, group)
        if isinstance(gone, Gone):
            values |= {name: gone for name, own in groups_of(type(target.event)).items() if own == group}
    for _, change in _changes(correction):
        top, *path = change.field.split(".")
        inside: dict[str, Any] = {OCCURRED: occurred} if top == OCCURRED else values
        before = _at(inside, [top, *path])
        if isinstance(before, Gone):
            if path:
                continue
        elif canonical(before, any_text=True) != canonical(change.was, any_text=True):
            conflicts = True
        _put(inside, [top, *path], change.now)
        if top == OCCURRED:
            occurred = inside[OCCURRED]
    event = make_event(type(target.event), values)
    try:
        when = Occurred.model_validate(occurred)
    except ValidationError as error:
        raise Invalid("field-value", f"{error.errors()[0]['msg']}.", field=OCCURRED) from None
    payload = target.payload.model_copy(update={"occurred": when})
    return Amended(replace(target, payload=payload, event=event), conflicts)


def _changes(correction: EntryCorrected) -> Iterator[tuple[str, OpenChange | SealedChange]]:
    for change in correction.changes:
        yield "changes", change
    for group in GROUPS:
        sealed: tuple[SealedChange, ...] | Gone | None = getattr(correction, group)
        if sealed is not None and not isinstance(sealed, Gone):
            for each in sealed:
                yield group, each


def _values(event: Event) -> dict[str, Any]:
    dumped = event.model_dump(mode="python", exclude={"type"})
    return {name: value if isinstance(value := getattr(event, name), Gone) else _lists(dumped[name]) for name in dumped}


def _lists(value: Any) -> Any:  # noqa: ANN401  # a value as a field holds it
    """The same with lists where a model has tuples, so that a member can be replaced."""
    if isinstance(value, dict):
        return {name: _lists(item) for name, item in value.items()}
    return [_lists(item) for item in value] if isinstance(value, list | tuple) else value


def _at(value: Any, path: list[str]) -> Any:  # noqa: ANN401
    for step in path:
        if isinstance(value, Gone):
            return value
        value = _step(value, step)
    return value


def _step(value: Any, step: str) -> Any:  # noqa: ANN401
    if isinstance(value, dict) and step in value:
        return value[step]
    if isinstance(value, list) and step.isdigit() and int(step) < len(value):
        return value[int(step)]
    raise Invalid("correction-field", f"There is no {step} there.", field=step, remedy="Name the whole field.")


def _put(value: Any, path: list[str], now: Any) -> None:  # noqa: ANN401
    *way, last = path
    inside = _at(value, way)
    _step(inside, last)
    inside[int(last) if isinstance(inside, list) else last] = now
