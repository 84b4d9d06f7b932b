"""SUP-02: whoever watches, gives or releases holds the credentials for it, on that day and at that place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ledger.credentials import Holding
from ledger.events.authority import CredentialGranted
from ledger.events.dosing import DoseAdministered
from ledger.events.lifecycle import SessionOpened, SessionRescheduled
from ledger.events.release import ReleaseAuthorised
from ledger.events.staff import CredentialRenewed
from ledger.events.supervision import MonitorAssigned, MonitorHandover
from ledger.vocabulary import CredentialType
from ledger.who_may import licensed_as, needed
from projections.compliance.finding import Ruling, Verdict
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.moments import as_instant, clock, each_day, local
from projections.compliance.rule import GateOf, rule


@dataclass(frozen=True, slots=True)
class Act:
    """Something for which a credential is needed: who did it, in which role (None if unknown), and what it was."""

    staff: str
    role: str | None
    words: str
    fact: Fact

    @property
    def watches(self) -> bool:
        """Whether it takes training as a monitor where the role asks for it: being there does not."""
        return self.words != "on duty"


@rule(
    id="SUP-02",
    version="1",
    title="Whoever watches, gives or releases holds the credentials their role needs, on that day and at that place.",
    severity="C",
    mode="B `session-opened`, `monitor-assigned`; F facts / S",
    source="authority checks: 21 CFR 11.10(g); licence logs: 4 CCR 755-1; life support: ASKP; the list is ours [D]",
    trigger=(
        "Being assigned as monitor, taking over in a handover, giving a dose (one that somebody takes themselves: who "
        "observed it), authorising a release. One finding per member of staff, credential and session; one per session "
        "for advanced life support (`acls`). Checks, waste and the signatures of witnesses are no such acts."
    ),
    window=(
        "At each act: the local day is within the days of the credential, both included. For `acls`: every local day "
        "from the first dose to the last release."
    ),
    evidence=(
        "The credentials that `ledger/who_may.py` names for the role, granted or renewed for this place and neither "
        "suspended nor revoked on that day. A renewal counts from the day it is effective. For `acls`: one of "
        "those on duty holds it."
    ),
    parameters=(),
    verdicts={
        "met": "the credential was valid at every act; for `acls`, somebody on duty held it throughout",
        "breached": "it was not valid at one act or more, or nobody on duty held `acls`",
        "not-applicable": "nobody has watched, given or released; for `acls`, nobody was dosed",
        "cannot-judge": "the state the session is in was not recorded, so whether a licence holds there is unknown",
    },
    notes=(
        "A revocation or a renewal that reaches back changes what is found now, and not what was found then.",
        (
            "At the opening each of those on duty who attends patients is asked about, and not for training as a "
            "monitor, which only whoever watches needs; `acls` is asked at no gate."
        ),
        "Who took over and has not signed has no role yet: what every role needs is asked of them.",
        "The finding is about staff and place, and about neither partner.",
    ),
    gate=GateOf(
        (SessionOpened, MonitorAssigned),
        override="medical-director",
        opened_by=(CredentialGranted, CredentialRenewed, SessionRescheduled),
        otherwise="Or somebody else on duty, who holds them.",
    ),
)
def sup_02(history: History) -> Iterator[Ruling]:
    """One ruling for each member of staff and credential, and one for life support on site."""
    acts = list(_proposed(history)) if history.proposed is not None else list(_acts(history))
    if not acts:
        yield Ruling("", "not-applicable", "Nobody has watched, given or released here.")
    asked: dict[tuple[str, CredentialType], list[Act]] = {}
    for act in acts:
        for credential in needed(act.role):
            if credential == "monitor" and not act.watches:
                continue
            asked.setdefault((act.staff, credential), []).append(act)
    for (staff, credential), own in asked.items():
        yield _of(history, staff, credential, own)
    if history.proposed is None:
        yield _life_support(history)


def _proposed(history: History) -> Iterator[Act]:
    fact = history.proposed
    if fact is None:
        return
    match fact.event:
        case SessionOpened(staff=on_duty):
            for each in on_duty:
                yield Act(each.staff, each.role, "on duty", fact)
        case MonitorAssigned(monitor=monitor):
            yield Act(monitor, _role_of(fact, monitor), "assigned as monitor", fact)
        case _:
            return


def _acts(history: History) -> Iterator[Act]:
    """What was done for which a credential is needed, in the order it happened."""
    for fact in history.facts:
        match fact.event:
            case MonitorAssigned(monitor=monitor):
                yield Act(monitor, _role_of(fact, monitor), "assigned as monitor", fact)
            case MonitorHandover(incoming=incoming):
                yield Act(incoming, _role_of(fact, incoming), "took over as monitor", fact)
            case DoseAdministered() as dose:
                observed = [signer for signer in fact.signed if signer.meaning == "observed"]
                gave = [signer for signer in fact.signed if signer.meaning == "performed"]
                for signer in observed if dose.self_administered is True and observed else gave:
                    words = "observed a dose" if signer.meaning == "observed" else "gave a dose"
                    yield Act(signer.by, signer.role, words, fact)
            case ReleaseAuthorised():
                for signer in fact.signed:
                    yield Act(signer.by, signer.role, "authorised a release", fact)
            case _:
                continue


def _role_of(fact: Fact, staff: str) -> str | None:
    """In which role somebody signed; None for one who has not signed yet."""
    return next((signer.role for signer in fact.signed if signer.by == staff), None)


def _of(history: History, staff: str, credential: CredentialType, acts: list[Act]) -> Ruling:
    stood = [(act, _holding(history, act, credential)) for act in acts]
    failed = [(act, held) for act, held in stood if held.state != "valid"]
    evidence = tuple(position for act, held in (failed or stood) for position in (*held.evidence, act.fact.position))
    if not failed:
        first, *_ = acts
        return _ruling(staff, credential, "met", f"{staff} held {credential} at every act.", evidence, first)
    (first, held), *_ = failed
    told = ", ".join(dict.fromkeys(f"{act.words} at {clock(act.fact.at, history.zone)}" for act, _ in failed))
    if held.state == "other-place" and history.place(_day(history, first.fact.at)).state is None:
        sentence = f"{staff} {told}; whether {credential} holds there cannot be told: no state is on record."
        return _ruling(staff, credential, "cannot-judge", sentence, evidence, first, "no-state")
    sentence = f"{staff} {told}; {credential} {_why(held)}."
    return _ruling(staff, credential, "breached", sentence, evidence, first, held.state)


def _ruling(
    staff: str,
    credential: CredentialType,
    verdict: Verdict,
    sentence: str,
    evidence: tuple[int, ...],
    act: Act,
    *causes: str,
) -> Ruling:
    return Ruling(
        "",
        verdict,
        sentence,
        evidence,
        anchor=f"{staff} {credential}",
        made_at=as_instant(act.fact.at),
        causes=causes,
        staff=staff,
        credential=credential,
        act=act.fact.position,
    )


def _holding(history: History, act: Act, credential: CredentialType) -> Holding:
    professions = licensed_as(act.role) if credential == "licence" else ()
    return history.holding(act.staff, credential, act.fact.at, professions)


def _why(held: Holding) -> str:
    match held.state:
        case "none":
            return "is not on record"
        case "not-yet":
            return f"begins on {held.day}"
        case "expired":
            return f"ended on {held.day}"
        case "suspended":
            return "was suspended"
        case "revoked":
            return "was revoked"
        case "other-place":
            return "is not for this place"
        case "other-profession":
            return "is not for the role they signed in"
        case "valid":
            return "was valid"


def _life_support(history: History) -> Ruling:
    """Whether somebody on duty held `acls` from the first dose to the last release."""
    doses = [fact for fact in history.facts if isinstance(fact.event, DoseAdministered)]
    if not doses:
        return Ruling("", "not-applicable", "Nobody was dosed.", anchor="acls", credential="acls")
    first = min(doses, key=lambda fact: (fact.at, fact.position))
    releases = [history.end_of_checks(slot) for slot in SLOTS if history.doses(slot)]
    end = max((fact.at for fact in releases if fact is not None), default=first.at)
    on_duty = _on_duty(history)
    evidence = [fact.position for fact in doses]
    for at in each_day(first.at, max(end, first.at)):
        found = (history.holding(staff, "acls", at) for staff in on_duty)
        held = next((each for each in found if each.state == "valid"), None)
        if held is None:
            sentence = f"Nobody on duty on {_day(history, at)} held acls, from the first dose to the last release."
            return _about_session("breached", sentence, tuple(evidence), first, "nobody")
        evidence += held.evidence
    return _about_session("met", "Somebody on duty held acls throughout.", tuple(evidence), first)


def _about_session(verdict: Verdict, sentence: str, evidence: tuple[int, ...], first: Fact, *causes: str) -> Ruling:
    return Ruling(
        "",
        verdict,
        sentence,
        evidence,
        anchor="acls",
        made_at=as_instant(first.at),
        causes=causes,
        credential="acls",
        act=first.position,
    )


def _on_duty(history: History) -> list[str]:
    """Those named at the opening, the prescriber, and whoever acted."""
    named: list[str] = []
    for fact in history.facts:
        match fact.event:
            case SessionOpened(staff=on_duty, prescriber=prescriber):
                named += [each.staff for each in on_duty]
                named += [] if prescriber is None else [prescriber]
    return list(dict.fromkeys([*named, *(act.staff for act in _acts(history))]))


def _day(history: History, at: datetime) -> str:
    return f"{local(at, history.zone):%Y-%m-%d}"
