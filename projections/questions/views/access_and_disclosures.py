"""The view of access and disclosures: who looked at a record and to whom it was shown, in one list by time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ledger.events.base import Event
from ledger.events.requests import (
    AccessRequestDenied,
    AccessRequestFulfilled,
    AccessRequestReceived,
    DisclosureMade,
    ReleaseOfInformationRevoked,
    ReleaseOfInformationSigned,
)
from projections.compliance.known import Fact
from projections.compliance.moments import as_instant
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.records.people import on_people
from projections.questions.records.q38 import q38
from projections.questions.told import everything, told

_SHOWN: Final = "shown"
_KINDS: Final[dict[type[Event], str]] = {
    DisclosureMade: _SHOWN,
    ReleaseOfInformationSigned: "release signed",
    ReleaseOfInformationRevoked: "release revoked",
    AccessRequestReceived: "access asked for",
    AccessRequestFulfilled: "access given",
    AccessRequestDenied: "access denied",
}


@question(
    "access-and-disclosures",
    "Who looked at a participant's record, to whom was it shown, and what had they allowed or asked for?",
    section="views",
    columns=(
        Column("at", "When", "instant"),
        Column("what", "What"),
        Column("person", "Participant", "record"),
        Column("record", "Record", "record"),
        Column("who", "Who"),
        Column("recipient", "To whom"),
        Column("purpose", "What for"),
        Column("basis", "Ground"),
        Column("treats", "Had a part in the care", "yes-no"),
        Column("accountable", "Has to be told to who asks", "yes-no"),
    ),
    takes=("from", "to", "person"),
    empty="Nobody looked, and nothing was shown.",
    reading=(
        "Looks, copies and emergency access as question 38 tells them; disclosures, releases of information and "
        "requests for access from the record of each participant. Of one participant with the filter `person`, without "
        "what is about their partner alone. Questions 39 and 40 tell of six years, and of lawyers and courts."
    ),
)
def access_and_disclosures(asked: Asked) -> Found:
    """One row for each record that somebody looked at, each disclosure, release and request, by time."""
    rows = sorted([*_looks(asked), *_shown(asked)], key=lambda each: (str(each.values["at"]), each.evidence))
    by_kind = {kind: [each for each in rows if each.values["what"] == kind] for kind in ("emergency access", _SHOWN)}
    accountable = [each for each in by_kind[_SHOWN] if each.values["accountable"] is not False]
    looks = [each for each in rows if each.values["what"] in ("looked", "copied")]
    return Found(
        tuple(rows),
        (
            figure("looks", "Looks and copies", len(looks), everything(each.evidence for each in looks)),
            figure("urgent", "Emergency access", len(urgent := by_kind["emergency access"]),
                   everything(each.evidence for each in urgent)),
            figure("shown", "Disclosures", len(by_kind[_SHOWN]), everything(e.evidence for e in by_kind[_SHOWN])),
            figure("accountable", "Of them to be accounted for", len(accountable),
                   everything(each.evidence for each in accountable)),
        ),
    )  # fmt: skip


def _looks(asked: Asked) -> Iterator[Row]:
    for each in q38.solve(asked).rows:
        record = str(each.values["record"] or "")
        yield row(
            each.evidence,
            at=each.values["at"],
            what=each.values["how"],
            person=record if record.startswith("person/") else None,
            record=each.values["record"],
            who=each.values["who"],
            recipient=None,
            purpose=each.values["purpose"],
            basis=None,
            treats=each.values["treats"],
            accountable=None,
        )


def _shown(asked: Asked) -> Iterator[Row]:
    for kind, what in _KINDS.items():
        for fact in on_people(asked, kind):
            yield _on_a_person(asked, fact, what)


def _on_a_person(asked: Asked, fact: Fact, what: str) -> Row:
    event = fact.event
    values = {name: told(getattr(event, name, None)) for name in ("recipient", "purpose", "basis")}
    return row(
        [fact.position],
        at=as_instant(fact.at),
        what=what,
        person=fact.stream,
        record=None,
        who=", ".join(asked.codes.code(each) for each in fact.by) or None,
        treats=None,
        accountable=told(getattr(event, "accountable", None)),
        **values,
    )
