"""
What the texts of a story mean, by the field that takes them.

    own-A                    somebody or something of the cast, where a field takes one
    order-A                  the earlier event labelled `as: order-A`, where a field refers to an event
    100 mg                   a mass
    128/80                   a blood pressure
    07:10                    that time on the step's own day, in the story's zone
    2026-05-16 07:10         that time on that day
    2026-05-17 10:50         until when, where a field takes the local wording too
    hash of no-driving.txt   SHA-256 of the file in `texts/` beside the story
    none                     nothing recorded; where `none` is one of the answers, that answer
Everything else stays the text it is; numbers and yes/no are read by the field that takes them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from api.story.reader import Raw, local_moment
from ledger.canonical import Json
from ledger.encoding import to_instant
from ledger.errors import Invalid
from ledger.events.base import Reference
from ledger.events.fields import Gone
from ledger.events.measures import Amount, BloodPressure, Mass, Part, UntilWhen
from ledger.events.words import Named
from ledger.payload import HexHash

_MASS = re.compile(r"(\d+(?:\.\d+)?) mg")
_PRESSURE = re.compile(r"(\d+)/(\d+)")
_CLOCK = re.compile(r"\d\d:\d\d")
_WHOLE = re.compile(r"-?\d{1,15}")
_WORDS_HELD: dict[str, Json] = {"yes": True, "no": False, "none": None}
_HASH = re.compile(r"hash of (\S+)")


class Meaning:
    """What texts mean in one story: its names, its texts, its zone, and its labels so far."""

    def __init__(self, ids: Mapping[str, str], zone: ZoneInfo, texts: Path) -> None:
        self._ids = ids
        self._zone = zone
        self._texts = texts
        self.labels: dict[str, Json] = {}

    def fields(self, kind: type[BaseModel], given: Mapping[str, Raw], day: datetime) -> dict[str, object]:
        """
        The members of an event or of a part of one, as values; `day` is the step's own.

        A member that may be null and is not mentioned is null, a list is empty.

        Raises:
            Invalid: `story` or `unknown-field`, with the field and what to do.
        """
        known = _hints(kind)
        values: dict[str, object] = {}
        for name, raw in given.items():
            if name not in known or name == "type":
                raise Invalid(
                    "unknown-field",
                    f"{_title(kind)} has no field {name}.",
                    field=name,
                    remedy=suggestion(name, known, "Leave it out; docs/events.md lists its fields."),
                )
            with _naming(name):
                values[name] = self._value(known[name], raw, day)
        for name, hint in known.items():
            if name in values or not kind.model_fields[name].is_required():
                continue
            if type(None) in _atoms(hint):
                values[name] = None
            elif tuple in _atoms(hint):
                values[name] = []
        return values

    def _value(self, hint: object, raw: Raw, day: datetime) -> object:
        atoms = _atoms(hint)
        if _HELD in atoms:
            return self._held(raw, day)
        if isinstance(raw, list):
            return [self._item(hint, index, item, day) for index, item in enumerate(raw)]
        if isinstance(raw, dict):
            part = next((a for a in atoms if isinstance(a, type) and issubclass(a, Part)), None)
            return self.fields(part, raw, day) if part else dict(raw)
        if raw in ("none", "") and "none" not in atoms and type(None) in atoms:
            return None
        return self._text(atoms, raw, day)

    def _item(self, hint: object, index: int, raw: Raw, day: datetime) -> object:
        with _naming(str(index)):
            return self._value(hint, raw, day)

    def _text(self, atoms: frozenset[object], text: str, day: datetime) -> Json:
        if any(kind in atoms for kind in _RECORDS):
            return self._id(text)
        if Reference in atoms:
            return self._label(text)
        if (Mass in atoms or Amount in atoms) and (mass := _MASS.fullmatch(text)):
            return {"unit": "mg", "value": mass[1]}
        if BloodPressure in atoms and (pressure := _PRESSURE.fullmatch(text)):
            return {"diastolic": int(pressure[2]), "systolic": int(pressure[1])}
        if _INSTANT in atoms or UntilWhen in atoms:
            return self._moment(text, day, wording=UntilWhen in atoms)
        if _DIGEST in atoms and (named := _HASH.fullmatch(text)):
            return self._hash(named[1])
        for form, example in _FORMS.items():
            if form in atoms:
                raise Invalid("story", f"{text!r} is not {example}.", remedy="Write it like that.")
        return text

    def _held(self, raw: Raw, day: datetime) -> Json:
        """A value as another event's field holds it, by how it is written: what it corrects is not known here."""
        if isinstance(raw, list):
            return [self._held(item, day) for item in raw]
        if isinstance(raw, dict):
            return {name: self._held(item, day) for name, item in raw.items()}
        if mass := _MASS.fullmatch(raw):
            return {"unit": "mg", "value": mass[1]}
        if pressure := _PRESSURE.fullmatch(raw):
            return {"diastolic": int(pressure[2]), "systolic": int(pressure[1])}
        if _CLOCK.fullmatch(raw) or local_moment(raw, self._zone) is not None:
            return self._moment(raw, day, wording=False)
        if raw in _WORDS_HELD:
            return _WORDS_HELD[raw]
        return int(raw) if _WHOLE.fullmatch(raw) else self._ids.get(raw, raw)

    def _id(self, text: str) -> str:
        if text not in self._ids:
            raise not_in_cast(text, self._ids)
        return self._ids[text]

    def _label(self, text: str) -> Json:
        if text not in self.labels:
            remedy = suggestion(text, self.labels, f"Write `as: {text}` in the earlier step it means.")
            raise Invalid("story", f"No earlier step is labelled {text}.", remedy=remedy)
        return self.labels[text]

    def _moment(self, text: str, day: datetime, *, wording: bool) -> Json:
        if _CLOCK.fullmatch(text):
            text = f"{day:%Y-%m-%d} {text}"
        text = text.removeprefix("until ")
        local = local_moment(text, self._zone)
        if local is None:
            raise Invalid(
                "story", f"{text!r} is not a time such as 07:10 or 2026-05-16 07:10.", remedy="Write it like that."
            )
        return {"at": to_instant(local), "local": f"{text} {local:%Z}"} if wording else to_instant(local)

    def _hash(self, name: str) -> str:
        path = self._texts / name
        if not path.is_file() or path.parent != self._texts:
            raise Invalid(
                "story",
                f"There is no text {name}.",
                remedy=f"Put the file into {self._texts.name}/ beside the story.",
            )
        return hashlib.sha256(path.read_bytes()).hexdigest()


