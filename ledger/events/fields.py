"""
How private each field of an event is, declared on the field itself.

    container: Open[StockId]                  stands in the signed payload, readable by every holder
    hold_min: Clinical[HoldMinutes | None]    sealed: vitals, scores, assessments, what was observed
    reason: Sensitive[FreeText | None]        sealed: reasons, screening, declines, free text
    name: Identity[Line]                      sealed: names, addresses, phones, which person is in which slot

All fields of one slot and class travel as one sealed block.
Which blocks an event has follows from its class alone, never from its values: an absence tells nothing.
On a joint record (`session/U`, `couple/U`) a sealed field says whose it is: `IdentityA`, `ClinicalB`, and
so on; by our convention its name then ends in `_a` or `_b`, and the block holds it without that ending.

A sealed field may be gone, and whoever reads one has to say what happens then: `Gone` is part of its type.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from ledger.vocabulary import Slot

T = TypeVar("T")

Privacy: TypeAlias = Literal["open", "clinical", "sensitive", "identity"]


@dataclass(frozen=True, slots=True)
class Gone:
    """
    A sealed value that this reader does not have.

    `withheld`: not for this reader.
    `erased`: its subject's key was destroyed.
    `expired`: its retention ended.
    """

    why: Literal["withheld", "erased", "expired"]

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        """Only an instance made by the reader validates: no JSON value can claim to be gone."""
        return core_schema.is_instance_schema(cls)


WITHHELD = Gone("withheld")
ERASED = Gone("erased")
EXPIRED = Gone("expired")


@dataclass(frozen=True, slots=True)
class FieldClass:
    """How private a field is, and on a joint record whose it is."""

    privacy: Privacy
    slot: Slot | None = None


Open = Annotated[T, FieldClass("open")]
Clinical = Annotated[T | Gone, FieldClass("clinical")]
ClinicalA = Annotated[T | Gone, FieldClass("clinical", "a")]
ClinicalB = Annotated[T | Gone, FieldClass("clinical", "b")]
Sensitive = Annotated[T | Gone, FieldClass("sensitive")]
SensitiveA = Annotated[T | Gone, FieldClass("sensitive", "a")]
SensitiveB = Annotated[T | Gone, FieldClass("sensitive", "b")]
Identity = Annotated[T | Gone, FieldClass("identity")]
IdentityA = Annotated[T | Gone, FieldClass("identity", "a")]
IdentityB = Annotated[T | Gone, FieldClass("identity", "b")]
