"""Question 48: a session to read, entry by entry, with who signed it as what and a mark on everything that changed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import BaseModel

from ledger.effective import Standing, standings
from ledger.events.base import Event, Reference
from ledger.events.fields import Gone
from ledger.events.measures import BloodPressure, Mass
from ledger.reading import PlacedEvent
from projections.compliance.history import History
from projections.compliance.known import record_of
from projections.compliance.moments import as_instant
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question

_DIGEST = re.compile(r"[0-9a-f]{64}")


@question(
    "48",
    "What does the record of a session say, entry by entry, who signed it as what, and what was changed since?",
    section="records",
    columns=(
        Column("session", "Session", "record"),
        Column("at", "Happened", "instant"),
        Column("recorded", "Written down", "instant"),
        Column("partner", "Partner"),
        Column("type", "What"),
        Column("says", "What it says"),
        Column("signed", "Signed"),
        Column("mark", "Changed since"),
    ),
    takes=("session",),
    view="session-sheet",
    empty="There is no session.",
    reading=(
        "The session that is asked for, else the last one. Values as they were signed; what was corrected stands in "
        "the last column with what it counts as now, and by which entry. Signed says who, as what, in which role. The "
        "same as bytes, with every signature and proof, is the copy of the session (`GET /v1/sessions/…/copy`)."
    ),
)
def q48(asked: Asked) -> Found:
    """One row for each entry of the session's records, in the order of the log."""
    history = asked.sessions[-1] if asked.sessions else None
    if history is None:
        return Found(())
    ledger = asked.ledger
    own = [
        placed
        for placed in ledger.known.entries.get(history.session, ())
        if placed.position < ledger.size
        and record_of(placed.stream) == history.session
        and ledger.known.fact(placed).at <= ledger.as_of
    ]
    standing = standings(own)
    rows = [_row(asked, history, placed, standing[placed.position]) for placed in own]
    changed = [each for each in rows if each.values["mark"]]
    figures = (
        figure("count", "Entries", len(rows), [placed.position for placed in own]),
        figure("changed", "Changed since", len(changed), [position for each in changed for position in each.evidence]),
    )
    return Found(tuple(rows), figures)


def _row(asked: Asked, history: History, placed: PlacedEvent, standing: Standing) -> Row:
    slot = placed.stream.removeprefix(history.session).removeprefix("/")
    signed = [f"{asked.codes.code(each.by)} {each.meaning} ({each.role})" for each in placed.signed_by]
    return row(
        [placed.position, *standing.by],
        session=history.session,
        at=as_instant(asked.ledger.known.fact(placed).at),
        recorded=placed.payload.recorded_at,
        partner=slot.upper() or None,
        type=placed.payload.type,
        says=_readable(asked, "; ".join(f"{name}: {_text(value)}" for name, value in _said(placed.event).items()))
        or None,
        signed=", ".join(signed).replace(f"{history.session}/", "partner ") or None,
        mark=_readable(asked, _mark(standing) or "") or None,
    )


def _readable(asked: Asked, text: str) -> str:
    """With codes for numbers, and of a digest the beginning."""
    return _DIGEST.sub(lambda found: f"{found[0][:12]}…", asked.codes.in_words(text))


def _said(event: Event) -> Mapping[str, object]:
    """The fields that say something, in the order of their names."""
    names = sorted(name for name in type(event).model_fields if name != "type")
    values = {name: getattr(event, name, None) for name in names}
    return {name: value for name, value in values.items() if value not in (None, (), [])}


def _mark(standing: Standing) -> str | None:
    """`corrected: heart_rate 44 → 74, by 61`; `voided, by 62`; None for what counts as it was signed."""
    if standing.is_untouched and standing.status == "original":
        return None
    by = f", by {', '.join(map(str, standing.by))}" if standing.by else ""
    was, now = standing.original.event, None if standing.counts is None else standing.counts.event
    changes = (
        [] if now is None else [name for name in type(was).model_fields if getattr(was, name) != getattr(now, name)]
    )
    told = ", ".join(f"{name} {_text(getattr(was, name))} → {_text(getattr(now, name))}" for name in changes)
    return f"{standing.status.replace('-', ' ')}{f': {told}' if told else ''}{by}"


def _text(value: object) -> str:
    match value:
        case Gone():
            return value.why
        case bool():
            return "yes" if value else "no"
        case tuple() | list():
            return ", ".join(_text(each) for each in value) or "none"
        case None:
            return "nothing"
        case Mass():
            return f"{value.value} {value.unit}"
        case BloodPressure(systolic=systolic, diastolic=diastolic):
            return f"{systolic}/{diastolic}"
        case Reference():
            return f"entry {value.dig}"
        case BaseModel():
            parts = {name: getattr(value, name) for name in type(value).model_fields}
            return " ".join(f"{name} {_text(part)}" for name, part in parts.items() if part is not None)
        case _:
            return str(value)
