"""Question 47: who asked to be erased, what was answered and on what ground, and which keys were destroyed."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.erasure import ErasureRefused, ErasureRequested, ErasureScheduled, SubjectErased
from projections.compliance.known import Fact, first
from projections.compliance.moments import as_instant
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.records.entries import named
from projections.questions.records.people import day_of, on_people
from projections.questions.told import everything, positions, told


@question(
    "47",
    "Who asked to be erased, what was answered and on what ground, and whose keys were destroyed?",
    section="records",
    columns=(
        Column("person", "Participant", "record"),
        Column("received", "Received"),
        Column("answer", "Answer"),
        Column("answered", "Answered", "instant"),
        Column("by", "By"),
        Column("basis", "Ground"),
        Column("not_before", "Not before"),
        Column("destroyed", "Key destroyed", "instant"),
        Column("blocks", "Blocks made unreadable", "number"),
    ),
    takes=("from", "to", "person"),
    empty="Nobody asked to be erased, and no key was destroyed.",
    reading=(
        "One row for each request, by the day on which it was written down, and one for each person who was erased "
        "without one. A ground that was sealed for somebody who was erased since cannot be read any more, and says so."
    ),
)
def q47(asked: Asked) -> Found:
    """One row for each request, and for each erasure without one."""
    requests = on_people(asked, ErasureRequested)
    rows = [_asked_for(asked, fact) for fact in requests]
    rows += list(_unasked(asked, {fact.stream for fact in on_people(asked, ErasureRequested, within=False)}))
    waiting = [each for each in rows if each.values["answer"] is None]
    destroyed = [each for each in rows if each.values["destroyed"] is not None]
    refused = [each for each in rows if each.values["answer"] == "refused"]
    figures = (
        figure("requests", "Requests", len(requests), [fact.position for fact in requests]),
        figure("refused", "Refused", len(refused), everything(each.evidence for each in refused)),
        figure("waiting", "Without an answer", len(waiting), everything(each.evidence for each in waiting)),
        figure("destroyed", "Keys destroyed", len(destroyed), everything(each.evidence for each in destroyed)),
    )
    return Found(tuple(rows), figures)


def _asked_for(asked: Asked, request: Fact) -> Row:
    told_so = asked.ledger.on(request.stream, ErasureRefused, ErasureScheduled)
    answer = first([fact for fact in told_so if _names(fact, request)])
    erased = first([fact for fact in asked.ledger.on(request.stream, SubjectErased) if fact.at >= request.at])
    return _row(asked, request, answer, erased)


def _unasked(asked: Asked, with_request: set[str]) -> Iterator[Row]:
    for fact in on_people(asked, SubjectErased):
        if fact.stream not in with_request:
            yield _row(asked, None, None, fact)


def _row(asked: Asked, request: Fact | None, answer: Fact | None, erased: Fact | None) -> Row:
    person = next(fact.stream for fact in (request, erased) if fact is not None)
    said = None if answer is None else answer.event
    event = None if erased is None else erased.event
    words = "refused" if isinstance(said, ErasureRefused) else "scheduled" if said is not None else None
    return row(
        positions(request, answer, erased),
        person=person,
        received=None if request is None else day_of(asked, request),
        answer=words or ("erased" if erased is not None else None),
        answered=None if answer is None else as_instant(answer.at),
        by=None if answer is None else ", ".join(named(asked, each) for each in answer.by),
        basis=told(getattr(said, "basis", None)),
        not_before=told(getattr(said, "not_before", None)),
        destroyed=None if erased is None else as_instant(erased.at),
        blocks=event.blocks.count if isinstance(event, SubjectErased) else None,
    )


def _names(fact: Fact, request: Fact) -> bool:
    event = fact.event
    return isinstance(event, ErasureRefused | ErasureScheduled) and event.request.dig == request.dig
