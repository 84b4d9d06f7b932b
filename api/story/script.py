"""
A story as read from its file: the cast, and the steps in their order.

    - at: 10:05
      event: dose-administered
      for: Sat/Ana
      by: RN1
      mass: 100 mg

`usual: check` gives a step what the story's head calls the usual check; the step's own members win.
Every scalar is text here; what a text means (a time, a mass, somebody's name) is decided by the field.
A mistake names the file, the line and what to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from ledger.errors import Invalid
from ledger.received import STEP_BACK

Raw: TypeAlias = "str | list[Raw] | dict[str, Raw]"

STEP_WORDS = frozenset({"at", "event", "enrol", "for", "by", "as", "recorded", "usual"})
"""Members of a step that are not fields of its event."""


@dataclass(frozen=True, slots=True)
class Step:
    """
    One thing that happens: an event, or the enrolment of somebody's key.

    `at` is when it happened, `recorded` when it was written down (usually the same moment).
    `label` names the event for later references; `line` is its place in the file.
    """

    line: int
    at: datetime
    recorded: datetime
    event: str
    enrol: str
    target: str
    by: tuple[str, ...]
    label: str
    fields: dict[str, Raw]


@dataclass(frozen=True, slots=True)
class Script:
    """A whole story; `cast` maps a kind (staff, people, couples, …) to names and what is known of them."""

    path: Path
    title: str
    zone: ZoneInfo
    host: str
    organisation: str
    opened: datetime
    officers: tuple[str, ...]
    cast: dict[str, dict[str, dict[str, Raw]]]
    steps: tuple[Step, ...]


def read_script(path: Path) -> Script:
    """
    The story in a file.

    Raises:
        Invalid: `story`, with the line at fault.
    """
    try:
        return _script(path, _document(path))
    except Invalid as error:
        error.message = f"{path.name} {error.message}"
        raise


def _document(path: Path) -> object:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Lines)  # noqa: S506  # a BaseLoader: text only
    except OSError:
        raise Invalid("story", "cannot be opened.", remedy="Check the path of the story.") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise Invalid(
            "story", f"line {line}: not readable as YAML: {error.problem}.", remedy="Check indents, brackets and quotes there."
        ) from None
    except (UnicodeDecodeError, yaml.YAMLError):
        raise Invalid("story", "is not readable as YAML text.", remedy="Save it as UTF-8 text.") from None


def _script(path: Path, document: object) -> Script:
    story = _Reader.of(document)
    story.only("story", "zone", "ledger", "cast", "usual", "days")
    try:
        zone = ZoneInfo(story.text("zone"))
    except (ZoneInfoNotFoundError, ValueError):
        raise story.fault("This is no time zone.", "zone", "Use an IANA name such as America/New_York.") from None
    opening, cast = story.part("ledger"), story.part("cast")
    opening.only("opened", "host", "organisation", "officers")
    opened = opening.moment("opened", "", zone)
    usual = story.part("usual") if "usual" in story.names() else _Reader.of(_Mapping({}, story.line))
    return Script(
        path=path,
        title=story.text("story"),
        zone=zone,
        host=opening.text("host"),
        organisation=opening.text("organisation"),
        opened=opened,
        officers=opening.texts("officers"),
        cast={
            kind: {name: cast.part(kind).part(name).members() for name in cast.part(kind).names()} for kind in cast.names()
        },
        steps=tuple(_in_order(_steps(story.part("days"), usual, zone), opened)),
    )


def _steps(days: _Reader, usual: _Reader, zone: ZoneInfo) -> Iterator[Step]:
    for date in days.names():
        for own in days.items(date):
            name = own.text("usual", "")
            if name and name not in usual.names():
                raise own.fault(f"Nothing is called the usual {name}.", "usual", f"Known: {', '.join(usual.names())}.")
            step = own.over(usual.part(name)) if name else own
            if ("event" in step.names()) == ("enrol" in step.names()):
                raise step.fault("A step is either an event or an enrol.", "event", "Give exactly one of the two.")
            at = step.moment("at", date, zone)
            recorded = step.moment("recorded", date, zone) if "recorded" in step.names() else at
            if recorded < at:
                raise step.fault("This was recorded before it happened.", "recorded", "Give a later time, or none.")
            yield Step(
                line=step.line,
                at=at,
                recorded=recorded,
                event=step.text("event", ""),
                enrol=step.text("enrol", ""),
                target=step.text("for", ""),
                by=step.texts("by"),
                label=step.text("as", ""),
                fields={name: value for name, value in step.members().items() if name not in STEP_WORDS},
            )


def _in_order(steps: Iterator[Step], opened: datetime) -> Iterator[Step]:
    """The steps as they come, unless one was recorded before the one above it or takes its label."""
    before, labels = opened, dict[str, int]()
    for step in steps:
        if step.recorded < before - STEP_BACK and step.event != "clock-corrected":
            raise Invalid(
                "story",
                f"line {step.line}: Recorded at {step.recorded:%Y-%m-%d %H:%M}, before the step above it ({before:%Y-%m-%d %H:%M}).",
                field="recorded" if step.recorded > step.at else "at",
                remedy="Put the steps in the order in which they were recorded; a late entry says `recorded:`.",
            )
        if step.label in labels:
            remedy = f"Choose another; line {labels[step.label]} has it already."
            raise Invalid("story", f"line {step.line}: The label {step.label} is taken.", field="as", remedy=remedy)
        if step.label:
            labels[step.label] = step.line
        before = step.recorded
        yield step


class _Lines(yaml.BaseLoader):
    """Reads every scalar as text (10:05 is no number) and keeps each mapping's line."""


