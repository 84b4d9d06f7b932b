"""Question 49: which findings there are, what became of each, how old it is, and how often a rule was overridden."""

from __future__ import annotations

from ledger.encoding import to_instant
from ledger.events.deviations import AuthorisationOverridden, RuleOverriddenForPartner
from projections.compliance.finding import Finding
from projections.compliance.known import SLOTS
from projections.compliance.moments import to_second
from projections.compliance.rules import RULES
from projections.findings.act import Acts
from projections.findings.became import became
from projections.findings.opening import age_in_days, opened_at
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
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
        Column("severity", "Severity"),
        Column("opened", "Opened", "instant"),
        Column("state", "State"),
        Column("since", "Since", "instant"),
        Column("age_days", "Days open", "number"),
        Column("declared", "Declared beforehand", "yes-no"),
    ),
    takes=("from", "to", "location", "session", "couple"),
    empty="Nothing was found.",
    reading=(
        "The findings of the sessions that the filters leave, by all that was known by then; what belongs to no "
        "session stands in `session-ledger findings`. Days are those of the local calendar, up to the closing or to "
        "now. Overrides are those of a prescriber or a medical director, for a session or for a partner."
    ),
)
def q49(asked: Asked) -> Found:
    """One row for each finding, session by session, rule by rule."""
    acts = Acts(asked.ledger)
    found = asked.findings(*(rule.id for rule in RULES))
    rows = [_row(asked, acts, each) for each in found]
    closed = [each for each in rows if each.values["state"] == "closed"]
    overrides = [
        fact.position
        for history in asked.sessions
        for fact in (
            *history.joint(AuthorisationOverridden),
            *(each for slot in SLOTS for each in history.of(slot, RuleOverriddenForPartner)),
        )
    ]
    doses = [dose.fact.position for history in asked.sessions for slot in SLOTS for dose in history.doses(slot)]
    per_hundred = f"{_HUNDRED * len(overrides) / len(doses):.1f}" if doses else None
    figures = (
        figure("count", "Findings", len(rows), everything(each.evidence for each in rows)),
        figure("closed", "Closed", len(closed), everything(each.evidence for each in closed)),
        figure("overrides", "Overrides", len(overrides), overrides),
        figure("per_hundred", "Overrides for 100 doses", per_hundred, [*overrides, *doses]),
    )
    return Found(tuple(rows), figures)


def _row(asked: Asked, acts: Acts, finding: Finding) -> Row:
    ledger, mine = asked.ledger, acts.on(finding)
    opened = opened_at(ledger.known, finding)
    since = None if opened is None else to_instant(opened)
    state = became(finding.verdict, mine, opened_at=since)
    until = ledger.as_of
    if state is not None and state.is_closed and state.since is not None:
        until = min(until, to_second(state.since))
    declared = [] if finding.declared_by is None else [finding.declared_by]
    return row(
        [*finding.evidence, *declared, *(act.position for act in mine)]
        or positions(ledger.session(finding.session).opening),
        session=finding.session,
        partner=finding.slot.upper() or None,
        rule=finding.rule,
        severity=finding.severity,
        opened=since,
        state=None if state is None else state.state,
        since=None if state is None else state.since,
        age_days=age_in_days(opened, until, ledger.session(finding.session).zone),
        declared=finding.declared_by is not None,
    )
