"""
A couple's course: its sessions in order, and for each partner apart what was given, and how it ended.

Two people's milligrams are never added.
A partner reads their own course, and of the other only what that one shares (`projections.sharing`).
That somebody said no stands here for staff only, and never when, why or under what pressure.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from ledger.vocabulary import Slot
from projections.couple_history_rows import COUPLE_HISTORY
from projections.key_marks import doubts_about
from projections.marks import Mark
from projections.names import Names
from projections.session_list import last_plan, latest, local_date, plans
from projections.sharing import Shared, shared_by
from projections.snapshot import NOW, AsOf, Snapshot, snapshot
from projections.tables import ViewDatabase
from projections.times import Told, told_beside, words_of
from projections.viewer import BOTH, viewer_of

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


@dataclass(frozen=True, slots=True)
class CoupleSession:
    """One session of the course; `gap_days` are the calendar days since the one before."""

    session: str
    ordinal: int
    location_code: str
    date: str
    gap_days: int | None
    status: str
    parts: tuple[OwnPart, ...]
    shared: tuple[SharedPart, ...]
    evidence: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CoupleHistory:
    """A course for one viewer; `total_mg` has each slot shown, with that person's mg over all sessions."""

    position: int
    viewer: str
    couple: str
    couple_code: str
    total_mg: tuple[tuple[Slot, str], ...]
    sessions: tuple[CoupleSession, ...]


_BEGUN = {"opened": "open", "closed": "closed"}


def couple_history(
    database: ViewDatabase, couple: str, *, for_partner: str | None = None, as_of: AsOf = NOW
) -> CoupleHistory:
    """
    The course of a couple, by code or identifier, for staff or for one partner.

    Raises:
        Refused: `not-found`, `ambiguous-code`, `unknown-viewer`, and what `snapshot` raises.
    """
    viewer = viewer_of(for_partner)
    with snapshot(database, COUPLE_HISTORY, as_of) as seen:
        names = Names(seen)
        identifier = names.identifier("couple", couple)
        others = [slot for slot in BOTH if slot not in viewer.own]
        shared = {slot: shared_by(seen, identifier, slot) for slot in others}
        told: list[CoupleSession] = []
        totals = dict.fromkeys(viewer.own, Decimal(0))
        for planned, plan, facts, day in _in_order(seen, names, identifier):
            joint = [row for row in facts if row["slot"] == "both"]
            standing = doubts_about(seen, facts)
            struck = _struck(seen, planned["session"])
            told_of = told_beside(seen, [row["position"] for row in (*facts, *struck) if row["kind"] == "dose"])
            parts = tuple(
                _own(slot, facts, struck, standing, told_of, staff=viewer.partner is None) for slot in viewer.own
            )
            for part in parts:
                totals[part.slot] += Decimal(part.total_mg)
            told.append(
                CoupleSession(
                    session=planned["session"],
                    ordinal=planned["ordinal"],
                    location_code=names.code(plan["location"]),
                    date=day.isoformat(),
                    gap_days=(day - date.fromisoformat(told[-1].date)).days if told else None,
                    status=_status(joint),
                    parts=parts,
                    shared=tuple(_shared(slot, facts, may) for slot, may in shared.items()),
                    evidence=_evidence([planned, *joint]),
                )
            )
        return CoupleHistory(
            position=seen.position,
            viewer=viewer.words,
            couple=identifier,
            couple_code=names.code(identifier),
            total_mg=tuple((slot, f"{total:f}") for slot, total in totals.items()),
            sessions=tuple(told),
        )


def _in_order(
    seen: Snapshot, names: Names, couple: str
) -> list[tuple[sqlite3.Row, sqlite3.Row, list[sqlite3.Row], date]]:
    """Each session as scheduled and as planned last, its facts, and the local day of both, by day."""
    found, anew = [], plans(seen)
    for planned in latest(seen.facts("session", "couple = ?", couple)):
        facts = seen.facts("fact", "session = ?", planned["session"])
        plan = last_plan(planned, anew)
        opened = next((row for row in facts if row["kind"] == "opened"), None)
        there = names.zone(plan["location"])
        day = opened["local"][:10] if opened else local_date(plan["planned_start"], there)
        found.append((planned, plan, facts, date.fromisoformat(day)))
    return sorted(found, key=lambda each: (each[3], each[1]["planned_start"], each[0]["position"]))


def _struck(seen: Snapshot, session: str) -> list[sqlite3.Row]:
    """The facts of a session that do not count any more."""
    gone = {at for at, each in seen.standings().items() if each.counts is None}
    return [row for row in seen.facts("fact", "session = ?", session, struck=True) if row["position"] in gone]


def _own(
    slot: Slot,
    facts: Sequence[sqlite3.Row],
    struck: Sequence[sqlite3.Row],
    standing: Standing,
    told: Mapping[int, Told],
    *,
    staff: bool,
) -> OwnPart:
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
        evidence=_evidence(mine),
        standing=tuple(mark for row in mine for mark in standing.get(row["position"], ())),
        voided=tuple(_doses([row for row in struck if row["slot"] == slot], standing, told)),
    )


def _shared(slot: Slot, facts: Sequence[sqlite3.Row], may: Shared) -> SharedPart:
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
        evidence=_evidence(shown),
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


def _status(joint: Sequence[sqlite3.Row]) -> str:
    """How far a session is; one that was opened is not cancelled any more."""
    kinds = ["scheduled", *(str(row["kind"]) for row in joint)]
    return next((_BEGUN[kind] for kind in reversed(kinds) if kind in _BEGUN), kinds[-1])


def _evidence(facts: Sequence[sqlite3.Row]) -> tuple[int, ...]:
    return tuple(row["position"] for row in facts)