def _mapping(loader: _Lines, node: yaml.MappingNode) -> dict[str, object]:
    members: dict[str, object] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in members:
            line = key_node.start_mark.line + 1
            raise Invalid("story", f"line {line}: {key} is given twice.", field=key, remedy="Leave one of the two.")
        members[key] = loader.construct_object(value_node, deep=True)
    return _Mapping(members, node.start_mark.line + 1)


class _Mapping(dict[str, object]):
    """A mapping that knows its line."""

    def __init__(self, members: dict[str, object], line: int) -> None:
        super().__init__(members)
        self.line = line


_Lines.add_constructor("tag:yaml.org,2002:map", _mapping)


class _Reader:
    """One mapping of the file, read member by member, with faults that name the line."""

    def __init__(self, value: _Mapping) -> None:
        self._value = value
        self.line = value.line

    @classmethod
    def of(cls, value: object) -> _Reader:
        if not isinstance(value, _Mapping):
            remedy = "It has story, zone, ledger, cast and days."
            raise Invalid("story", "line 1: This is not a story.", remedy=remedy)
        return cls(value)

    def fault(self, message: str, field: str, remedy: str) -> Invalid:
        return Invalid("story", f"line {self.line}: {message}", field=field, remedy=remedy)

    def only(self, *known: str) -> None:
        for name in self._value:
            if name not in known:
                raise self.fault(f"{name} has no place here.", name, f"Known here: {', '.join(known)}.")

    def names(self) -> tuple[str, ...]:
        return tuple(self._value)

    def over(self, usual: _Reader) -> _Reader:
        """This mapping laid over another: its own members win."""
        return _Reader(_Mapping({**usual._value, **self._value}, self.line))

    def members(self) -> dict[str, Raw]:
        return {name: _raw(value) for name, value in self._value.items()}

    def text(self, name: str, default: str | None = None) -> str:
        value = self._value.get(name, default)
        if not isinstance(value, str):
            message = f"{name} is missing." if value is None else f"{name} is one text."
            raise self.fault(message, name, "See docs/stories.md for an example.")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._value.get(name, [])
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
            raise self.fault(f"{name} is a text or a list of texts.", name, 'In a list, quote "RN1 (observed)".')
        return tuple(values)

    def moment(self, name: str, date: str, zone: ZoneInfo) -> datetime:
        """A time of this day, or a date and a time."""
        text = self.text(name)
        try:
            return datetime.strptime(text if " " in text else f"{date} {text}", "%Y-%m-%d %H:%M").replace(tzinfo=zone)
        except ValueError:
            remedy = "Write 10:05, or 2026-05-16 10:05 for another day."
            raise self.fault(f"{f'{date} {text}'.strip()!r} is not a time.", name, remedy) from None

    def part(self, name: str) -> _Reader:
        value = self._value.get(name)
        if value == "":
            return _Reader(_Mapping({}, self.line))
        if not isinstance(value, _Mapping):
            raise self.fault(f"{name} is missing or has no members.", name, "See docs/stories.md for an example.")
        return _Reader(value)

    def items(self, name: str) -> Iterator[_Reader]:
        value = self._value.get(name)
        if not isinstance(value, list):
            raise self.fault(f"{name} is a list of steps.", name, "Begin each step with a dash.")
        for item in value:
            if not isinstance(item, _Mapping):
                raise self.fault(f"Each step of {name} is a mapping.", name, "Write - {at: 10:05, event: …}.")
            yield _Reader(item)


def _raw(value: object) -> Raw:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return [_raw(item) for item in value]
    if isinstance(value, dict):
        return {str(name): _raw(member) for name, member in value.items()}
    raise Invalid("story", f"line 1: {value!r} has no place in a story.", remedy="Use texts, lists and mappings.")
