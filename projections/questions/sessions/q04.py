"""Question 4: who watched, gave, released or evaluated without the credentials for it, as known then and now."""

from __future__ import annotations

from collections.abc import Iterator

from projections.compliance.finding import Finding
from projections.compliance.history import History
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.rules.eligibility.elig_02 import elig_02
from projections.compliance.rules.supervision.sup_02 import sup_02
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.told import everything

_WORDS = {"met": "yes", "breached": "no", "cannot-judge": "cannot be told"}


@question(
    "4",
    "Who watched, gave, released or evaluated without the credentials for it on that date, as known then and as known "
    "now?",
    section="sessions",
    columns=(
        Column("session", "Session", "record"),
        Column("partner", "Partner"),
        Column("rule", "Rule"),
        Column("staff", "Staff"),
        Column("credential", "Credential"),
        Column("acted", "First act without it", "instant"),
        Column("then", "Credentialed, as known then"),
        Column("now", "Credentialed, as known now"),
        Column("declared", "Overridden beforehand", "yes-no"),
        Column("sentence", "In words"),
    ),
    empty="Everybody held their credentials, by what was known then and by what is known now.",
    reading=(
        "SUP-02 (monitor, whoever gave or observed a dose, releaser, life support on site) and ELIG-02 (evaluator), "
        "with a row where either time says no. Then is when each act had just been recorded; for life support, which "
        "`acls` stands for, the last dose. Now is the position of this answer."
    ),
)
def q04(asked: Asked) -> Found:
    """One row for each member of staff, credential and session."""
    rows = [found for history in asked.sessions for found in _of(asked, history)]
    evidence = everything(each.evidence for each in rows)
    return Found(tuple(rows), (figure("count", "Found", len(rows), evidence),))


def _of(asked: Asked, history: History) -> Iterator[Row]:
    now = [each for each in _judged(history) if not each.slot or each.slot in asked.slots(history)]
    acts = {each.identity: [] if _stays(history, each) else _acts(history, each) for each in now}
    then = {position: _as_known(history, position + 1) for position in {p for each in acts.values() for p in each}}
    for each in now:
        at_acts = [then[position].get(each.identity) for position in acts[each.identity]] or [each]
        before = [found for found in at_acts if found is not None]
        worst = next((found for found in before if found.verdict == "breached"), before[-1] if before else None)
        verdict = None if worst is None else worst.verdict
        if "breached" not in (each.verdict, verdict):
            continue
        telling = worst if each.verdict != "breached" and worst is not None else each
        yield row(
            [*each.evidence, *telling.evidence],
            session=history.session,
            partner=each.slot.upper() or None,
            rule=each.rule,
            staff=None if each.staff is None else asked.codes.code(each.staff),
            credential=each.credential,
            acted=telling.made_at,
            then=None if verdict is None else _WORDS.get(verdict),
            now=_WORDS.get(each.verdict),
            declared=telling.declared_by is not None,
            sentence=asked.codes.in_words(telling.sentence),
        )


def _judged(history: History) -> list[Finding]:
    found = [*sup_02.findings(history), *elig_02.findings(history)]
    return [each for each in found if each.verdict in _WORDS and each.credential is not None]


def _as_known(history: History, size: int) -> dict[str, Finding]:
    """The same by what was known when the log had so many entries."""
    ledger = LedgerAt(history.ledger.known, size=size, as_of=history.as_of)
    return {each.identity: each for each in _judged(ledger.session(history.session))}


def _stays(history: History, finding: Finding) -> bool:
    """Whether then is now: nothing was recorded about who acted, or where, since the first act, or corrected."""
    acts = _acts(history, finding)
    if finding.staff is None or not acts:
        return False
    known = history.ledger.known.entries
    since = [
        placed
        for record in (finding.staff, history.location or "")
        for placed in known.get(record, ())
        if acts[0] < placed.position < history.size
    ]
    return not since and all(standing.is_untouched for standing in history.entries())


def _acts(history: History, finding: Finding) -> list[int]:
    """Where the acts stand that a verdict is about."""
    own = {fact.position for fact in history.facts}
    acts = sorted(own & set(finding.evidence))
    return acts[-1:] if finding.staff is None else acts
