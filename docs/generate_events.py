"""
Writes `docs/events.md` from the classes of `ledger.events`.

    python docs/generate_events.py          write it
    python docs/generate_events.py --check  only say whether it is what the classes say
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import AfterValidator, StringConstraints
from pydantic.fields import FieldInfo

from ledger.events import EVENT_TYPES, measures
from ledger.events.base import Event, Signer
from ledger.events.dosing import NASAL_STRENGTH, VIAL_STRENGTHS
from ledger.events.fields import FieldClass, Gone
from ledger.events.measures import DOSE_RANGES, Part, Plausible, Possible
from ledger.events.sealing import block_names
from ledger.events.words import Named
from ledger.payload import EventId, HexHash, Owner, Word

PAGE = Path(__file__).parent / "events.md"

HEAD = """\
# Events

Every kind of event the ledger records, by clinical act.
*This page is generated from the classes by `docs/generate_events.py`; change the class, then run it.*

Each field is `open` (in the signed payload, readable by every holder) or sealed:
`clinical` (vitals, scores, assessments), `sensitive` (reasons, screening, declines, free text) or
`identity` (names, addresses, phones, and which person is in which slot).
On a joint record a sealed field says whose it is, a or b.
Which blocks a type has is fixed by the type, never by its values.
A signature marked *later* may be given afterwards; until then the event is pending.
Every field is given; null is allowed only where it says so.
All value ranges are defaults of this product [D], not of a law; [the tiers](#value-tiers) stand at the end.
"""

WRITTEN = {
    "sys-record-viewed/1": (
        "by the service, when somebody opens a session's timeline, its room, a couple's course, a container or one "
        "entry, and for each room they see on the floor board; the same reader and record again after a quarter of an "
        "hour. Commands on the ledger's own computer write none: whoever has the files needs no door."
    ),
    "sys-record-searched/1": (
        "by the service, for every search and question, and for lists over many records: stock, findings, pending "
        "signatures."
    ),
    "sys-record-exported/1": (
        "by the service, for every copy of a session (before it is given out) or of the log (after its last byte; it "
        "names no record). Commands on the ledger's own computer write none."
    ),
    "sys-break-glass-used/1": (
        "by the service, before it opens a session to a reader who is not in the care of these people and says why."
    ),
    "sys-sign-in-failed/1": "by nothing any more; the second version is written.",
    "sys-sign-in-failed/2": "by the service, at most twenty times a minute.",
    "sys-authorisation-refused/1": "by nothing any more; the second version is written.",
    "sys-authorisation-refused/2": "by the service and `session-ledger play`, when a gate refuses.",
    "sys-integrity-verified/1": (
        "by the service, which verifies the whole ledger as often as the protocol says (`integrity_every_h`), and by "
        "`session-ledger verify --record`; without `--record` the command writes nothing, so that an auditor may run "
        "it on a copy."
    ),
    "sys-integrity-failed/1": "as above, when something does not hold and the ledger still takes an entry.",
    "sys-checkpoint-anchored/1": (
        "by `session-ledger anchor` and the service's `/v1/anchors`, when somebody put a checkpoint down outside; the "
        "software puts none down by itself."
    ),
    "sys-sync-received/1": "by the service, when a device hands in a batch.",
}
"""When the software writes each of its own types, or why it does not."""

RECORDS = {
    "keys": "`keys`, the one record of all keys",
    "person": "`person/…`",
    "couple": "`couple/…`, jointly",
    "staff": "`staff/…`",
    "location": "`location/…`",
    "protocol": "`protocol/…`",
    "stock": "`stock/…`, a container",
    "governance": "`governance/…`",
    "device": "`device/…`",
    "access": "`access/…`, nobody's copy",
    "session": "`session/…`, jointly",
    "partner": "`session/…/a` or `…/b`, one partner",
    "any": "that of the entry it is about",
}

ONE_OR_BOTH = (
    " on one person's record; on a joint record one for each partner, from the fields that are a's and b's;"
    " none where a record is nobody's"
)

UNTOLD = 10_000
"""A bound from here on only keeps numbers sane, and is not worth a reader's time."""

SIGNATORIES = {
    "staff": "staff",
    "subject": "the subject, with their own key",
    "slot": "the owner, with the key of their session slot",
    "person": "a person, with their own key",
    "service": "a service key",
    "holder": "the key's owner, or a security officer, with another key",
}

PLAIN = {
    get_args(HexHash)[1].pattern: "SHA-256 in hex",
    get_args(EventId)[1].pattern: "id of an event",
    get_args(Owner)[1].pattern: "owner of a key",
    get_args(Word)[1].pattern: "word in lower case",
}


def page() -> str:
    """The whole text of `docs/events.md`."""
    lines = [HEAD]
    parts: dict[str, type[Part]] = {}
    act = ""
    for kind in EVENT_TYPES.values():
        if kind.__module__ != act:
            act = kind.__module__
            lines += [*_act(act), ""]
        lines += [*_type(kind), ""]
        _collect(kind, parts)
    lines += ["## Values of several parts", "", "They stand inside a field, and share its privacy.", ""]
    for name in sorted(parts):
        lines += [*_part(parts[name]), ""]
    return "\n".join([*lines, *_tiers()]) + "\n"


def _act(module: str) -> list[str]:
    text = inspect.getdoc(sys.modules[module]) or ""
    title, _, rest = text.partition("\n\n")
    name, _, idea = title.partition(": ")
    return [f"## {name}", "", idea[:1].upper() + idea[1:], *(["", rest] if rest else [])]


def _type(kind: type[Event]) -> list[str]:
    gated = ["- Permits something, and may be refused by a rule."] if kind.AUTHORISES else []
    own = kind.STREAM in ("partner", "any")
    stream = "session/x/a" if own else kind.STREAM
    blocks = [name.replace("a/", "…/", 1) if own else name for name in block_names(kind, stream)]
    either = ONE_OR_BOTH if kind.STREAM == "any" else ""
    return [
        f"### {kind.type_tag()}",
        "",
        _doc(kind),
        "",
        f"- Record: {RECORDS[kind.STREAM]}.",
        *gated,
        f"- Sealed blocks: {', '.join(f'`{name}`' for name in blocks) if blocks else 'none'}{either}.",
        *_critical(kind),
        *(f"- Signed: {_signer(signer)}." for signer in kind.SIGNERS),
        *([f"- Written: {WRITTEN[kind.type_tag()]}"] if kind.type_tag() in WRITTEN else []),
        "",
        *(_fields(kind) or ["It has no fields."]),
    ]


def _critical(kind: type[Event]) -> list[str]:
    if not kind.CRITICAL:
        return []
    fields = ", ".join(f"`{name}`" for name in sorted(kind.CRITICAL))
    return [f"- Nobody corrects alone: {fields}; nor voids it."]


def _signer(signer: Signer) -> str:
    roles = f" as {', '.join(signer.roles)}" if signer.roles else ""
    return f"*{signer.meaning}* by {SIGNATORIES[signer.by]}{roles}, {signer.when}"


def _fields(kind: type[Event]) -> list[str]:
    rows = []
    for name, hint in get_type_hints(kind, include_extras=True).items():
        if name in kind.model_fields and name != "type":
            privacy = next(item for item in get_args(hint)[1:] if isinstance(item, FieldClass))
            whose = f", {privacy.slot}" if privacy.slot else ""
            rows.append(f"| `{name}` | {words(hint)} | {privacy.privacy}{whose} | {unit(hint)} |")
    return ["| field | what it holds | privacy | unit |", "|---|---|---|---|", *rows] if rows else []


def _part(kind: type[Part]) -> list[str]:
    lines = [f"### {kind.__name__}", "", _doc(kind), ""]
    hints = get_type_hints(kind, include_extras=True)
    fields = kind.model_fields
    if all(field.is_required() for field in fields.values()):
        rows = [f"| `{name}` | {words(hints[name])} | {unit(hints[name])} |" for name in fields]
        return [*lines, "| member | what it holds | unit |", "|---|---|---|", *rows]
    rows = [
        f"| `{name}` | {words(hints[name])} | {unit(hints[name])} | {_default(field)} |"
        for name, field in fields.items()
    ]
    return [*lines, "| member | what it holds | unit | default [D] |", "|---|---|---|---|", *rows]


def _default(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, Part):
        given = {name: item for name, item in value.model_dump().items() if item is not None}
        if any(isinstance(item, dict) for item in given.values()) or len(given) > 8:
            return "see there"
        return ", ".join(f"{name} {item}" for name, item in given.items())
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "null" if value is None else str(value)


def words(hint: Any) -> str:
    """What a value of this annotation is, in words."""
    if hint is Gone or hint is type(None):
        return ""
    if hint is bool:
        return "yes or no"
    if hint is int:
        return "whole number"
    if isinstance(hint, type) and issubclass(hint, Part):
        return f"[{_spaced(hint.__name__)}](#{hint.__name__.lower()})"
    if get_origin(hint) is Literal:
        values = [f"`{value}`" for value in get_args(hint)]
        return values[0] if len(values) == 1 else f"one of {', '.join(values)}"
    if get_origin(hint) in (Union, types.UnionType):
        return _union_words(get_args(hint))
    if get_origin(hint) is tuple:
        return f"list of: {words(get_args(hint)[0])}"
    if get_origin(hint) is Annotated:
        return _annotated_words(hint)
    return "text"


def _union_words(members: tuple[Any, ...]) -> str:
    known = [words(member) for member in members]
    return " or ".join(text for text in known if text) + (", or null" if type(None) in members else "")


def _annotated_words(hint: Any) -> str:
    base, *rest = get_args(hint)
    named = [item.words for item in rest if isinstance(item, Named)]
    if named:
        low, high = _bounds(rest)
        told = base is int and low is not None and high is not None and high < UNTOLD
        return f"{named[-1]}, {low} to {high}" if told and named[-1][0].isalpha() else named[-1]
    plain = [PLAIN[item.pattern] for item in rest if isinstance(item, StringConstraints) and item.pattern in PLAIN]
    return plain[0] if plain else words(base)


def unit(hint: Any) -> str:
    """The unit of the measured value in this annotation, or nothing."""
    for item in _walk(hint):
        if isinstance(item, type) and issubclass(item, Part):
            return ""
    named = [item.unit for item in _walk(hint) if isinstance(item, Named)]
    return f"`{named[-1]}`" if named and named[-1] else ""


def _walk(hint: Any) -> Iterator[Any]:
    yield hint
    for inner in get_args(hint):
        yield from _walk(inner)


def _collect(kind: type, parts: dict[str, type[Part]]) -> None:
    for hint in get_type_hints(kind, include_extras=True).values():
        for item in _walk(hint):
            if isinstance(item, type) and issubclass(item, Part) and item.__name__ not in parts:
                parts[item.__name__] = item
                _collect(item, parts)


def _bounds(metadata: list[Any]) -> tuple[int | None, int | None]:
    """The lowest and the highest whole number that `Field(ge=…, lt=…)` lets pass."""
    low = high = None
    for item in metadata:
        for limit in item.metadata if isinstance(item, FieldInfo) else ():
            low = getattr(limit, "ge", low)
            low = limit.gt + 1 if hasattr(limit, "gt") else low
            high = getattr(limit, "le", high)
            high = limit.lt - 1 if hasattr(limit, "lt") else high
    return low, high


def _tiers() -> list[str]:
    """The tier table of every measured quantity."""
    lines = [
        "## Value tiers",
        "",
        "*Impossible* values are refused, *implausible* ones need the signer's `confirmed` with a reason,",
        "*abnormal* ones are recorded as they are and judged by rules.",
        "All figures are defaults of this product [D].",
        "",
        "| quantity | unit | possible [D] | plausible [D] |",
        "|---|---|---|---|",
    ]
    for name, value in vars(measures).items():
        if get_origin(value) is Annotated and name not in ("Minutes", "Hours"):
            rest = list(get_args(value)[1:])
            named = [item for item in rest if isinstance(item, Named)]
            possible = _possible(rest)
            if named and named[-1].unit and possible:
                usual = [f"{item.low} to {item.high}" for item in rest if isinstance(item, Plausible)]
                lines.append(f"| {named[-1].words} | `{named[-1].unit}` | {possible} | {''.join(usual) or '-'} |")
    for route, limits in DOSE_RANGES.items():
        lines.append(
            f"| one dose, {route} | `mg` | above 0, at most {limits.possible} | {limits.low} to {limits.high} |"
        )
    strengths = ", ".join(str(strength) for strength in VIAL_STRENGTHS)
    return [
        *lines,
        "",
        f"A concentration drawn from a vial is plausible at {strengths} mg/mL,",
        f"any other up to {NASAL_STRENGTH} mg/mL.",
        "A diastolic pressure that is not below the systolic one is implausible.",
    ]


def _possible(metadata: list[Any]) -> str:
    for item in metadata:
        if isinstance(item, AfterValidator) and isinstance(item.func, Possible):
            return item.func.words
    low, high = _bounds(metadata)
    return f"{low} to {high}" if low is not None else ""


def _doc(kind: type) -> str:
    return inspect.getdoc(kind) or ""


def _spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or with `--check` say whether it is current; 1 when it is not."""
    parser = argparse.ArgumentParser(description="Write docs/events.md from the classes.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the page is stale")
    text = page()
    if not parser.parse_args(arguments).check:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    print("docs/events.md is not what the classes say: run python docs/generate_events.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