def suggestion(word: str, known: Mapping[str, object], otherwise: str) -> str:
    """The nearest known word as a remedy, or another remedy."""
    near = get_close_matches(word, list(known), n=1)
    return f"Did you mean {near[0]}?" if near else otherwise


def not_in_cast(name: str, ids: Mapping[str, object], field: str = "") -> Invalid:
    """The refusal of a name nobody introduced."""
    remedy = suggestion(name, ids, "Add it to the cast at the top of the story, or correct the name.")
    return Invalid("story", f"{name or 'nobody'} is not in the cast.", field=field, remedy=remedy)


_INSTANT = "time in UTC"  # what `Named` calls a moment
_DIGEST = "hash"
_HELD = "a value as that field holds it"
_RECORDS = frozenset({"staff/…", "person/…", "couple/…", "session/…", "location/…", "protocol/…", "stock/…"})
_FORMS: dict[object, str] = {Mass: "a mass such as 100 mg", BloodPressure: "a blood pressure such as 128/80"}


@contextmanager
def _naming(name: str) -> Iterator[None]:
    """A fault in here is in the member of this name."""
    try:
        yield
    except Invalid as error:
        if error.field != name:
            error.field = f"{name}.{error.field}" if error.field else name
        raise


def _title(kind: type[BaseModel]) -> str:
    return kind.type_tag() if hasattr(kind, "type_tag") else kind.__name__


@lru_cache(maxsize=256)
def _hints(kind: type[BaseModel]) -> dict[str, object]:
    """Every member with its annotation, privacy and limits and all."""
    hints = get_type_hints(kind, include_extras=True)
    return {name: hints[name] for name in kind.model_fields}


def _atoms(hint: object) -> frozenset[object]:
    """What an annotation is made of: classes, `tuple`, literal words, and what `Named` calls it."""
    found: set[object] = set()
    if get_origin(hint) is Literal:
        return frozenset(get_args(hint))
    if get_origin(hint) is tuple:
        found.add(tuple)
    if isinstance(hint, type) and hint is not Gone:
        found.add(hint)
    for extra in getattr(hint, "__metadata__", ()):
        if isinstance(extra, Named):
            found.add(extra.words)
        elif extra in cast("tuple[object, ...]", getattr(HexHash, "__metadata__", ())):
            found.add(_DIGEST)
    for inner in get_args(hint):
        if inner not in getattr(hint, "__metadata__", ()):
            found |= _atoms(inner)
    return frozenset(found)
