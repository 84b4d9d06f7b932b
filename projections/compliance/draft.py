"""
A draft: figures and choices that nobody has published, to judge the past by as if they had been.

    {"supervision": {"check_every_min": 10}, "release": {"min_observation_min": 150}}

It takes the place of what every protocol states; what it does not mention stays as the protocol of each session says.
So a draft may be a whole protocol or one figure. Nothing is recorded: it is an argument, never a fact.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from pydantic import ValidationError

from ledger.errors import Invalid
from ledger.events.choices import Parameters2

Values: TypeAlias = Mapping[str, Any]
"""JSON of the shape of a protocol's parameters, as much of it as is meant to change."""


class Draft:
    """The figures that would change; the same for everything that is judged by it."""

    def __init__(self, values: Values) -> None:
        """
        A draft of these values.

        Raises:
            Invalid: `draft`, with the path of the figure as field.
        """
        if not values:
            raise _no("", "A draft names at least one figure.")
        self.values = values
        self._made: dict[str, Parameters2] = {}
        self.over(Parameters2())

    @classmethod
    def of(cls, figures: Parameters2) -> Draft:
        """All the figures and choices of a protocol, as a draft for sessions under another one."""
        return cls(figures.model_dump(mode="json"))

    @classmethod
    def read(cls, text: str | bytes) -> Draft:
        """
        A draft as somebody wrote it: the parts alone, or a whole protocol with them under `parameters`.

        Raises:
            Invalid: `draft`.
        """
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            raise _no("", "This is not JSON.") from None
        if isinstance(value, dict) and isinstance(value.get("parameters"), dict):
            value = value["parameters"]
        if not isinstance(value, dict):
            raise _no("", "A draft is an object of parts with their figures.")
        return cls(value)

    def over(self, figures: Parameters2) -> Parameters2:
        """What these figures would be under the draft."""
        stated = figures.model_dump_json()
        found = self._made.get(stated)
        if found is None:
            found = self._made[stated] = _checked(_merged(json.loads(stated), self.values, ()))
        return found

    def paths(self) -> list[str]:
        """The figures that it mentions, such as `supervision.check_every_min`, in their order."""
        return list(_paths(self.values, ()))


def _merged(stated: dict[str, Any], values: Values, path: tuple[str, ...]) -> dict[str, Any]:
    found = dict(stated)
    for name, value in values.items():
        if name not in stated:
            raise _no(".".join((*path, name)), f"There is no {'figure' if path else 'part'} {name}.")
        below = stated[name]
        found[name] = _merged(below, value, (*path, name)) if _both_objects(below, value) else value
    return found


def _both_objects(below: object, value: object) -> bool:
    return isinstance(below, dict) and isinstance(value, dict)


def _checked(value: dict[str, Any]) -> Parameters2:
    try:
        return Parameters2.model_validate_json(json.dumps(value))
    except ValidationError as error:
        first = error.errors()[0]
        raise _no(".".join(map(str, first["loc"])), f"{first['msg']}.") from None


def _paths(values: Values, path: tuple[str, ...]) -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, dict) and not path:
            yield from _paths(value, (*path, name))
        else:
            yield ".".join((*path, name))


def _no(field: str, words: str) -> Invalid:
    return Invalid(
        "draft",
        words,
        field=field,
        remedy='Write the parts of a protocol with the figures that change: {"supervision": {"check_every_min": 10}}.',
    )
