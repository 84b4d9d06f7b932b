"""ELIG-02: whoever evaluated held a licence and a DEA registration for the session's state on that day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ledger.credentials import Holding
from ledger.events.authority import CredentialGranted
from ledger.events.dosing import DoseAuthorised
from ledger.events.eligibility import EvaluationCompleted
from ledger.events.lifecycle import SessionOpened
from ledger.events.staff import CredentialRenewed
from ledger.vocabulary import CredentialType, Slot
from ledger.who_may import licensed_as
from projections.compliance.evaluations import latest_evaluation
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.moments import as_instant
from projections.compliance.occasions import Occasion, first_dose, nobody_known, not_dosed
from projections.compliance.rule import GateOf, rule

_NEEDED: tuple[CredentialType, CredentialType] = ("licence", "dea")
_EVALUATOR = "prescriber"


@rule(
    id="ELIG-02",
    version="1",
    title="Whoever evaluated held a licence and a DEA registration for the session's state on that day.",
    severity="C",
    mode="B `session-opened`, `dose-authorised` / S",
    source="21 CFR 1301.12 and 1301.13: a registration for each state; which credentials are asked for is ours [D]",
    trigger="The evaluation that ELIG-01 uses. One finding per person, session and credential.",
    window="The local date of the evaluation: effective by then, not expired, not suspended or revoked.",
    evidence="The evaluator's licence and DEA registration, for the state of the session's place.",
    parameters=(),
    verdicts={
        "met": "the credential was valid there on that day",
        "breached": "it was not, or is not on record",
        "not-applicable": "not dosed, or there is no evaluation (ELIG-01)",
        "cannot-judge": "whose slot it is cannot be read any more",
    },
    notes=(
        "A revocation that counts retroactively changes what is known now, never what was known then.",
        "Nobody lets a session open without it: the cure is an evaluation by somebody with these credentials.",
    ),
    gate=GateOf(
        (SessionOpened, DoseAuthorised),
        override="prescriber",
        unlike=((SessionOpened, None),),
        opened_by=(EvaluationCompleted, CredentialGranted, CredentialRenewed),
    ),
)
def elig_02(history: History) -> Iterator[Ruling]:
    """One ruling for each person and credential."""
    for slot in SLOTS:
        act = first_dose(history, slot, at_opening=True)
        if act is None:
            yield not_dosed(slot)
            continue
        unknown = nobody_known(history, slot, act)
        found = latest_evaluation(history, slot, act.at)
        if unknown is not None:
            yield from (replace(unknown, anchor=credential, credential=credential) for credential in _NEEDED)
        elif found is None or not found.by:
            yield Ruling(slot, "not-applicable", f"{slot.upper()} was not evaluated.", (act.position,))
        else:
            for credential in _NEEDED:
                yield _of(history, slot, act, found, credential)


def _of(history: History, slot: Slot, act: Occasion, found: Fact, credential: CredentialType) -> Ruling:
    staff = next((signer.by for signer in found.signed if signer.role == _EVALUATOR), next(iter(found.by)))
    professions = licensed_as(_EVALUATOR) if credential == "licence" else ()
    held = history.holding(staff, credential, found.at, professions)
    valid = held.state == "valid"
    day = history.day(found.at)
    words = "held" if valid else "did not hold"
    return Ruling(
        slot,
        "met" if valid else "breached",
        f"{slot.upper()}: who evaluated on {day} {words} a valid {credential} there on that day{_why(held)}.",
        (found.position, act.position, *held.evidence),
        anchor=credential,
        made_at=as_instant(act.at),
        causes=() if valid else (held.state,),
        staff=staff,
        credential=credential,
        act=act.position,
    )


def _why(held: Holding) -> str:
    if held.state == "valid":
        return ""
    return f": {held.state.replace('-', ' ')}{f' ({held.day})' if held.day else ''}"
