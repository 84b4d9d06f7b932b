"""
A story as read from its file: the cast, and the steps in their order.

    - at: 10:05
      event: dose-administered
      for: Sat/Ana
      by: RN1
      mass: 100 mg

Every scalar is text here; what a text means (a time, a mass, somebody's name) is decided by the player.
A mistake names the file's line.
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

Raw: TypeAlias = "str | list[Raw] | dict[str, Raw]"

STEP_WORDS = frozenset({"at", "event", "enrol", "for", "by", "as", "recorded"})
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
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_Lines)  # noqa: S506  # a BaseLoader: text only
    except yaml.YAMLError as error:
        raise Invalid("story", f"{path.name} is not readable as YAML: {error}") from None
    story = _Reader(document)
    try:
        zone = ZoneInfo(story.text("zone"))
    except (ZoneInfoNotFoundError, ValueError):
        raise story.fault("zone is not an IANA time zone such as America/New_York") from None
    opening = story.part("ledger")
    cast = {
        kind: {name: story.part("cast").part(kind).part(name).members() for name in story.part("cast").part(kind).names()}
        for kind in story.part("cast").names()
    }
    return Script(
        title=story.text("story"),
        zone=zone,
        host=opening.text("host"),
        organisation=opening.text("organisation"),
        opened=_moment(opening, opening.text("opened"), zone),
        officers=opening.texts("officers"),
        cast=cast,
        steps=tuple(_steps(story.part("days"), zone)),
    )


def _steps(days: _Reader, zone: ZoneInfo) -> Iterator[Step]:
    for date in days.names():
        for item in days.items(date):
            at = _moment(item, f"{date} {item.text('at')}", zone)
            recorded = item.text("recorded", "")
            if bool(item.text("event", "")) == bool(item.text("enrol", "")):
                raise item.fault("a step has either an event or an enrol")
            yield Step(
                line=item.line,
                at=at,
                recorded=_moment(item, recorded if len(recorded) > 8 else f"{date} {recorded}", zone) if recorded else at,
                event=item.text("event", ""),
                enrol=item.text("enrol", ""),
                target=item.text("for", ""),
                by=item.texts("by"),
                label=item.text("as", ""),
                fields={name: value for name, value in item.members().items() if name not in STEP_WORDS},
            )


def _moment(where: _Reader, text: str, zone: ZoneInfo) -> datetime:
    for form in ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
    raise where.fault(f"{text!r} is not a time such as 2026-05-16 10:05")


class _Lines(yaml.BaseLoader):
    """Reads every scalar as text (10:05 is no number) and keeps each mapping's line."""


def _mapping(loader: _Lines, node: yaml.MappingNode) -> dict[str, object]:
    members: dict[str, object] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in members:
            raise Invalid("story", f"line {key_node.start_mark.line + 1}: {key} is given twice")
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

    def __init__(self, value: object) -> None:
        if not isinstance(value, _Mapping):
            raise Invalid("story", "a story is a mapping with story, zone, ledger, cast and days")
        self._value = value
        self.line = value.line

    def fault(self, message: str) -> Invalid:
        return Invalid("story", f"line {self.line}: {message}")

    def names(self) -> tuple[str, ...]:
        return tuple(self._value)

    def members(self) -> dict[str, Raw]:
        return {name: _raw(value) for name, value in self._value.items()}

    def text(self, name: str, default: str | None = None) -> str:
        value = self._value.get(name, default)
        if not isinstance(value, str):
            raise self.fault(f"{name} is missing" if value is None else f"{name} is one text")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._value.get(name, [])
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
            raise self.fault(f"{name} is a text or a list of texts")
        return tuple(values)

    def part(self, name: str) -> _Reader:
        value = self._value.get(name)
        if value == "":
            return _Reader(_Mapping({}, self.line))
        if not isinstance(value, _Mapping):
            raise self.fault(f"{name} is missing or has no members")
        return _Reader(value)

    def items(self, name: str) -> Iterator[_Reader]:
        value = self._value.get(name)
        if not isinstance(value, list):
            raise self.fault(f"{name} is a list of steps")
        for item in value:
            if not isinstance(item, _Mapping):
                raise self.fault(f"each step of {name} is a mapping")
            yield _Reader(item)


def _raw(value: object) -> Raw:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return [_raw(item) for item in value]
    if isinstance(value, dict):
        return {str(name): _raw(member) for name, member in value.items()}
    raise Invalid("story", f"{value!r} has no place in a story")
