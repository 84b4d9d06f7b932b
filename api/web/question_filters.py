"""The filters of the questions as parameters of a route: each that there is, by its own name, once."""

from __future__ import annotations

from inspect import Parameter, Signature
from typing import Annotated, Any, Final, TypeAlias

from fastapi import Depends, Query

from projections.questions.filters import WORDS


async def _given(**values: str | None) -> dict[str, str]:
    return {name.rstrip("_"): value for name, value in values.items() if value is not None}


def _parameter(name: str) -> Parameter:
    words = f"{WORDS[name][0].upper()}{WORDS[name][1:]}."
    shape: Any = Annotated[str | None, Query(alias=name, max_length=100, description=words)]
    return Parameter(f"{name}_", Parameter.KEYWORD_ONLY, default=None, annotation=shape)


_given.__signature__ = Signature([_parameter(name) for name in WORDS])  # type: ignore[attr-defined]

GivenFilters: TypeAlias = Annotated[dict[str, str], Depends(_given)]
"""The filters that were given, by name; whether a question takes them is asked of the question."""

AnyFilters: Final = Depends(_given)
"""For a page whose address carries them; what it then asks of /v1 refuses what is none."""
