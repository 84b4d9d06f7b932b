"""
Whether what is said about another entry may be recorded: the entry is there, on this record, and could be said so.

These are matters of integrity; whether somebody may countersign is judged by whoever reads (`second_signatures`),
and asked beforehand by a rule (REC-03).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ledger.amending import check_correction
from ledger.errors import Refused
from ledger.events.base import Event, Reference
from ledger.events.corrections import (
    AddendumAppended,
    CountersignatureGiven,
    EntryCorrected,
    EntryReattributed,
    EntryVoided,
    LateEntryDeclared,
)
from ledger.events.dosing import DoseAdministered
from ledger.events.expired import NoLongerKept
from ledger.events.holds import DosesConfirmedDistinct
from ledger.events.paper import PaperLineTranscribed
from ledger.payload import Payload
from ledger.reading import PlacedEvent, stream_kind

Find: TypeAlias = Callable[[str], PlacedEvent | None]
"""The recorded event with this digest; its sealed fields need not be readable."""

_NOT_CORRECTED = ("keys", "device", "governance", "access")
"""Records whose entries are undone by events of their own, never by a correction."""


def check_target(event: Event, payload: Payload, find: Find) -> None:
    """
    Pass when this says nothing about another entry, or something that may be said about it.

    Raises:
        Refused: `target-unknown`, `target-elsewhere`, `target-kind`, `target-expired`, `reattribution-halves`.
        Invalid: what `check_correction` raises.
    """
    match event:
        case CountersignatureGiven() | AddendumAppended() | LateEntryDeclared():
            target = _target(event.target, payload.stream, find)
            if isinstance(
                target.event, CountersignatureGiven | AddendumAppended | LateEntryDeclared | PaperLineTranscribed
            ):
                raise _kind("What was said about an entry is not countersigned itself; say it of the entry.")
        case EntryVoided():
            _correctable(_target(event.target, payload.stream, find))
        case EntryCorrected():
            target = _target(event.target, payload.stream, find)
            _correctable(target)
            check_correction(target, event)
        case EntryReattributed():
            _check_halves(event, payload.stream, find)
        case DosesConfirmedDistinct():
            _check_doses(event, payload.stream, find)
        case _:
            return


def _target(reference: Reference, stream: str, find: Find) -> PlacedEvent:
    target = find(reference.dig)
    if target is None or target.payload.id != reference.id:
        raise Refused(
            "target-unknown",
            "The entry this is about was never recorded.",
            field="target",
            remedy="Record the entry first, and name it by its digest and id.",
        )
    if isinstance(target.event, NoLongerKept):
        raise Refused(
            "target-expired",
            "The entry this is about is no longer kept: its retention ended.",
            field="target",
            remedy="Nothing can be corrected or countersigned that nobody can read; record a new fact if there is one.",
        )
    if target.stream != stream:
        raise Refused(
            "target-elsewhere",
            "What is said about an entry stands on the record of that entry.",
            field="stream",
            remedy="Use the record on which the entry stands; what belongs elsewhere is reattributed.",
        )
    return target


def _check_doses(event: DosesConfirmedDistinct, stream: str, find: Find) -> None:
    """At least two different doses, of this record or of other sessions; never one of the partner beside."""
    beside = stream.rpartition("/")[0]
    for index, reference in enumerate(event.doses):
        dose, field = find(reference.dig), f"doses.{index}"
        if dose is None or dose.payload.id != reference.id:
            raise Refused(
                "target-unknown",
                "This dose was never recorded.",
                field=field,
                remedy="Record every dose first, and name each by its digest and id.",
            )
        if not isinstance(dose.event, DoseAdministered):
            raise _kind("Only doses are confirmed as distinct.", field)
        if dose.stream != stream and dose.stream.startswith(f"{beside}/"):
            raise Refused(
                "target-elsewhere",
                "This dose is the other partner's.",
                field=field,
                remedy="Name doses of one person: of this record, or of another session's.",
            )
    if len({reference.dig for reference in event.doses}) < 2:
        raise _kind("One dose is not two; name at least two different ones.", "doses")


def _correctable(target: PlacedEvent) -> None:
    if isinstance(target.event, CountersignatureGiven):
        raise _kind("A countersignature is not corrected; whoever gave it gives another, and the last one counts.")
    if stream_kind(target.stream) in _NOT_CORRECTED:
        raise _kind("Entries of this record are not corrected; the record has events that undo them.")


def _kind(message: str, field: str = "target") -> Refused:
    return Refused("target-kind", message, field=field, remedy="See docs/corrections.md for what may be said.")


def _check_halves(event: EntryReattributed, stream: str, find: Find) -> None:
    """Of one session, from one partner's record to the other's, and the same kind of entry on both."""
    void, created = find(event.voided.dig), find(event.created.dig)
    ids = (None if void is None else void.payload.id, None if created is None else created.payload.id)
    if void is None or created is None or ids != (event.voided.id, event.created.id):
        raise Refused(
            "target-unknown",
            "One half of this reattribution was never recorded.",
            field="voided" if void is None else "created",
            remedy="Record the void and the new entry first.",
        )
    first = find(void.event.target.dig) if isinstance(void.event, EntryVoided) else None
    slots = {f"session/{stream.partition('/')[2]}/{slot}" for slot in ("a", "b")}
    if first is None or type(first.event) is not type(created.event) or {void.stream, created.stream} != slots:
        raise Refused(
            "reattribution-halves",
            "A reattribution joins the void of an entry of one partner and the same kind of entry of the other.",
            field="voided",
            remedy="Both belong to one session, and this stands on the governance record with the session's number.",
        )
