"""ELIG-01: nobody is dosed without a prescriber's own evaluation that finds them eligible and is recent enough."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.dosing import DoseAuthorised
from ledger.events.eligibility import EvaluationCompleted
from ledger.events.fields import Gone
from ledger.events.lifecycle import SessionOpened
from ledger.events.parameters import EligibilityFigures
from ledger.vocabulary import Slot
from projections.compliance.evaluations import days_between, is_first_ever, latest_evaluation
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.moments import as_instant
from projections.compliance.occasions import Occasion, nobody_known, of_first_dose
from projections.compliance.rule import GateOf, rule


@rule(
    id="ELIG-01",
    version="1",
    title="Nobody is dosed without a prescriber's own evaluation that finds them eligible and is recent enough.",
    severity="C",
    mode="B `session-opened`, `dose-authorised` / I, S",
    source=(
        "clinical practice: an individual evaluation before treatment (ASKP), periodic face-to-face evaluation (ASA); "
        "the days are ours [D]"
    ),
    trigger="A person's first dose in the session. One finding per person and session.",
    window=(
        "The local date of the first dose less that of the evaluation: 0 to `eval_max_age_days`, both included; "
        "`eval_first_ever_days` when the ledger knows no earlier dosed session of this person."
    ),
    evidence="The last evaluation before the dose: by a prescriber, in private, eligible or eligible with conditions.",
    parameters=("eligibility.eval_first_ever_days", "eligibility.eval_max_age_days"),
    verdicts={
        "met": "the last evaluation before the dose finds them eligible, in private, and is not too old",
        "breached": "there is none, it was too old or not private, or it does not find them eligible",
        "not-applicable": "not dosed",
        "cannot-judge": "the evaluation, or whose slot it is, cannot be read any more",
    },
    notes=(
        (
            "Nobody overrides it, neither at the opening nor at the dose: the cure is a new evaluation, which may be "
            "made on the same day."
        ),
    ),
    gate=GateOf((SessionOpened, DoseAuthorised), override=None, opened_by=(EvaluationCompleted,)),
)
def elig_01(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    if history.figures is None:
        return
    figures = history.figures.eligibility
    yield from of_first_dose(history, lambda slot, act: _of(history, slot, act, figures), at_opening=True)


def _of(history: History, slot: Slot, act: Occasion, figures: EligibilityFigures) -> Ruling:
    unknown = nobody_known(history, slot, act)
    if unknown is not None:
        return unknown
    found = latest_evaluation(history, slot, act.at)
    if found is None or not isinstance(found.event, EvaluationCompleted):
        return _ruling(slot, act, "there is no evaluation before", (act.position,), "none")
    first = is_first_ever(history, slot, act)
    limit = figures.eval_first_ever_days if first else figures.eval_max_age_days
    age = days_between(history, found.at, act.at)
    evidence = (found.position, act.position)
    event = found.event
    if isinstance(event.outcome, Gone) or isinstance(event.private, Gone):
        sentence = f"{slot.upper()}: the evaluation of {history.day(found.at)} cannot be read any more."
        return Ruling(slot, "cannot-judge", sentence, evidence, causes=("unreadable",))
    causes = []
    if age > limit:
        causes.append("too-old")
    if not event.private:
        causes.append("not-private")
    if event.outcome not in ("eligible", "eligible-with-conditions"):
        causes.append(str(event.outcome))
    asked = f"at most {limit} days are asked for{', before the first session ever' if first else ''}"
    return _ruling(
        slot,
        act,
        f"the last evaluation is of {history.day(found.at)}, {age} days before",
        evidence,
        *causes,
        more=asked,
    )


def _ruling(slot: Slot, act: Occasion, words: str, evidence: tuple[int, ...], *causes: str, more: str = "") -> Ruling:
    faults = [_FAULTS[cause] for cause in causes if cause in _FAULTS]
    rest = "; ".join([*([more] if more else []), *faults])
    return Ruling(
        slot,
        "breached" if causes else "met",
        f"{slot.upper()}: {words} {act.what}{'; ' if rest else ''}{rest}.",
        evidence,
        made_at=as_instant(act.at),
        causes=causes,
        act=act.position,
    )


_FAULTS = {
    "not-private": "it was not made in private",
    "not-eligible": "it does not find them eligible",
    "deferred": "it defers the decision",
}
