"""
One partner's part of a session of a couple's course: their own, and what the other may know of it.

That somebody said no stands here for staff only, and never when, why or under what pressure.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from ledger.vocabulary import Slot
from projections.marks import Mark
from projections.sharing import Shared
from projections.times import Told, words_of

Standing: TypeAlias = Mapping[int, tuple[Mark, ...]]
"""Marks by the position of what they are about."""

NOT_SHARED = "not shared"


@dataclass(frozen=True, slots=True)
class GivenDose:
    """One dose: exact mg as it was signed, the instant, the local time, how `late`; `standing` as in `OwnPart`."""

    mg: str
    at: str
    local: str
    evidence: tuple[int, ...]
    standing: tuple[Mark, ...] = ()
    late: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnPart:
    """
    One partner's part of a session, for staff and for that partner.

    `highest_pressure` is by systolic value, with how many were unreadable; `declined` is None for partners.
    `voided` are doses that do not count any more, as they were signed.
    `released` says until when not to drive; `departed` is a local time, perhaps with how; empty is not yet.
    `standing` are the marks of everything told here, such as that a key was suspect which signed it.
    """

    slot: Slot
    attended: bool
    doses: tuple[GivenDose, ...]
    total_mg: str
    highest_pressure: str
    declined: bool | None
    released: str
    departed: str
    followed_up: str
    evidence: tuple[int, ...]
    standing: tuple[Mark, ...] = ()
    voided: tuple[GivenDose, ...] = ()


@dataclass(frozen=True, slots=True)
class SharedPart:
    """What a partner may know of the other's part: words, or `not shared`."""

    slot: Slot
    attended: str
    dosed: str
    dose: str
    highest_pressure: str
    evidence: tuple[int, ...]


def own_part(
    slot: Slot,
    facts: Sequence[sqlite3.Row],
    struck: Sequence[sqlite3.Row],
    standing: Standing,
    told: Mapping[int, Told],
    *,
    staff: bool,
) -> OwnPart:
    """What one partner was given and how it ended, from the facts that count and those that were struck."""
    mine = [row for row in facts if row["slot"] == slot and (staff or row["kind"] != "declined")]
    doses = tuple(_doses(mine, standing, told))
    return OwnPart(
        slot=slot,
        attended=bool(_of(mine, "attended")),
        doses=doses,
        total_mg=f"{sum((Decimal(dose.mg) for dose in doses), Decimal(0)):f}",
        highest_pressure=_highest(mine),
        declined=bool(_of(mine, "declined")) if staff else None,
        released="; ".join(row["words"] for row in _of(mine, "released")[-1:]),
        departed="; ".join(" ".join(filter(None, (row["local"], row["words"]))) for row in _of(mine, "departed")[:1]),
        followed_up=", ".join(row["words"] for row in _of(mine, "followed-up")),
        evidence=evidence_of(mine),
        standing=tuple(mark for row in mine for mark in standing.get(row["position"], ())),
        voided=tuple(_doses([row for row in struck if row["slot"] == slot], standing, told)),
    )


def shared_part(slot: Slot, facts: Sequence[sqlite3.Row], may: Shared) -> SharedPart:
    """Evidence too is only of what is shared: a position more would tell of a second dose."""
    theirs = [row for row in facts if row["slot"] == slot]
    attended, pressures = _of(theirs, "attended"), _of(theirs, "pressure")
    doses = _of(theirs, "dose")
    given = ", ".join(f"{row['words']} mg" for row in doses) or "none"
    shown = [
        *(attended if may.attendance else []),
        *(doses if may.dose else doses[:1] if may.dosed else []),
        *(pressures if may.vitals else []),
    ]
    return SharedPart(
        slot=slot,
        attended=("yes" if attended else "no") if may.attendance else NOT_SHARED,
        dosed=("yes" if doses else "no") if may.dosed else NOT_SHARED,
        dose=given if may.dose else NOT_SHARED,
        highest_pressure=_highest(theirs) if may.vitals else NOT_SHARED,
        evidence=evidence_of(shown),
    )


def _doses(mine: Sequence[sqlite3.Row], standing: Standing, told: Mapping[int, Told]) -> list[GivenDose]:
    return [
        GivenDose(
            row["words"],
            row["at"],
            row["local"],
            (row["position"],),
            standing.get(row["position"], ()),
            words_of(told, row["position"]),
        )
        for row in _of(mine, "dose")
    ]


def _highest(facts: Sequence[sqlite3.Row]) -> str:
    words = [str(row["words"]) for row in _of(facts, "pressure")]
    read = [word for word in words if "/" in word]
    gone = [word for word in words if "/" not in word]
    highest = max(read, key=lambda word: tuple(map(int, word.split("/"))), default="")
    missing = ", ".join(f"{gone.count(why)} {why}" for why in dict.fromkeys(gone))
    return ", ".join(part for part in (highest, missing) if part) or "none taken"


def _of(facts: Sequence[sqlite3.Row], kind: str) -> list[sqlite3.Row]:
    return [row for row in facts if row["kind"] == kind]


def evidence_of(facts: Sequence[sqlite3.Row]) -> tuple[int, ...]:
    """The log positions of these facts."""
    return tuple(row["position"] for row in facts)
