"""
What may be recorded: the only place that refuses an event for what it says.

A *fact* is refused for integrity alone: it is about nobody we know, it is signed by nobody who could have done it,
or a value is implausible and nobody confirmed it.
It is never refused because it is a breach; rules judge it afterwards.
An *authorisation* is refused as well when the record it acts on contradicts it.
Whether care is good is no question here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Literal, TypeAlias, Union, cast, get_args, get_origin

from ledger.errors import Refused
from ledger.events import Event
from ledger.events.base import Event as AnyEvent
from ledger.events.base import Measured
from ledger.events.dosing import DoseAuthorised
from ledger.events.fields import Gone
from ledger.events.incidents import BoundaryIncidentRecorded
from ledger.events.lifecycle import SessionClosed, SessionOpened, SessionScheduled
from ledger.events.measures import Part
from ledger.events.people import CoupleRegistered, ParticipantRegistered, StaffRegistered
from ledger.events.release import ReleaseAuthorised
from ledger.events.supervision import MonitorAssigned
from ledger.payload import Payload
from ledger.session import Session
from ledger.signers import check_meanings
from ledger.transcribed import is_transcribed

IsKnown: TypeAlias = Callable[[str], bool]
"""Whether a record of this name has any event."""

_BEGINNINGS = (ParticipantRegistered, StaffRegistered, CoupleRegistered, SessionScheduled)
"""Types that may be the first of a record about people."""

_REFERRED = ("staff/", "person/", "couple/", "session/", "location/")
"""Kinds of records that an event may only name when they exist."""


_KNOWN_TO_PARTNERS = ("session", "couple", "person", "location")
"""Kinds of records whose numbers stand in somebody's copy."""


def decide(event: AnyEvent, payload: Payload, session: Session | None, is_known: IsKnown) -> None:
    """
    Pass when this event may be recorded next; `session` is the one whose record it belongs to, if any.

    Only an authorisation asks how the session stands; of other events it may be None.

    Raises:
        Refused: `unknown-subject`, `telling-record`, `signature-meaning`, `signature-missing`, `implausible-value`,
            `session-state`, `out-of-order`.
    """
    _refuse_unknown_subjects(event, payload, is_known)
    _refuse_telling_number(event, payload, is_known)
    check_meanings(type(event), payload)
    if isinstance(event, Measured):
        _refuse_unconfirmed(event)
    if type(event).AUTHORISES and session is not None and not is_transcribed(payload):
        _refuse_contradiction(event, payload.stream, session)


def _refuse_unknown_subjects(event: AnyEvent, payload: Payload, is_known: IsKnown) -> None:
    if payload.stream == "keys":
        return  # an owner may have a key before a record, as the first officers do
    kind, _, rest = payload.stream.partition("/")
    record = f"{kind}/{rest.partition('/')[0]}"
    if kind in ("person", "staff", "couple", "session") and not isinstance(event, _BEGINNINGS) and not is_known(record):
        raise Refused(
            "unknown-subject",
            f"Nobody recorded this {kind} before.",
            field="stream",
            remedy="Register or schedule it first; check the identifier for a slip.",
        )
    for field, name in _names_in(event):
        if name != record and not is_known("/".join(name.split("/")[:2])):
            raise Refused(
                "unknown-subject",
                f"The {name.partition('/')[0]} named here is not in the ledger.",
                field=field,
                remedy="Register it first; check the identifier for a slip.",
            )


def _refuse_telling_number(event: AnyEvent, payload: Payload, is_known: IsKnown) -> None:
    """The tag of a record follows from its number: who knows a session's number must not find an incident by it."""
    number = payload.stream.partition("/")[2]
    if isinstance(event, BoundaryIncidentRecorded) and any(is_known(f"{kind}/{number}") for kind in _KNOWN_TO_PARTNERS):
        raise Refused(
            "telling-record",
            "The record of this incident has a number that its own participants know.",
            field="stream",
            remedy="Make a new number for it: `governance/` and a UUID that nothing else has.",
        )


def _names_in(value: AnyEvent | Part, path: str = "") -> Iterator[tuple[str, str]]:
    """Every record an event names, with the field."""
    members = value.__dict__
    for name in _perhaps_naming(type(value)):
        member = members.get(name)
        if member is None:
            continue
        if isinstance(member, str):
            if member.startswith(_REFERRED):
                yield path + name, member
        elif isinstance(member, Part):
            yield from _names_in(member, f"{path}{name}.")
        elif isinstance(member, tuple):
            for index, item in enumerate(member):
                if isinstance(item, str):
                    if item.startswith(_REFERRED):
                        yield f"{path}{name}[{index}]", item
                elif isinstance(item, Part):
                    yield from _names_in(item, f"{path}{name}[{index}].")


@cache
def _perhaps_naming(kind: type[AnyEvent | Part]) -> tuple[str, ...]:
    """The fields whose value may be a name or hold one: all but those that are numbers, truth values or of a list."""
    return tuple(name for name, each in kind.model_fields.items() if not _names_nothing(each.annotation))


def _names_nothing(hint: object) -> bool:
    origin = get_origin(hint)
    if origin is Literal:
        return not any(isinstance(each, str) and each.startswith(_REFERRED) for each in get_args(hint))
    if origin in (Union, UnionType):
        return all(map(_names_nothing, get_args(hint)))
    if origin is Annotated:
        return _names_nothing(get_args(hint)[0])
    return hint in (int, bool, Decimal, NoneType, Gone)


def _refuse_unconfirmed(event: Measured) -> None:
    doubts = list(event.implausible())
    if doubts and event.confirmation() is None:
        raise Refused(
            "implausible-value",
            f"{doubts[0].message}.",
            field=doubts[0].field,
            remedy="Correct it, or confirm it with a reason: the field `confirmed`.",
        )


def _refuse_contradiction(event: AnyEvent, stream: str, session: Session) -> None:
    """An authorisation that the record itself contradicts; rules of care are asked elsewhere."""
    known = cast("Event", event)
    match known:
        case _ if session.expired:
            raise _contradiction("The record of this session is no longer kept: its retention ended.")
        case SessionOpened() if session.status in ("open", "closed"):
            raise _contradiction(f"The session is {session.status} already.")
        case SessionOpened() if session.status == "cancelled":
            raise _contradiction("The session was cancelled; if it takes place after all, reschedule it first.")
        case SessionClosed() if session.status != "open":
            raise _contradiction("The session is not open.")
        case DoseAuthorised() | MonitorAssigned() | ReleaseAuthorised() if session.status == "closed":
            raise _contradiction("The session is closed.")
        case DoseAuthorised() | ReleaseAuthorised() if session.partner("a" if stream.endswith("/a") else "b").ended_at:
            raise _contradiction("This partner has left care already.")
        case _:
            return


def _contradiction(message: str) -> Refused:
    return Refused("session-state", message, field="stream", remedy="If it happened, record the fact instead.")
