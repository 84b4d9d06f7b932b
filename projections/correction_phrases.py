"""
What was said about another entry, as a plain sentence.

    corrected, transcription: mass is 50 mg, was 100 mg
    an entry does not count: entered in error

Where the entry is on one partner's record the sentence is that partner's; on a joint record each sealed part is for
staff and the partner it belongs to.
Which entry is meant its marks say, with positions.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ledger.events.corrections import (
    AddendumAppended,
    CountersignatureGiven,
    EntryCorrected,
    EntryReattributed,
    EntryVoided,
    LateEntryDeclared,
    OpenChange,
    SealedChange,
)
from ledger.events.fields import Gone
from ledger.reading import PlacedEvent, stream_kind
from projections.joint_phrases import JointPhrase
from projections.said import said

_SOURCES = {
    "paper-sheet": "a sheet of paper",
    "device-memory": "a device's memory",
    "recollection": "memory",
    "other": "elsewhere",
}
_WORDS = {"entered-in-error": "entered in error", "device-error": "an error of a device"}


def correction_phrase(placed: PlacedEvent) -> JointPhrase:
    """The sentence of what was said about an entry, and beside it what is for one partner alone."""
    own = placed.stream[-1] if stream_kind(placed.stream) == "partner" else ""
    joint = joint_words(placed)
    if own:
        return JointPhrase(own, "; ".join(filter(None, (joint, *sealed_words(placed, "")))))
    return JointPhrase("both", joint, "; ".join(sealed_words(placed, "_a")), "; ".join(sealed_words(placed, "_b")))


def joint_words(placed: PlacedEvent) -> str:
    """What stands open in it."""
    event = placed.event
    match event:
        case CountersignatureGiven():
            return f"{event.verdict} what was recorded ({event.gives})"
        case EntryCorrected():
            changes = ", ".join(changed_words(event.changes))
            return f"corrected, {reason_words(event.reason)}" + (f": {changes}" if changes else "")
        case EntryVoided():
            return f"an entry does not count: {reason_words(event.reason)}"
        case EntryReattributed():
            return "an entry stood on the wrong record"
        case AddendumAppended():
            return "added to an entry" + (f": {event.code}" if event.code else "")
        case LateEntryDeclared():
            return f"an entry was written late, taken from {_SOURCES[event.source]}"
        case _:
            raise TypeError(f"{event.type} says nothing about another entry")


def sealed_words(placed: PlacedEvent, end: str) -> list[str]:
    """What of it is sealed for whom the ending names: `` for the record's own person, `_a`, `_b`."""
    words = []
    for group in ("clinical", "sensitive", "identity"):
        changes: tuple[SealedChange, ...] | Gone | None = getattr(placed.event, f"{group}{end}", None)
        if isinstance(changes, Gone):
            words.append(f"what else changed is {changes.why}")
        else:
            words += changed_words(changes or ())
    for value in (_reason(placed, end), getattr(placed.event, f"note{end}", None)):
        if value is not None:
            words.append(said(value, lambda text: f"“{text}”"))
    return list(dict.fromkeys(words))


def changed_words(changes: Iterable[OpenChange | SealedChange]) -> list[str]:
    """`mass is 50 mg, was 100 mg`."""
    return [f"{_field(each.field)} is {_value(each.now)}, was {_value(each.was)}" for each in changes]


def reason_words(code: str) -> str:
    """A reason as people say it."""
    return _WORDS.get(code, code.replace("-", " "))


def _reason(placed: PlacedEvent, end: str) -> str | Gone | None:
    """The reason of a dispute; that of a correction is a code and stands open."""
    event = placed.event
    if not isinstance(event, CountersignatureGiven):
        return None
    value: str | Gone | None = getattr(event, f"reason{end}")
    return value


def _field(path: str) -> str:
    return {"occurred": "when it happened", "occurred.at": "when it happened"}.get(path, path.replace("_", " "))


def _value(value: Any) -> str:  # noqa: ANN401  # whatever a field holds
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case {"unit": unit, "value": amount}:
            return f"{amount} {unit}"
        case {"systolic": systolic, "diastolic": diastolic}:
            return f"{systolic}/{diastolic}"
        case dict():
            return ", ".join(f"{name.replace('_', ' ')} {_value(item)}" for name, item in value.items())
        case list() | tuple():
            return ", ".join(map(_value, value)) or "none"
        case _:
            return str(value)
