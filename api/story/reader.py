"""
A story's file as YAML: every scalar as text, every mapping with its line, every fault with a remedy.

10:05 stays the text `10:05`, and a member given twice is refused instead of silently replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

import yaml

from ledger.errors import Invalid

Raw: TypeAlias = "str | list[Raw] | dict[str, Raw]"

_BLANK = re.compile(r"<([A-Za-z][A-Za-z ]*)>")


def read_document(path: Path) -> Reader:
    """
    The outermost mapping of a file.

    Raises:
        Invalid: `story`, with the line at fault.
    """
    try:
        return read_text(path.read_text(encoding="utf-8"))
    except OSError:
        raise Invalid("story", "cannot be opened.", remedy="Check the path of the story.") from None
    except UnicodeDecodeError:
        raise _unreadable() from None


def read_text(text: str) -> Reader:
    """The outermost mapping of a text; raises as `read_document`."""
    try:
        document = yaml.load(text, Loader=_Lines)  # noqa: S506  # a BaseLoader: text only
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise Invalid(
            "story",
            f"line {line}: not readable as YAML: {error.problem}.",
            remedy="Check indents, brackets and quotes there.",
        ) from None
    except (RecursionError, yaml.YAMLError):
        raise _unreadable() from None
    if not isinstance(document, Mapping):
        remedy = "It has story, zone, ledger, cast and days."
        raise Invalid("story", "line 1: This is not a story.", remedy=remedy)
    return Reader(document)


def _unreadable() -> Invalid:
    return Invalid("story", "is not readable as YAML text.", remedy="Save it as UTF-8 text.")


class _Lines(yaml.BaseLoader):
    """Reads every scalar as text (10:05 is no number) and keeps each mapping's line."""


class Mapping(dict[str, object]):
    """A mapping that knows its line, and that of each member."""

    def __init__(self, members: dict[str, object], line: int, lines: dict[str, int]) -> None:
        super().__init__(members)
        self.line = line
        self.lines = lines


def _mapping(loader: _Lines, node: yaml.MappingNode) -> Mapping:
    mapping = Mapping({}, node.start_mark.line + 1, {})
    for key_node, value_node in node.value:
        key, line = loader.construct_object(key_node, deep=True), key_node.start_mark.line + 1
        if not isinstance(key, str):
            raise Invalid("story", f"line {line}: A name is one text.", remedy="Write name: value.")
        if key in mapping:
            message = f"line {line}: {key} is given twice."
            raise Invalid("story", message, field=key, remedy="Leave one of the two.")
        mapping[key] = loader.construct_object(value_node, deep=True)
        mapping.lines[key] = line
    return mapping


_Lines.add_constructor("tag:yaml.org,2002:map", _mapping)


class Reader:
    """One mapping of the file, read member by member, with faults that name the line."""

    def __init__(self, value: Mapping) -> None:
        self._value = value
        self.line = value.line

    def fault(self, message: str, field: str, remedy: str) -> Invalid:
        """A refusal at the line of this member, or of the mapping."""
        return Invalid(
            "story",
            f"line {self._value.lines.get(field, self.line)}: {message}",
            field=field,
            remedy=remedy,
        )

    def only(self, *known: str) -> None:
        """Pass when every member is one of these."""
        for name in self._value:
            if name not in known:
                raise self.fault(f"{name} has no place here.", name, f"Known here: {', '.join(known)}.")

    def names(self) -> tuple[str, ...]:
        """The members' names in the order of the file."""
        return tuple(self._value)

    def over(self, usual: Reader) -> Reader:
        """The same mapping laid over another: its own members win."""
        lines = {**usual._value.lines, **self._value.lines}
        return Reader(Mapping({**usual._value, **self._value}, self.line, lines))

    def blanks(self) -> set[str]:
        """The names of all `<blanks>` in the texts of this mapping."""
        return {name for text in _texts_in(self._value) for name in _BLANK.findall(text)}

    def filled(self, given: dict[str, str]) -> Reader:
        """
        The same mapping with what is given in place of each `<blank>`.

        Raises:
            Invalid: `story`, when nothing is given for one.
        """
        for field, value in self._value.items():
            for name in (name for text in _texts_in(value) for name in _BLANK.findall(text)):
                if name not in given:
                    raise self.fault(f"Nothing says what <{name}> is.", field, f"Give `{name}:` where this is used.")
        filled = _filled(self._value, given)
        return Reader(filled) if isinstance(filled, Mapping) else self

    def members(self) -> dict[str, Raw]:
        """All members, as they are."""
        return {name: _raw(value) for name, value in self._value.items()}

    def text(self, name: str, default: str | None = None) -> str:
        """One text."""
        value = self._value.get(name, default)
        if not isinstance(value, str):
            message = f"{name} is missing." if value is None else f"{name} is one text."
            raise self.fault(message, name, "See docs/stories.md for an example.")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """One text or a list of them; none when there is no such member."""
        value = self._value.get(name, [])
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
            raise self.fault(f"{name} is a text or a list of texts.", name, "Write RN1, or [Ana, RN1].")
        return tuple(values)

    def moment(self, name: str, date: str, zone: ZoneInfo) -> datetime:
        """A time of this day, or a date and a time."""
        text = self.text(name)
        text = text if " " in text else f"{date} {text}".strip()
        moment = local_moment(text, zone)
        if moment is None:
            remedy = "Write 10:05, or 2026-05-16 10:05 for another day."
            raise self.fault(f"{text!r} is not a time.", name, remedy)
        return moment

    def part(self, name: str) -> Reader:
        """A member that is a mapping itself; nothing after the colon is an empty one."""
        value = self._value.get(name)
        if value == "":
            return Reader(Mapping({}, self.line, {}))
        if not isinstance(value, Mapping):
            raise self.fault(f"{name} is missing or has no members.", name, "See docs/stories.md for an example.")
        return Reader(value)

    def items(self, name: str) -> Iterator[Reader]:
        """The steps of a day."""
        value = self._value.get(name)
        if not isinstance(value, list):
            raise self.fault(f"{name} is a list of steps.", name, "Begin each step with a dash.")
        for item in value:
            if not isinstance(item, Mapping):
                raise self.fault(f"Each step of {name} is a mapping.", name, "Write - {at: 10:05, event: …}.")
            yield Reader(item)


def local_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """The moment `2026-05-16 10:05`; None for any other text, and for a time that the clocks skip in spring."""
    try:
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=zone)
        there = moment.astimezone(UTC).astimezone(zone)
    except (ValueError, OverflowError):
        return None
    return moment if f"{there:%Y-%m-%d %H:%M}" == text else None


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(item)


def _filled(value: object, given: dict[str, str]) -> object:
    if isinstance(value, str):
        return _BLANK.sub(lambda match: given[match[1]], value)
    if isinstance(value, list):
        return [_filled(item, given) for item in value]
    if isinstance(value, Mapping):
        return Mapping({name: _filled(item, given) for name, item in value.items()}, value.line, value.lines)
    return value


def _raw(value: object) -> Raw:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return [_raw(item) for item in value]
    if isinstance(value, dict):
        return {str(name): _raw(member) for name, member in value.items()}
    raise Invalid("story", f"line 1: {value!r} has no place in a story.", remedy="Use texts, lists and mappings.")


EMPTY = Reader(Mapping({}, 0, {}))
"""A mapping without members."""
