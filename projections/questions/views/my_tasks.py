"""The view of tasks: what waits for somebody on the staff before they go home."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ledger.second_signatures import still_lacking
from projections.compliance.finding import Finding
from projections.compliance.history import History
from projections.compliance.moments import as_instant
from projections.compliance.rules import RULES
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.told import everything, positions
from projections.questions.views.tasks_beside import beside


@question(
    "my-tasks",
    "What waits for somebody on the staff: signatures, what a rule asks for by a time, and what is due soon?",
    section="views",
    columns=(
        Column("staff", "Who"),
        Column("session", "Session", "record"),
        Column("about", "Or about", "record"),
        Column("partner", "Partner"),
        Column("what", "What"),
        Column("words", "In words"),
        Column("since", "Since", "instant"),
        Column("limit", "At the latest", "instant"),
    ),
    takes=("from", "to", "location", "session", "couple", "staff"),
    empty="Nothing waits.",
    reading=(
        "Signatures that entries still lack, and what rules ask for that nobody has done and still can: checks and "
        "contacts, requests to be answered, counts, notices and reviews. Where it has to be one person, who; otherwise "
        "any colleague in the role, and then it is shown whoever is asked for. A count or a check of the ledger that "
        "is in order now is shown when the next one is due within 30 days, and so is a credential, training or "
        "delegation that runs out by then [D]. Findings nobody has acknowledged are one row for each session or "
        "record, where no member of staff is asked for; an action that was decided stays until the finding is closed. "
        "What stands beside sessions is shown where the question is not about certain sessions."
    ),
)
def my_tasks(asked: Asked) -> Found:
    """One row for each task, session by session."""
    waiting: defaultdict[str, list[Finding]] = defaultdict(list)
    found = asked.findings(*(rule.id for rule in RULES), verdicts=("pending", "breached"))
    for each in found:
        waiting[each.session].append(each)
    rows = [
        each
        for history in asked.sessions
        for each in (*_signatures(asked, history), *_asked_for(asked, waiting[history.session]))
    ]
    rows += beside(asked, found)
    signatures = [each for each in rows if each.values["what"] == "signature"]
    figures = (
        figure("count", "Tasks", len(rows), everything(each.evidence for each in rows)),
        figure("signatures", "Signatures", len(signatures), everything(each.evidence for each in signatures)),
    )
    return Found(tuple(rows), figures)


def _signatures(asked: Asked, history: History) -> Iterator[Row]:
    for standing in history.entries():
        entry = standing.original
        if standing.counts is None:
            continue
        for rule in standing.lacks:
            who = rule.whose or entry.event.whose(rule)
            if asked.staff in (None, who) or who is None:
                slot = entry.stream.removeprefix(f"{history.session}/")
                yield row(
                    [entry.position],
                    staff=None if who is None else asked.codes.code(who),
                    session=history.session,
                    about=None,
                    partner=slot.upper() if slot in ("a", "b") else None,
                    what="signature",
                    words=f"{entry.payload.type}: {asked.codes.in_words(still_lacking(rule, standing.doubted))}",
                    since=as_instant(history.fact(entry).at),
                    limit=None,
                )


def _asked_for(asked: Asked, found: list[Finding]) -> Iterator[Row]:
    for each in found:
        if each.outstanding and (asked.staff is None or each.staff in (None, asked.staff)):
            yield row(
                each.evidence or positions(asked.ledger.session(each.session).opening),
                staff=None if each.staff is None else asked.codes.code(each.staff),
                session=each.session,
                about=None,
                partner=each.slot.upper() or None,
                what=each.rule,
                words=asked.codes.in_words(each.sentence),
                since=each.due,
                limit=each.limit,
            )
