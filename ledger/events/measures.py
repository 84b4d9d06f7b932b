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
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ledger.events.words import FreeText, LocalWording, Moment, Named
from ledger.vocabulary import Route


@dataclass(frozen=True, slots=True)
class Plausible:
    """The range outside which a value needs a confirmation; both ends are plausible."""

    low: Decimal
    high: Decimal

    @classmethod
    def between(cls, low: str | int, high: str | int) -> Plausible:
        """The range from `low` to `high`, written as they should be read."""
        return cls(Decimal(low), Decimal(high))


@dataclass(frozen=True, slots=True)
class Possible:
    """The range of a decimal outside which it is refused; `low` itself is possible unless `above`."""

    low: str
    high: str
    places: int
    above: bool = False

    def __call__(self, text: str) -> str:
        """The same text, when its value is possible and not finer than `places` decimals."""
        value, low = Decimal(text), Decimal(self.low)
        if value < low or value > Decimal(self.high) or (self.above and value == low):
            raise ValueError(f"impossible: must be {self.words}")
        if len(text.partition(".")[2]) > self.places:
            raise ValueError(f"at most {self.places} decimal places")
        return text

    @property
    def words(self) -> str:
        """The range as a reader sees it."""
        return f"above {self.low}, at most {self.high}" if self.above else f"{self.low} to {self.high}"


_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,6})?")


def _decimal(text: str) -> str:
    if not _DECIMAL.fullmatch(text) or (text.startswith("-") and Decimal(text) == 0):
        raise ValueError("not a plain decimal such as 12.5")
    return text


DecimalText = Annotated[str, AfterValidator(_decimal), Named("decimal as text")]
"""An exact decimal as text; trailing zeros are kept because they were read off an instrument."""

Systolic = Annotated[int, Field(gt=0, le=350), Plausible.between(70, 230), Named("systolic pressure", "mm[Hg]")]
Diastolic = Annotated[int, Field(gt=0, le=250), Plausible.between(35, 140), Named("diastolic pressure", "mm[Hg]")]
HeartRate = Annotated[int, Field(ge=0, le=350), Plausible.between(35, 180), Named("heart rate", "/min")]
OxygenSaturation = Annotated[int, Field(ge=0, le=100), Plausible.between(70, 100), Named("oxygen saturation", "%")]
RespiratoryRate = Annotated[int, Field(ge=0, le=100), Plausible.between(6, 40), Named("breaths", "/min")]
Temperature = Annotated[
    DecimalText,
    AfterValidator(Possible("20", "46", 2)),
    Plausible.between(34, 41),
    Named("temperature", "Cel"),
]
Weight = Annotated[
    DecimalText,
    AfterValidator(Possible("0", "400", 2, above=True)),
    Plausible.between(35, 220),
    Named("weight", "kg"),
]
Height = Annotated[int, Field(gt=0, le=280), Named("height", "cm")]
Moaas = Annotated[int, Field(ge=0, le=5), Named("MOAA/S, 0 (no response) to 5 (responds readily to name)", "{score}")]
Rass = Annotated[int, Field(ge=-5, le=4), Named("Richmond Agitation-Sedation Scale", "{score}")]
Cadss6 = Annotated[
    int,
    Field(ge=0, le=24),
    Named("sum of six items of the Clinician-Administered Dissociative States Scale", "{score}"),
]
Aldrete = Annotated[int, Field(ge=0, le=10), Named("modified Aldrete score", "{score}")]
Padss = Annotated[int, Field(ge=0, le=10), Named("post-anaesthetic discharge score", "{score}")]
AldreteItem = Annotated[int, Field(ge=0, le=2), Named("one item of the Aldrete score", "{score}")]
Orientation = Annotated[int, Field(ge=0, le=4), Named("oriented to how many of person, place, time, event", "{score}")]
HoldMinutes = Annotated[int, Field(ge=0, le=120), Plausible.between(3, 30), Named("time a lozenge was held", "min")]
Concentration = Annotated[
    DecimalText, AfterValidator(Possible("0", "500", 2, above=True)), Named("concentration", "mg/mL")
]
Volume = Annotated[DecimalText, AfterValidator(Possible("0", "10000", 2)), Named("volume", "mL")]
Units = Annotated[DecimalText, AfterValidator(Possible("0", "10000", 3)), Named("lozenges, sprays or devices", "1")]
"""Halves are counted too: 8.5 lozenges."""
Milligrams = Annotated[DecimalText, AfterValidator(Possible("0", "100000", 3, above=True)), Named("mass", "mg")]
MilligramsOrNone = Annotated[
    DecimalText, AfterValidator(Possible("0", "100000", 3)), Named("mass, which may be none", "mg")
]
MoreOrLess = Annotated[DecimalText, AfterValidator(Possible("-100000", "100000", 3)), Named("difference of mass", "mg")]
ZeroToTen = Annotated[int, Field(ge=0, le=10), Named("0 to 10", "{score}")]
ZeroToThree = Annotated[int, Field(ge=0, le=3), Named("0 to 3", "{score}")]
Count = Annotated[int, Field(ge=0, le=10_000), Named("whole number")]
Minutes = Annotated[int, Field(ge=0, le=100_000), Named("minutes", "min")]
Hours = Annotated[int, Field(ge=0, le=10_000), Named("hours", "h")]


