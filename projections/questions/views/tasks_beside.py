"""
Tasks that stand beside the sessions: requests, counts and reviews with their last day, second signatures on other
records, what runs out soon, findings nobody has acknowledged, and what was decided to be done about one.

How soon counts as soon is ours [D].
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from ledger.effective import standings
from ledger.events.findings import ANSWERABLE
from ledger.second_signatures import still_lacking
from projections.compliance.apart import end_of
from projections.compliance.finding import Finding
from projections.compliance.judge import judge_ledger
from projections.compliance.moments import as_instant, to_second
from projections.compliance.rules import RULES
from projections.findings.act import Act, Acts
from projections.findings.became import became
from projections.questions.answer import Cell, Row, row
from projections.questions.asked import Asked
from projections.questions.views.staff_credentials import credentials_of

SOON: Final = timedelta(days=30)
"""How long before it is due something that is in order now is told as a task [D]."""

_BY_SESSION: Final = ("from", "to", "session", "couple")
_OPEN: Final = ("open", "reopened")


def beside(asked: Asked, in_sessions: Iterable[Finding]) -> Iterator[Row]:
    """One row for each; `in_sessions` are the findings of the sessions that were asked for, whatever their verdict."""
    acts = Acts(asked.ledger)
    apart = [] if _by_session(asked) else [each for each in _found(asked) if _is_there(asked, each.about)]
    for each in apart:
        if each.outstanding and asked.staff in (None, each.staff or asked.staff) and _is_due(asked, each):
            yield _task(
                each.evidence,
                asked.codes.code,
                who=each.staff,
                about=each.about,
                what=each.rule,
                words=asked.codes.in_words(each.sentence),
                since=each.due,
                limit=each.limit,
            )
    if not _by_session(asked):
        yield from _signatures(asked)
        yield from _running_out(asked)
    yield from _to_acknowledge(asked, acts, [*in_sessions, *apart])


def _by_session(asked: Asked) -> bool:
    return any(asked.filters[name] is not None for name in _BY_SESSION)


def _found(asked: Asked) -> list[Finding]:
    rules = [each for each in RULES if each.id not in asked.unread]
    return [each for each in judge_ledger(asked.ledger, rules) if each.verdict in ("pending", "breached", "met")]


def _is_there(asked: Asked, record: str) -> bool:
    """Whether it is at the place that was asked for: about the place, or about a container that is kept there."""
    if asked.location is None:
        return True
    home = asked.ledger.containers.of(record).state.home if record.startswith("stock/") else record
    return home == asked.location


def _is_due(asked: Asked, each: Finding) -> bool:
    """What is in order for now is a task only when its next time comes soon."""
    return each.verdict != "met" or (each.limit is not None and to_second(each.limit) - asked.ledger.as_of <= SOON)


def _signatures(asked: Asked) -> Iterator[Row]:
    """Second signatures that entries of other records still lack."""
    known, size = asked.ledger.known, asked.ledger.size
    for record in list(known.records):
        if record.startswith("session/") or not _is_there(asked, record):
            continue
        spoken = [placed for placed in known.spoken_of(record) if placed.position < size]
        spoken = [placed for placed in spoken if known.fact(placed).at <= asked.ledger.as_of]
        for _, standing in sorted(standings(spoken, known.revoked_below(size)).items()):
            entry = standing.original
            for rule in standing.lacks if standing.counts is not None else ():
                who = rule.whose or entry.event.whose(rule)
                if asked.staff in (None, who) or who is None:
                    yield _task(
                        [entry.position],
                        asked.codes.code,
                        who=who,
                        about=record,
                        what="signature",
                        words=f"{entry.payload.type}: {asked.codes.in_words(still_lacking(rule, standing.doubted))}",
                        since=as_instant(known.fact(entry).at),
                        limit=None,
                    )


def _running_out(asked: Asked) -> Iterator[Row]:
    """Credentials, trainings and delegations that stand now and end soon, each to be renewed by whose it is."""
    day = asked.ledger.day(asked.location, asked.ledger.as_of)
    zone = asked.ledger.zone(asked.location)
    for staff in sorted(asked.ledger.names("staff"), key=asked.codes.code):
        for each in credentials_of(asked, staff, day) if asked.staff in (None, staff) else ():
            left, ends = each.values["days_left"], each.values["expires"]
            if isinstance(left, int) and isinstance(ends, str) and timedelta(days=left) <= SOON:
                yield _task(
                    each.evidence,
                    asked.codes.code,
                    who=staff,
                    about=staff,
                    what=str(each.values["kind"]),
                    words=f"{each.values['held']} runs out: {left} days left.",
                    since=None,
                    limit=as_instant(end_of(date.fromisoformat(ends), zone)),
                )


def _to_acknowledge(asked: Asked, acts: Acts, found: Sequence[Finding]) -> Iterator[Row]:
    """For each record the findings nobody has acknowledged, together; and each action that was decided and is due."""
    waiting: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
    for each in found:
        state = became(each.verdict, acts.on(each))
        if state is None:
            continue
        if state.state in _OPEN and each.verdict == "breached" and asked.staff is None:
            waiting[each.session, each.about].append(each)
        elif not state.is_closed and state.disposition is not None and state.disposition.due is not None:
            yield _action(asked, each, state.disposition)
    for (session, about), those in waiting.items():
        rules = [each.rule for each in those]
        counted = ", ".join(f"{rule} ({count})" for rule in dict.fromkeys(rules) if (count := rules.count(rule)))
        yield _task(
            [position for each in those for position in each.evidence],
            asked.codes.code,
            who=None,
            session=session,
            about=about,
            what="acknowledgement",
            words=f"Findings to be acknowledged by {', '.join(ANSWERABLE)} or prescriber: {counted}.",
            since=min((each.limit for each in those if each.limit is not None), default=None),
            limit=None,
        )


def _action(asked: Asked, each: Finding, act: Act) -> Row:
    zone = asked.ledger.session(each.session).zone if each.session else asked.ledger.zone(asked.location)
    due = None if act.due is None else as_instant(end_of(date.fromisoformat(act.due), zone))
    return _task(
        [*each.evidence, act.position],
        asked.codes.code,
        who=None,
        session=each.session,
        about=each.about,
        what="action",
        words=f"{each.rule}: {act.action or act.outcome}",
        since=act.at,
        limit=due,
    )


def _task(
    evidence: Iterable[int],
    code: Callable[[str], str],
    *,
    who: str | None,
    what: str,
    words: str,
    since: Cell,
    limit: Cell,
    about: str = "",
    session: str = "",
) -> Row:
    return row(
        evidence,
        staff=None if who is None else code(who),
        session=session or None,
        about=about or None,
        partner=None,
        what=what,
        words=words,
        since=since,
        limit=limit,
    )
