"""
What every kind of event has in common, and the constitution of event types.

1. A published type never changes. Its tag, `dose-administered/1`, is its identity; the class name is not.
2. A new meaning, field or block is a new version, `…/2`: a new class beside the old one.
3. Which sealed blocks a type has follows from its fields alone.
4. An event says what happened, also when it should not have: it holds no rule.
5. A golden file in `tests/golden/events` is never edited.

A class declares its fields with their privacy (`ledger.events.fields`), the record it belongs to (`STREAM`),
who signs it with which meaning (`SIGNERS`), and what of it nobody corrects alone (`CRITICAL`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, StringConstraints

from ledger.events.measures import Confirmation, Part, Plausible
from ledger.events.words import Named
from ledger.payload import EventId, HexHash
from ledger.vocabulary import Meaning, Role, StreamKind

_UUID4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


def _id(kind: str) -> StringConstraints:
    return StringConstraints(pattern=rf"^{kind}/{_UUID4}$")


StaffId = Annotated[str, _id("staff"), Named("staff/…")]
PersonId = Annotated[str, _id("person"), Named("person/…")]
CoupleId = Annotated[str, _id("couple"), Named("couple/…")]
SessionId = Annotated[str, _id("session"), Named("session/…")]
LocationId = Annotated[str, _id("location"), Named("location/…")]
ProtocolId = Annotated[str, _id("protocol"), Named("protocol/…")]
StockId = Annotated[str, _id("stock"), Named("stock/…")]


class Reference(Part):
    """Another event, by its content digest and its id."""

    dig: HexHash
    id: EventId


GIVERS: tuple[Role, ...] = ("nurse", "prescriber")
"""Who gives a dose."""

MONITORS: tuple[Role, ...] = (*GIVERS, "therapist")
"""Who may act as monitor; whether this one was trained and licensed for it is judged, not refused."""

THEMSELVES: tuple[Role, ...] = ("participant", "representative")
"""Who signs for a participant: they do; or whom the law appointed for them, in that role and no other."""

Signatory: TypeAlias = Literal["staff", "person", "slot", "service", "subject", "holder"]
"""
Whose key signs.

`subject` is the very person the record is about, on their person or session key;
`holder` is the owner of the key an event is about, or a security officer.
"""


@dataclass(frozen=True, slots=True)
class Signer:
    """
    One signature of a type: its meaning, whose key may give it, in which roles, and when.

    `when` is `now` for a signature without which the event is refused, `later` for one that a
    countersignature may still bring (until then it is pending).
    `whose` is the only one who can give it, where an entry was typed from a sheet that names them.
    """

    meaning: Meaning
    by: Signatory = "staff"
    roles: tuple[Role, ...] = ()
    when: Literal["now", "later"] = "now"
    whose: str = ""


Critical: TypeAlias = frozenset[str]
"""Fields of a type, and `occurred` for the time, whose correction counts only once a second person has signed it."""

NOTHING: Critical = frozenset()
"""A type in which every slip may be corrected by one person; voiding such an entry needs one person too."""

VALUES_DECIDED_ON: Critical = frozenset({"blood_pressure"})
"""A pressure somebody may have given or held a dose on, or released somebody on; nobody can tell afterwards [D]."""


class Event(BaseModel):
    """
    One fact, authorisation or declaration, as its signers attest it.

    Fields are checked when it is made and again when it is read; it never changes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    STREAM: ClassVar[StreamKind]
    SIGNERS: ClassVar[tuple[Signer, ...]]
    CRITICAL: ClassVar[Critical]
    AUTHORISES: ClassVar[bool] = False
    """Whether it permits something, and so may be refused by a rule; facts are not."""

    type: str

    @classmethod
    def type_tag(cls) -> str:
        """The stored identity of this class, such as `dose-administered/1`."""
        return str(cls.model_fields["type"].default)

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        """A new type says itself what is critical in it; nothing is taken for granted."""
        super().__pydantic_init_subclass__(**kwargs)
        if "STREAM" in cls.__dict__ and "CRITICAL" not in cls.__dict__:
            raise TypeError(f"{cls.__name__} must say which of its fields are critical: CRITICAL, or NOTHING")

    def asks(self, signer: Signer) -> bool | None:
        """
        Whether a signature that may come later has to come; None when that cannot be read any more.

        Where a type does not say otherwise it has to.
        """
        return signer.when == "later"

    def whose(self, signer: Signer) -> str | None:  # noqa: ARG002  # types that know ask by signature
        """Who alone can give a signature that may come later; None for anybody in the right role."""
        return None

    def implausible(self) -> Iterator[Implausible]:
        """The values that need a confirmation, in the order of the fields."""
        members = self.__dict__
        for name, ranges in _doubtable(type(self)):
            if (value := members[name]) is not None and not _is_plainly_inside(value, ranges):
                yield from _implausible_in(value, ranges, name)


class Measured(Event):
    """An event with measured values, which may be implausible and then carry a confirmation."""

    def confirmation(self) -> Confirmation | None:
        """The signer's word that an implausible value is true; every subclass has a field `confirmed`."""
        confirmed = getattr(self, "confirmed", None)
        return confirmed if isinstance(confirmed, Confirmation) else None


@dataclass(frozen=True, slots=True)
class Implausible:
    """A value outside its plausible range: where it stands and why it is doubted."""

    field: str
    message: str


@lru_cache(maxsize=512)
def _doubtable(kind: type[BaseModel]) -> tuple[tuple[str, tuple[Plausible | type[Part], ...]], ...]:
    """The fields of a class whose values may be doubted, with the ranges and parts that say so."""
    fields = {name: tuple(_ranges((each.annotation, *each.metadata))) for name, each in kind.model_fields.items()}
    return tuple((name, ranges) for name, ranges in fields.items() if ranges)


def _ranges(hints: tuple[Any, ...]) -> Iterator[Plausible | type[Part]]:
    for hint in hints:
        if isinstance(hint, Plausible) or (isinstance(hint, type) and issubclass(hint, Part)):
            yield hint
        else:
            yield from _ranges(get_args(hint))


def _is_plainly_inside(value: object, ranges: tuple[Plausible | type[Part], ...]) -> bool:
    """Whether this is a whole number in the one range there is, as nearly all are; a no says nothing."""
    only = ranges[0]
    return type(value) is int and len(ranges) == 1 and isinstance(only, Plausible) and only.low <= value <= only.high


def _implausible_in(value: object, ranges: tuple[Plausible | type[Part], ...], path: str) -> Iterator[Implausible]:
    if value is None:
        return
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _implausible_in(item, ranges, f"{path}.{index}")
        return
    for each in ranges:
        if isinstance(each, Plausible):
            if isinstance(value, (int, str)) and not each.low <= Decimal(value) <= each.high:
                yield Implausible(path, f"{value} is outside {each.low} to {each.high}")
        elif isinstance(value, Part) and each is type(value):
            for name, inner in _doubtable(each):
                if not _is_plainly_inside(within := getattr(value, name), inner):
                    yield from _implausible_in(within, inner, f"{path}.{name}")
            for message in value.doubts():
                yield Implausible(path, message)
