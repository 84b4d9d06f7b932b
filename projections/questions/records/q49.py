"""Question 49: which findings there are, what became of each, how old it is, and how often a rule was overridden."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ledger.events.deviations import AuthorisationOverridden, RuleOverriddenForPartner
from ledger.events.lifecycle import SessionOpened
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.findings.register import Registered
from projections.questions.answer import OF_STAFF, Column, Figure, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.small_groups import NOTE, SMALLEST, enough, large_enough
from projections.questions.told import everything, positions

_HUNDRED = 100


@question(
    "49",
    "Which findings were opened, what became of each, how old is it, and how often was a rule overridden?",
    section="records",
    columns=(
        Column("session", "Session", "record"),
        Column("partner", "Partner"),
        Column("rule", "Rule"),
        Column("version", "Rule version"),
        Column("recorded", "Recorded in another version"),
        Column("severity", "Severity"),
        Column("opened", "Opened", "instant"),
        Column("state", "State"),
        Column("by_itself", "By itself", "yes-no"),
        Column("since", "Since", "instant"),
        Column("age_days", "Days open", "number"),
        Column("declared", "Declared beforehand", "yes-no"),
    ),
    takes=("from", "to", "location", "session", "couple"),
    empty="Nothing was found.",
    reading=(
        "The findings of the sessions that the filters leave, by all that was known by then, also those that are so no "
        "longer: by itself is what nobody closed or opened again, because what became known did. What belongs to no "
        "session stands in `session-ledger findings`. Days are those of the local calendar, up to the closing or to "
        "now. The version is that in which the rule judges now, or judged last before values went; what was said of a "
        "finding names the one in which it was found then, shown where that is another version. Overrides are those of "
        "a prescriber or a medical director, for a session or for a partner; how many, and how many of one person, is "
        f"said of at least {SMALLEST} sessions [D]: of one person those under their prescription and those in which "
        "they overrode."
    ),
)
def q49(asked: Asked) -> Found:
    """One row for each finding, session by session, rule by rule."""
    rows = [_row(asked, each) for each in asked.registered()]
    closed = [each for each in rows if each.values["state"] == "closed"]
    figures = (
        figure("count", "Findings", len(rows), everything(each.evidence for each in rows)),
        figure("closed", "Closed", len(closed), everything(each.evidence for each in closed)),
        *_overridden(asked),
    )
    return Found(tuple(rows), figures, (NOTE,))


def _overridden(asked: Asked) -> Iterator[Figure]:
    """How often rules were overridden, in all and by each person, where the sessions are enough."""
    opened = [each for each in asked.sessions if each.opening is not None]
    if enough(opened):
        overrides = [fact.position for history in opened for fact in _overrides(history)]
        doses = [position for history in opened for position in _doses(history)]
        yield figure("overrides", "Overrides", len(overrides), overrides)
        yield figure("per_hundred", "Overrides for 100 doses", _rate(overrides, doses), [*overrides, *doses])
    theirs: defaultdict[str, list[History]] = defaultdict(list)
    for history in opened:
        for staff in dict.fromkeys((*_prescriber(history), *(by for fact in _overrides(history) for by in fact.by))):
            theirs[staff].append(history)
    for staff, sessions in large_enough(theirs).items():
        code = asked.codes.code(staff)
        mine = [fact.position for history in sessions for fact in _overrides(history) if staff in fact.by]
        doses = [position for history in sessions for position in _doses(history)]
        value = f"{len(mine)} in {len(sessions)} sessions, {_rate(mine, doses) or '–'} for 100 doses"
        behind = [*mine, *(position for history in sessions for position in positions(history.opening))]
        yield figure(f"{OF_STAFF}{code}", f"Overrides by {code}", value, behind)


def _overrides(history: History) -> list[Fact]:
    of_partners = [fact for slot in SLOTS for fact in history.of(slot, RuleOverriddenForPartner)]
    return [*history.joint(AuthorisationOverridden), *of_partners]


def _doses(history: History) -> list[int]:
    return [dose.fact.position for slot in SLOTS for dose in history.doses(slot)]


def _prescriber(history: History) -> tuple[str, ...]:
    opened = None if history.opening is None else history.opening.event
    return (opened.prescriber,) if isinstance(opened, SessionOpened) and opened.prescriber else ()


def _rate(overrides: Sequence[int], doses: Sequence[int]) -> str | None:
    return f"{_HUNDRED * len(overrides) / len(doses):.1f}" if doses else None


def _row(asked: Asked, each: Registered) -> Row:
    finding, became = each.finding, each.became
    return row(
        each.evidence or positions(asked.ledger.session(finding.session).opening),
        session=finding.session,
        partner=finding.slot.upper() or None,
        rule=finding.rule,
        version=finding.version,
        recorded=_recorded(each),
        severity=finding.severity,
        opened=each.opened_at,
        state=None if became is None else became.state,
        by_itself=became is not None and became.by_itself,
        since=None if became is None else became.since,
        age_days=each.age_days,
        declared=finding.declared_by is not None,
    )


def _recorded(each: Registered) -> str | None:
    """In which other versions of its rule the finding was when somebody said something of it."""
    acts = () if each.became is None else each.became.acts
    others = [act.version for act in acts if act.version and act.version != each.finding.version]
    return ", ".join(dict.fromkeys(others)) or None
