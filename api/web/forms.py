"""
What a form needs to know of each field of a type: how it is entered, what may be chosen, and how private it is.

    {"fields": {"modality": {"kind": "choice", "options": ["in-person", "telemedicine"], "privacy": "clinical", …},
                "dose_max": {"kind": "part", "of": {"value": {"kind": "decimal", "unit": "mg", "places": 3, …}}, …}}}

Generated from the types themselves, never written by hand (ADR 41); what is entered is still checked by the ledger.
Bounds and defaults are the product's own figures: a page says [D] beside them.
"""

from __future__ import annotations

import inspect
import re
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import AfterValidator, BaseModel, StringConstraints
from pydantic.fields import FieldInfo

from api.web.referred import REFERRED, Referred
from ledger.events.base import Event, Reference
from ledger.events.fields import FieldClass, Gone
from ledger.events.measures import Plausible, Possible, UntilWhen
from ledger.events.words import FreeText, LocalDate, LocalTime, Moment, Named, ZoneName
from ledger.payload import HexHash

RECORDS: Final = ("staff", "person", "couple", "session", "location", "protocol", "stock")
"""Kinds of records whose identifiers are chosen by code and never typed."""


def _pattern(hint: Any) -> object:  # noqa: ANN401  # an annotation
    return next((each.pattern for each in get_args(hint)[1:] if isinstance(each, StringConstraints)), None)


def _words(hint: Any) -> str:  # noqa: ANN401  # an annotation
    return next(each.words for each in get_args(hint)[1:] if isinstance(each, Named))


_BY_WORDS: Final = {
    _words(Moment): "time",
    _words(LocalDate): "date",
    _words(LocalTime): "clock",
    _words(ZoneName): "zone",
    _words(FreeText): "long-text",
}
"""Kinds of texts that are entered otherwise than by typing, by what their type is called."""


def form(kind: type[Event]) -> dict[str, dict[str, Any]]:
    """How each field of a type is entered."""
    told = _told(kind)
    own: dict[str, dict[str, Any]] = {}
    for name, entered in _members(kind, kind.type_tag()).items():
        place = next(each for each in kind.model_fields[name].metadata if isinstance(each, FieldClass))
        own[name] = entered | {"privacy": place.privacy, "slot": place.slot} | _about(name, told)
    return own


def sentence(kind: type) -> str:
    """What a type says, in the words of its own description."""
    return re.sub(r"\s+", " ", inspect.getdoc(kind) or "").strip()


def _members(kind: type[BaseModel], tag: str) -> dict[str, dict[str, Any]]:
    hints = get_type_hints(kind, include_extras=True)
    return {
        name: _entered(hints[name], name, tag) | _default(field)
        for name, field in kind.model_fields.items()
        if name != "type"
    }


def _default(field: FieldInfo) -> dict[str, Any]:
    """The figure that stands where nobody says another; ours [D]."""
    if field.is_required():
        return {}
    value = field.default
    return {"default": value.model_dump(mode="json") if isinstance(value, BaseModel) else value}


def _entered(hint: Any, name: str, tag: str) -> dict[str, Any]:  # noqa: ANN401  # an annotation; a case each
    if get_origin(hint) is Annotated:
        return _annotated(hint, name, tag)
    if get_origin(hint) in (Union, UnionType):
        members = [each for each in get_args(hint) if each not in (Gone, NoneType)]
        optional = {"optional": True} if NoneType in get_args(hint) else {}
        if len(members) != 1:
            raise TypeError(f"{tag}: no form enters {name}, which is one of several things")
        return _entered(members[0], name, tag) | optional
    if get_origin(hint) is Literal:
        return {"kind": "choice", "options": list(get_args(hint))}
    if get_origin(hint) is tuple:
        return {"kind": "list", "of": _entered(get_args(hint)[0], name, tag)}
    if hint is Reference:
        referred = REFERRED.get((tag.split("/", maxsplit=1)[0], name)) or REFERRED.get(("", name), Referred())
        return {"kind": "entry", "types": list(referred.types), "on": referred.on}
    if hint is UntilWhen:
        return {"kind": "until"}
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return {"kind": "part", "of": _part(hint, tag), "about": sentence(hint)}
    return {"kind": {bool: "yes-no", int: "number", str: "text"}.get(hint, "anything")}


def _part(hint: type[BaseModel], tag: str) -> dict[str, dict[str, Any]]:
    told = _told(hint)
    return {name: entered | _about(name, told) for name, entered in _members(hint, tag).items()}


def _annotated(hint: Any, name: str, tag: str) -> dict[str, Any]:  # noqa: ANN401  # an annotation
    base, *rest = get_args(hint)
    made = _entered(base, name, tag)
    named = next((each for each in reversed(rest) if isinstance(each, Named)), None)
    if named is not None:
        made |= {"words": named.words} | ({"unit": named.unit} if named.unit else {})
        record = named.words.removesuffix("/…")
        if record in RECORDS:
            return made | {"kind": "record", "of": record}
        made["kind"] = _BY_WORDS.get(named.words, made["kind"])
    pattern = next((each.pattern for each in rest if isinstance(each, StringConstraints)), None)
    if pattern == _pattern(HexHash):
        return made | {"kind": "hash"}
    for each in rest:
        made |= _bounds(each)
    return made


def _bounds(told: object) -> dict[str, Any]:
    """What one part of an annotation says about what is possible, and what is plausible."""
    match told:
        case AfterValidator(func=Possible() as possible):
            low = {"above": possible.low} if possible.above else {"low": possible.low}
            return {"kind": "decimal", "places": possible.places, "high": possible.high} | low
        case AfterValidator(func=func) if func.__name__ == "_decimal":
            return {"kind": "decimal", "places": 6}
        case Plausible():
            return {"plausible": [str(told.low), str(told.high)]}
        case StringConstraints(pattern=pattern, max_length=longest):
            return ({"pattern": pattern} if pattern else {}) | ({"longest": longest} if longest else {})
        case FieldInfo():
            return _range(told.metadata)
        case _:
            return {}


def _range(limits: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in limits:
        if hasattr(each, "max_length"):
            found["most"] = each.max_length
        low = each.gt + 1 if hasattr(each, "gt") else getattr(each, "ge", None)
        high = each.lt - 1 if hasattr(each, "lt") else getattr(each, "le", None)
        found |= ({"low": low} if low is not None else {}) | ({"high": high} if high is not None else {})
    return found


def _told(kind: type) -> list[str]:
    """The sentences of a description, of which some are about single fields."""
    return re.split(r"(?<=[.;])\s+(?=[`A-Z])|(?<=;)\s+", sentence(kind))


def _about(name: str, told: list[str]) -> dict[str, str]:
    found = [each for each in told if f"`{name}`" in each]
    return {"help": " ".join(found)} if found else {}
