"""
Measured values, in three tiers, one line each.

*Impossible* values are refused as malformed (a saturation of 101 %).
*Implausible* ones are accepted only when the signer confirms them with a reason.
*Abnormal* ones are accepted as they are, and judged by rules, never here.
All bounds are defaults of ours [D] that a medical director may question; they are the product's, not a law's.

Units are UCUM. Masses and volumes are exact decimal strings, never floats.
Source: the value tiers of the event catalogue.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, StringConstraints

from ledger.payload import Instant
from ledger.vocabulary import Route

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plausible:
    """The range outside which a value needs a confirmation; both ends are plausible."""

    low: Decimal
    high: Decimal

    @classmethod
    def between(cls, low: str | int, high: str | int) -> Plausible:
        """The range from `low` to `high`, written as they should be read."""
        return cls(Decimal(low), Decimal(high))


_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,6})?")


def _decimal(text: str) -> str:
    if not _DECIMAL.fullmatch(text) or (text.startswith("-") and Decimal(text) == 0):
        raise ValueError("not a plain decimal such as 12.5")
    return text


def _between(low: str, high: str, places: int) -> AfterValidator:
    def check(text: str) -> str:
        value = Decimal(text)
        if not Decimal(low) < value <= Decimal(high):
            raise ValueError(f"impossible: must be above {low} and at most {high}")
        if len(text.partition(".")[2]) > places:
            raise ValueError(f"at most {places} decimal places")
        return text

    return AfterValidator(check)


DecimalText = Annotated[str, AfterValidator(_decimal)]
"""An exact decimal as text; trailing zeros are kept because they were read off an instrument."""

Systolic = Annotated[int, Field(gt=0, le=350), Plausible.between(70, 230)]
"""mm[Hg]"""
Diastolic = Annotated[int, Field(gt=0, le=250), Plausible.between(35, 140)]
"""mm[Hg]"""
HeartRate = Annotated[int, Field(ge=0, le=350), Plausible.between(35, 180)]
"""/min"""
OxygenSaturation = Annotated[int, Field(ge=0, le=100), Plausible.between(70, 100)]
"""%"""
RespiratoryRate = Annotated[int, Field(ge=0, le=100), Plausible.between(6, 40)]
"""/min"""
Temperature = Annotated[DecimalText, _between("19.99", "46", 2), Plausible.between(34, 41)]
"""Cel"""
Weight = Annotated[DecimalText, _between("0", "400", 2), Plausible.between(35, 220)]
"""kg"""
Moaas = Annotated[int, Field(ge=0, le=5)]
"""MOAA/S, 0 (no response) to 5 (responds readily to name)"""
Rass = Annotated[int, Field(ge=-5, le=4)]
"""Richmond Agitation-Sedation Scale"""
Cadss6 = Annotated[int, Field(ge=0, le=24)]
"""Sum of six items of the Clinician-Administered Dissociative States Scale"""
Aldrete = Annotated[int, Field(ge=0, le=10)]
"""Modified Aldrete score"""
HoldMinutes = Annotated[int, Field(ge=0, le=120), Plausible.between(3, 30)]
"""min a lozenge was held"""
ZeroToTen = Annotated[int, Field(ge=0, le=10)]
ZeroToThree = Annotated[int, Field(ge=0, le=3)]
Count = Annotated[int, Field(ge=0, le=10_000)]
Minutes = Annotated[int, Field(ge=0, le=100_000)]

Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]
"""One line of text, such as a name."""
FreeText = Annotated[str, StringConstraints(min_length=1, max_length=280, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]
"""At most 280 characters, never session conversation."""
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./:_-]{0,63}$")]
"""A short printable code: a lot, a label, a state, a version."""
Several = Annotated[tuple[T, ...], Strict(strict=False), Field(max_length=32)]
"""At most 32 values, in the order they were given; a JSON array."""
LocalDate = Annotated[str, StringConstraints(pattern=r"^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$")]
"""A calendar date at the location."""


class Part(BaseModel):
    """A value made of several; frozen, and closed to members it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Mass(Part):
    """An amount of drug in mg, to 3 decimal places, exact."""

    unit: Literal["mg"] = "mg"
    value: Annotated[DecimalText, _between("0", "100000", 3)]

    @property
    def mg(self) -> Decimal:
        """The exact number of milligrams."""
        return Decimal(self.value)


class BloodPressure(Part):
    """One reading, in mm[Hg]."""

    diastolic: Diastolic
    systolic: Systolic


class UntilWhen(Part):
    """An instant in UTC with the local wording that was shown: `2026-05-17 10:50 EDT`."""

    at: Instant
    local: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d \d\d:\d\d [A-Za-z0-9+-]{1,8}$")]


class Confirmation(Part):
    """The signer's word that an implausible value is true, and why."""

    reason: FreeText


@dataclass(frozen=True, slots=True)
class DoseRange:
    """mg: at most `possible`; plausible between `low` and `high`."""

    possible: Decimal
    low: Decimal
    high: Decimal


DOSE_RANGES: dict[Route, DoseRange] = {
    "sublingual": DoseRange(Decimal(2000), Decimal(10), Decimal(400)),
    "buccal": DoseRange(Decimal(2000), Decimal(10), Decimal(400)),
    "oral": DoseRange(Decimal(2000), Decimal(10), Decimal(400)),
    "intramuscular": DoseRange(Decimal(1000), Decimal(5), Decimal(200)),
    "intravenous": DoseRange(Decimal(1000), Decimal(5), Decimal(150)),
    "intranasal": DoseRange(Decimal(600), Decimal(5), Decimal(200)),
}
