"""Question 43: the keys that signed, whose they are, how each came to count, and what a doubted one signed."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.keys import KEY_EVENTS, EnrolledKey, KeyHistory
from ledger.reading import PlacedEvent
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.records.entries import entries, named
from projections.questions.told import everything

_SHOWN = 12
"""How much of a key's name is shown: enough to tell keys apart."""


@question(
    "43",
    "Which keys signed, how did each come to count, and what was signed by one that was revoked or suspect?",
    section="records",
    columns=(
        Column("owner", "Whose"),
        Column("key", "Key"),
        Column("custody", "Kept in"),
        Column("enrolled", "Enrolled at position", "number"),
        Column("vouched", "Vouched for by"),
        Column("signed", "Entries signed", "number"),
        Column("first", "First entry it signed", "number"),
        Column("revoked", "Revoked at position", "number"),
        Column("why", "Why revoked"),
        Column("quarantined", "Signed after that", "number"),
        Column("disputed", "Signed while suspect", "number"),
    ),
    takes=("from", "to"),
    empty="No key signed.",
    reading=(
        "One row for each key that signed an entry of these days, its own enrolment aside. A key counts from its "
        "enrolment, in which its owner "
        "shows that they hold it and an officer vouches for the person; that is the evidence of the first signing. A "
        "signature by a key that was revoked before is quarantined, one from the suspected position on is disputed."
    ),
)
def q43(asked: Asked) -> Found:
    """One row for each key, in the order of their enrolment."""
    history, vouched = _keys(asked)
    signed: dict[str, list[PlacedEvent]] = {}
    for placed in entries(asked):
        for kid in dict.fromkeys(each.key for each in placed.payload.attested):
            key = history.find(kid)
            if key is None or key.enrolled_at != placed.position:
                signed.setdefault(kid, []).append(placed)
    rows = [_row(asked, history, key, signed[key.kid], vouched) for key in history.all() if key.kid in signed]
    doubted = [each for each in rows if each.values["quarantined"] or each.values["disputed"]]
    figures = (
        figure("count", "Keys", len(rows), everything(each.evidence for each in rows)),
        figure("doubted", "Keys with doubted signatures", len(doubted), everything(each.evidence for each in doubted)),
    )
    unknown = sum(1 for kid in signed if history.find(kid) is None)
    return Found(tuple(rows), figures, (f"{unknown} keys signed that nobody ever enrolled.",) if unknown else ())


def _keys(asked: Asked) -> tuple[KeyHistory, dict[int, str]]:
    """Every key as it stood, and who vouched at each position."""
    history, vouched = KeyHistory(), {}
    for placed in entries(asked, *KEY_EVENTS, within=False):
        if isinstance(placed.event, KEY_EVENTS):
            history.apply(placed.position, placed.event)
            officers = [each.by for each in placed.payload.attested if each.meaning in ("enrolled", "opened")]
            vouched[placed.position] = ", ".join(named(asked, each) for each in officers)
    return history, vouched


def _row(
    asked: Asked, history: KeyHistory, key: EnrolledKey, signed: Sequence[PlacedEvent], vouched: dict[int, str]
) -> Row:
    states = {placed.position: history.state(key.kid, placed.position) for placed in signed}
    doubted = {state: [at for at, found in states.items() if found == state] for state in ("quarantined", "disputed")}
    revoked = [] if key.revoked_at is None else [key.revoked_at]
    first = min(states)
    return row(
        [key.enrolled_at, first, *revoked, *doubted["quarantined"], *doubted["disputed"]],
        owner=named(asked, key.owner),
        key=key.kid[:_SHOWN],
        custody=key.custody,
        enrolled=key.enrolled_at,
        vouched=vouched.get(key.enrolled_at) or None,
        signed=len(signed),
        first=first,
        revoked=key.revoked_at,
        why=key.reason,
        quarantined=len(doubted["quarantined"]),
        disputed=len(doubted["disputed"]),
    )
