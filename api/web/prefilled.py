"""
What may stand in the address of the page of forms: the type, the record, and any field of any type.

Other pages lead there with what they know: `/record?type=dose-authorised&record=session/…/a&order=…`. What somebody
measured is never taken from an address; the page ignores it (architecture, section 8).
"""

from __future__ import annotations

from inspect import Parameter, Signature
from typing import Annotated, Any, Final

from fastapi import Depends, Query

from ledger.events import EVENT_TYPES

ABOUT: Final = (
    "type",
    "record",
    "session",
    "slot",
    "couple",
    "participant",
    "person",
    "container",
    "staff",
    "location",
)
"""Names that say what it is about, whether or not the type has such a field."""

NAMES: Final = sorted({*ABOUT, *(name for kind in EVENT_TYPES.values() for name in kind.model_fields)})


async def _given(**values: str | None) -> dict[str, str]:
    return {name.rstrip("_"): value for name, value in values.items() if value is not None}


def _parameter(name: str) -> Parameter:
    shape: Any = Annotated[str | None, Query(alias=name, max_length=300, description="A field, filled in beforehand.")]
    return Parameter(f"{name}_", Parameter.KEYWORD_ONLY, default=None, annotation=shape)


_given.__signature__ = Signature([_parameter(name) for name in NAMES])  # type: ignore[attr-defined]

AnyFields: Final = Depends(_given)
"""For the page, which reads its address itself."""
