"""
Free texts: which fields hold one, and every text on a record.

    for text in texts_on(ledger, "session/…"): …

Also what is said about another entry may hold one: a note to a correction, the reason of a dispute.
An entry that does not count any more is left out: what it says is marked as taken back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from ledger.events.base import Event
from ledger.events.fields import FieldClass, Gone
from ledger.events.measures import Part
from ledger.events.words import FreeText, Named
from ledger.vocabulary import Slot
from projections.compliance.known import Fact
from projections.compliance.ledger_at import LedgerAt

_NAMED = next(item for item in get_args(FreeText) if isinstance(item, Named))


@dataclass(frozen=True, slots=True)
class Text:
    """One free text and where it stands; `whose` is null on a joint field of a joint record."""

    fact: Fact
    field: str
    whose: Slot | None
    text: str | Gone


def texts_on(ledger: LedgerAt, record: str) -> list[Text]:
    """Every free text of a record by then, in the order it was written."""
    known = ledger.known
    said = [known.fact(placed) for placed in known.said_on(record) if placed.position < ledger.size]
    facts = [*ledger.on(record), *(fact for fact in said if fact.at <= ledger.as_of)]
    found = [text for fact in facts if _fields(type(fact.event)) for text in _texts_in(fact)]
    return sorted(found, key=lambda text: (text.fact.at, text.fact.position, text.field))


def _texts_in(fact: Fact) -> Iterator[Text]:
    for name, slot, within in _fields(type(fact.event)):
        value = getattr(fact.event, name)
        whose = slot or _slot_of(fact.stream)
        if isinstance(value, Gone):
            yield Text(fact, name, whose, value)
            continue
        for path in within:
            text = _down(value, path)
            if isinstance(text, str):
                yield Text(fact, ".".join((name, *path)), whose, text)


def _slot_of(stream: str) -> Slot | None:
    if not stream.startswith("session/"):
        return None
    return "a" if stream.endswith("/a") else "b" if stream.endswith("/b") else None


def _down(value: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401  # whatever a field holds
    for name in path:
        value = None if value is None else getattr(value, name)
    return value


@cache
def _fields(kind: type[Event]) -> tuple[tuple[str, Slot | None, tuple[tuple[str, ...], ...]], ...]:
    """The fields of a type in which a free text may stand, whose they are, and how to come to it."""
    found = []
    for name, field in kind.model_fields.items():
        within = tuple(_within(field.annotation, tuple(field.metadata)))
        if within:
            classes = [item for item in field.metadata if isinstance(item, FieldClass)]
            found.append((name, classes[0].slot if classes else None, within))
    return tuple(found)


def _within(hint: Any, metadata: tuple[Any, ...]) -> Iterator[tuple[str, ...]]:  # noqa: ANN401  # any annotation
    """The ways from a value of this annotation to a free text in it; the empty one when it is one itself."""
    if _NAMED in metadata:
        yield ()
    elif isinstance(hint, type) and issubclass(hint, Part):
        for name, field in hint.model_fields.items():
            yield from ((name, *path) for path in _within(field.annotation, tuple(field.metadata)))
    else:
        inner = tuple(getattr(hint, "__metadata__", ()))
        for each in get_args(hint):
            if each not in inner:
                yield from _within(each, inner)
