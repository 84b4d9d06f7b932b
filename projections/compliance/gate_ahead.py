"""
One gate before an act ahead: what the rule says of the draft, and, while it is closed, what opens it and who may.

The sentence is the rule's own, as it would be said at the desk; where an entry belongs follows from its type.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel

from ledger.events.base import Event, Signer
from ledger.events.choices import Parameters2
from ledger.events.fields import Gone
from ledger.vocabulary import Role
from projections.compliance.acts_ahead import UNPLANNED, Act
from projections.compliance.by_itself import Change
from projections.compliance.finding import Finding, Severity, Verdict, Whose
from projections.compliance.history import History
from projections.compliance.objecting import Said
from projections.compliance.rule import AnyRule

State: TypeAlias = Literal["open", "closed", "cannot-judge"]


@dataclass(frozen=True, slots=True)
class Way:
    """A type of entry that a closed gate waits for: on which record, with what filled in, and who signs it."""

    type: str
    record: str | None
    fields: tuple[tuple[str, str], ...]
    signed_by: tuple[Signer, ...]
    of_the_session: bool
    """Whether it belongs to the session itself: so it is made on the day, and not before."""


@dataclass(frozen=True, slots=True)
class GateAhead:
    """
    What one rule says of a draft; the sentence is the rule's own, as it would be said at the desk.

    `figures` are those of the protocol that it compares with. `override` is the role that may override it and
    `overridden_by` where that was done; `change` is when it opens or closes by itself.
    `ways` and `otherwise` are what opens it, while it is closed.
    """

    rule: str
    version: str
    title: str
    severity: Severity
    slot: Whose
    verdict: Verdict
    state: State
    sentence: str
    evidence: tuple[int, ...]
    figures: tuple[tuple[str, str], ...]
    staff: str | None
    credential: str | None
    override: Role | None
    overridden_by: int | None
    ways: tuple[Way, ...]
    otherwise: str
    change: Change | None


def gate_ahead(
    rule: AnyRule, said: Said, history: History, act: Act, figures: Parameters2 | None, change: Change | None
) -> GateAhead:
    """The gate of a rule before an act, of what was said of its draft; `figures` are those it was compared with."""
    finding, draft, gate = said.finding, act.draft, rule.gate
    if draft is None or gate is None:
        raise TypeError(f"{rule.id} is asked before nothing")
    return GateAhead(
        rule=rule.id,
        version=rule.version,
        title=rule.title,
        severity=finding.severity,
        slot=finding.slot,
        verdict=finding.verdict,
        state="open" if not said.objects else "closed" if finding.verdict == "breached" else "cannot-judge",
        sentence=finding.sentence,
        evidence=tuple(position for position in finding.evidence if position < history.size),
        figures=tuple((path, _figure(figures, path)) for path in rule.parameters) if figures else (),
        staff=finding.staff,
        credential=finding.credential,
        override=gate.override_of(finding.causes, type(draft.event)) if said.objects else None,
        overridden_by=None if said.override is None else said.override.position,
        ways=tuple(_way(kind, history, finding) for kind in gate.opened_by) if said.objects else (),
        otherwise=gate.otherwise if said.objects else "",
        change=change,
    )


def _figure(figures: Parameters2, path: str) -> str:
    value: Any = figures
    for name in path.split("."):
        value = getattr(value, name)
    return _in_words(value)


def _in_words(value: object) -> str:
    """`30`; `sublingual 200, oral 300` of several; what is not set is left out."""
    if isinstance(value, BaseModel):
        parts = ((name, getattr(value, name)) for name in type(value).model_fields)
        return ", ".join(f"{name} {_in_words(each)}" for name, each in parts if each is not None) or "nothing"
    if isinstance(value, tuple):
        return ", ".join(_in_words(each) for each in value) or "nothing"
    return str(value)


def _way(kind: type[Event], history: History, finding: Finding) -> Way:
    planned = history.session != UNPLANNED
    known = {
        "session": history.session if planned else None,
        "location": history.location,
        "couple": history.couple,
        "credential": finding.credential,
    }
    fields = tuple((name, value) for name, value in known.items() if value is not None and name in kind.model_fields)
    signed = tuple(each for each in kind.SIGNERS if each.when == "now")
    of_session = kind.STREAM in ("session", "partner")
    return Way(kind.type_tag(), _record(kind, history, finding), fields, signed, of_session)


def _record(kind: type[Event], history: History, finding: Finding) -> str | None:
    """On which record an entry of this type belongs; None where somebody has to choose, or nobody knows."""
    slot = finding.slot
    planned = history.session != UNPLANNED
    match kind.STREAM:
        case "person" if slot:
            person = history.person(slot)
            return None if isinstance(person, Gone) else person
        case "partner" if slot and planned:
            return f"{history.session}/{slot}"
        case "session" if planned:
            return history.session
        case "location":
            return history.location
        case "staff":
            return finding.staff
        case _:
            return None