class Part(BaseModel):
    """A value made of several; frozen, and closed to members it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    def doubts(self) -> Iterator[str]:
        """What is implausible about the value as a whole, beyond the ranges of its members."""
        yield from ()


class Mass(Part):
    """An amount of drug in mg, to 3 decimal places, exact."""

    unit: Literal["mg"] = "mg"
    value: Milligrams

    @property
    def mg(self) -> Decimal:
        """The exact number of milligrams."""
        return Decimal(self.value)


class Amount(Part):
    """An amount of drug in mg that may be none, to 3 decimal places, exact."""

    unit: Literal["mg"] = "mg"
    value: MilligramsOrNone

    @property
    def mg(self) -> Decimal:
        """The exact number of milligrams."""
        return Decimal(self.value)


class Difference(Part):
    """What was counted less what was expected, in mg, exact; below zero something is missing."""

    unit: Literal["mg"] = "mg"
    value: MoreOrLess


class BloodPressure(Part):
    """One reading, in mm[Hg]; a diastolic value that is not below the systolic one is implausible."""

    diastolic: Diastolic
    systolic: Systolic

    def doubts(self) -> Iterator[str]:
        """Two numbers that were perhaps exchanged."""
        if self.diastolic >= self.systolic:
            yield f"diastolic {self.diastolic} is not below systolic {self.systolic}"


class UntilWhen(Part):
    """An instant in UTC with the local wording that was shown: `2026-05-17 10:50 EDT`."""

    at: Moment
    local: LocalWording


class Confirmation(Part):
    """The signer's word that an implausible value is true, and why."""

    reason: FreeText


Unobtained = Literal[
    "declined",
    "asleep",
    "device-failed",
    "device-missing",
    "not-safe",
    "partner-emergency",
    "no-time",
    "other",
]
"""Why a value is missing or a check came late."""


class NotObtained(Part):
    """A value that was meant to be read and was not, and why."""

    item: Literal[
        "aldrete",
        "anxiety",
        "blood-pressure",
        "cadss6",
        "distress",
        "gait",
        "heart-rate",
        "moaas",
        "nausea",
        "orientation",
        "respiratory-rate",
        "spo2",
        "temperature",
        "weight",
    ]
    reason: Unobtained


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


def possible_dose(mass: Mass, route: Route | None) -> Mass:
    """The same mass, when a dose of it is possible by this route; without a route nothing is checked."""
    if route is not None and mass.mg > DOSE_RANGES[route].possible:
        raise ValueError(f"impossible: more than {DOSE_RANGES[route].possible} mg {route}")
    return mass
