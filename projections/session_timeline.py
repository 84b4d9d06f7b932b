"""
One session as it went: both partners side by side, in the order it happened, in plain words with the numbers.

    10:36  B  BP 142/90, SpO2 97 %           abnormal: BP 142/90 high     RN1 nurse, performed
    10:50  A  50 mg sublingual from own-A, redose            written 39 min after it happened

A partner's own copy holds that partner's rows and the joint ones, and nothing of the other.
Rows with the same time stand in the order of the log.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, replace

from projections.correction_marks import correction_marks
from projections.key_marks import key_marks
from projections.marks import Mark, Marker, collected
from projections.names import Names
from projections.refusals import tags_of
from projections.session_list import SessionSummary, one_session
from projections.session_rows import SESSIONS
from projections.snapshot import NOW, AsOf, Snapshot, snapshot
from projections.tables import ViewDatabase
from projections.times import Times, Told, told_beside
from projections.viewer import Viewer, viewer_of

MARKERS: tuple[Marker, ...] = (correction_marks, key_marks)
"""Who has something to say about entries beside what they say; another marker is added here."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed: a code such as RN1, or A or B; in which role, and with which meaning."""

    by: str
    role: str
    meaning: str


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """
    One event.

    `slot` is a, b, both, or unknown; `at` is the instant, `local` what the signer's clock showed, to a
    precision of `s`, `min` or `approx`.
    `marks` are abnormal values, `standing` is what became of the entry since: its `Mark`s.
    `counts` is false for one that was voided and is shown as it was signed; a corrected one says what counts, and
    `was` what was signed.
    `late` says how late it was written and received, and `times` by which clocks; None while nobody can tell.
    """

    at: str
    local: str
    precision: str
    slot: str
    phrase: str
    marks: tuple[str, ...]
    late: tuple[str, ...]
    signed: tuple[Signed, ...]
    type: str
    position: int
    standing: tuple[Mark, ...] = ()
    counts: bool = True
    was: str = ""
    times: Times | None = None

    @property
    def evidence(self) -> tuple[int, ...]:
        """The log position of the event."""
        return (self.position,)


@dataclass(frozen=True, slots=True)
class SessionTimeline:
    """A session and its rows, for one viewer, computed at a log position."""

    position: int
    viewer: str
    summary: SessionSummary
    rows: tuple[TimelineRow, ...]


def timeline(
    database: ViewDatabase, session: str, *, for_partner: str | None = None, as_of: AsOf = NOW
) -> SessionTimeline:
    """
    Everything of one session, such as `session/6b7c…`, for staff or for one partner.

    Raises:
        Refused: `not-found`, `unknown-viewer`, and what `snapshot` raises.
    """
    viewer = viewer_of(for_partner)
    with snapshot(database, SESSIONS, as_of) as seen:
        names = Names(seen)
        summary = one_session(seen, session, names, viewer)
        records = json.dumps([session, *tags_of(seen, session)])
        facts = seen.facts("row", "session IN (SELECT value FROM json_each(?))", records, struck=True)
        standing = collected(MARKERS, seen, session)
        times = told_beside(seen, [row["position"] for row in facts])
        rows = tuple(
            said_row(
                row,
                names,
                viewer,
                audible(standing.get(row["position"], ()), names, viewer),
                seen,
                times.get(row["position"]),
            )
            for row in facts
            if viewer.sees(row["slot"])
        )
        return SessionTimeline(seen.position, viewer.words, summary, rows)


def audible(marks: tuple[Mark, ...], names: Names, viewer: Viewer) -> tuple[Mark, ...]:
    """The marks this viewer may read, with codes for identifiers."""
    heard = [mark for mark in marks if viewer.partner is None or mark.audience in ("all", viewer.partner)]
    return tuple(replace(mark, words=names.in_text(mark.words)) for mark in heard)


def _was(row: sqlite3.Row, viewer: Viewer, seen: Snapshot) -> str:
    """What was signed, where something else counts."""
    signed = seen.rows("SELECT * FROM [row] WHERE position = ?", row["position"])
    words = _phrase(signed[0], viewer) if signed else ""
    moved = signed and signed[0]["local"] != row["local"]
    return f"{signed[0]['local'][11:]} {words}" if moved else words


def said_row(
    row: sqlite3.Row, names: Names, viewer: Viewer, standing: tuple[Mark, ...], seen: Snapshot, told: Told | None
) -> TimelineRow:
    """
    One row of a view in words, as this viewer may read it.

    `standing` are the marks they may hear, `told` its times; None while nobody can tell them.
    """
    stands = seen.standing(row["position"])
    return TimelineRow(
        at=row["at"],
        local=row["local"],
        precision=row["precision"],
        slot=row["slot"],
        phrase=names.in_text(_phrase(row, viewer)),
        marks=tuple(json.loads(row["marks"])),
        late=() if told is None else told.words,
        signed=tuple(
            Signed(_letter(by) or names.code(by), role, meaning)
            for by, role, meaning in json.loads(row["signed"])
            if viewer.sees(_letter(by).lower() or "both")
        ),
        type=row["type"],
        position=row["position"],
        standing=standing,
        counts=stands is None or stands.counts is not None,
        was=names.in_text(_was(row, viewer, seen)) if stands is not None and stands.status == "corrected" else "",
        times=None if told is None else told.times,
    )


def _phrase(row: sqlite3.Row, viewer: Viewer) -> str:
    """The joint sentence, and after it what it says about each partner this viewer may read of."""
    parts = [f"{slot.upper()}: {row[f'phrase_{slot}']}" for slot in viewer.own if row[f"phrase_{slot}"]]
    return "; ".join([row["phrase"], *parts])


def _letter(owner: str) -> str:
    """`A` or `B` for a participant's key of a session, else nothing."""
    return owner[-1].upper() if owner.startswith("session/") else ""
