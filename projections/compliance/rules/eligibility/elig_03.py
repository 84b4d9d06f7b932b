"""ELIG-03: nobody is dosed without their own consent, in date, on the form in force, to just this."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ledger.events.authority import ConsentFormPublished
from ledger.events.dosing import DoseAuthorised, DoseDeclined
from ledger.events.eligibility import ConsentScope, ConsentSigned
from ledger.events.fields import Gone
from ledger.events.lifecycle import SessionOpened
from ledger.events.parameters import EligibilityFigures
from ledger.vocabulary import Slot
from projections.compliance.consents import agreed, said
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.moments import as_instant, clock
from projections.compliance.occasions import Occasion, each_dose, nobody_known, not_dosed
from projections.compliance.rule import GateOf, rule


@rule(
    id="ELIG-03",
    version="1",
    title="Nobody is dosed without their own consent, in date, on the form in force, to just this.",
    severity="C",
    mode="B `dose-authorised` / S",
    source="off-label consent: ASKP, Basics of administration; consent: OAR 333-333-5000; the days are ours [D]",
    trigger="Every dose. One finding per person and session: the first dose without it stays.",
    window=(
        "Strictly before the dose; the local date of the dose is at most the form's own last day and "
        "`consent_valid_days` after it was signed, both included."
    ),
    evidence=(
        "The last the person said before the dose is no withdrawal; its scope covers ketamine off label, the route, "
        "and a dose together with the partner or alone, as it was; the version is the one in force, while "
        "`consent_must_be_current`."
    ),
    parameters=("eligibility.consent_must_be_current", "eligibility.consent_valid_days"),
    verdicts={
        "met": "the consent covers every dose",
        "breached": "there is none, it was withdrawn, out of date, on an old form, or does not cover the dose",
        "not-applicable": "not dosed",
        "cannot-judge": "the consent, or whose slot it is, cannot be read any more",
    },
    notes=("Nobody overrides it.", "A consent withdrawn between authorisation and dose is a finding at the dose."),
    gate=GateOf(DoseAuthorised, override=None, opened_by=(ConsentSigned,)),
)
def elig_03(history: History) -> Iterator[Ruling]:
    """One ruling for each person: the first dose that is not covered, or that all are."""
    if history.figures is None:
        return
    for slot in SLOTS:
        acts = each_dose(history, slot)
        rulings = [_of(history, slot, act, history.figures.eligibility) for act in acts]
        bad = [ruling for ruling in rulings if ruling.verdict == "breached"]
        unread = [ruling for ruling in rulings if ruling.verdict == "cannot-judge"]
        yield next(iter([*bad, *unread, *rulings]), not_dosed(slot))


def _of(history: History, slot: Slot, act: Occasion, figures: EligibilityFigures) -> Ruling:
    unknown = nobody_known(history, slot, act)
    if unknown is not None:
        return unknown
    found = agreed(said(history, slot), act.at)
    if found is None:
        return _ruling(history, slot, act, (), "none")
    evidence = tuple(fact.position for fact in (found.last, found.signed) if fact is not None)
    if found.signed is None or not isinstance(found.signed.event, ConsentSigned) or found.scope is None:
        return _ruling(history, slot, act, evidence, "withdrawn")
    form = found.signed.event
    if isinstance(found.scope, Gone) or isinstance(form.valid_until, Gone):
        words = f"{slot.upper()}: the consent signed on {history.day(found.signed.at)} cannot be read any more."
        return Ruling(slot, "cannot-judge", words, (*evidence, act.position), causes=("unreadable",))
    day = history.day(act.at)
    longest = date.fromisoformat(history.day(found.signed.at)) + timedelta(days=figures.consent_valid_days)
    causes = []
    if day > min(form.valid_until, longest.isoformat()):
        causes.append("out-of-date")
    if figures.consent_must_be_current and (current := _in_force(history, form.form, day)) is not None:
        if _version(current) != form.version:
            causes.append("old-form")
            evidence = (*evidence, current.position)
    elif figures.consent_must_be_current:
        causes.append("no-form")
    covers = _covers(history, found.scope, act)
    if covers is None and not causes:
        words = f"{slot.upper()}: whether the consent covers this dose cannot be read any more."
        return Ruling(slot, "cannot-judge", words, (*evidence, act.position), causes=("unreadable",))
    if covers is False:
        causes.append("not-covered")
    return _ruling(history, slot, act, evidence, *causes)


def _in_force(history: History, form: str, day: str) -> Fact | None:
    """Which version of a form was in force on a day."""
    found = [
        fact
        for fact in history.ledger.everywhere("protocol", ConsentFormPublished)
        if isinstance(fact.event, ConsentFormPublished) and fact.event.form == form and fact.event.in_force_from <= day
    ]
    return max(found, key=_since, default=None)


def _since(fact: Fact) -> tuple[str, int]:
    event = fact.event
    return (event.in_force_from if isinstance(event, ConsentFormPublished) else "", fact.position)


def _version(fact: Fact) -> str | None:
    return fact.event.version if isinstance(fact.event, ConsentFormPublished) else None


def _covers(history: History, scope: ConsentScope, act: Occasion) -> bool | None:
    """Whether a scope covers this dose; None when nobody can read any more whether both came to be dosed."""
    if not scope.off_label_ketamine or (act.route is not None and act.route not in scope.routes):
        return False
    if scope.joint and scope.solo:
        return True
    both = _both_dosed(history, act)
    if both is None:
        return None if scope.joint or scope.solo else False
    return scope.joint if both else scope.solo


def _both_dosed(history: History, act: Occasion) -> bool | None:
    """Whether both partners came to be dosed, by what was known when this dose was given."""
    opened = None if history.opening is None else history.opening.event
    if not isinstance(opened, SessionOpened):
        return None
    roles = {"a": opened.role_a, "b": opened.role_b}
    for slot in SLOTS:
        for fact in history.of(slot, DoseDeclined):
            if fact.at < act.at and isinstance(fact.event, DoseDeclined):
                roles[slot] = fact.event.role_after
    if any(isinstance(role, Gone) for role in roles.values()):
        return None
    return all(role == "dosing" for role in roles.values())


def _ruling(history: History, slot: Slot, act: Occasion, evidence: tuple[int, ...], *causes: str) -> Ruling:
    words = " and ".join(_FAULTS[cause] for cause in causes) or "the consent covered it"
    return Ruling(
        slot,
        "breached" if causes else "met",
        f"{slot.upper()}: at {act.what} of {clock(act.at, history.zone)} {words}.",
        (*evidence, act.position),
        made_at=as_instant(act.at),
        causes=causes,
        act=act.position,
    )


_FAULTS = {
    "none": "no consent had been signed",
    "withdrawn": "the consent had been withdrawn",
    "out-of-date": "the consent was out of date",
    "old-form": "the consent was not on the version of the form in force",
    "no-form": "no version of the consent form was on record as in force",
    "not-covered": "the consent did not cover this dose",
}
