"""
What went otherwise than planned for one partner, as a plain sentence: a dose that waits, a call, an adverse event.

It stands on that partner's own row, like every other sentence about them.
"""

from __future__ import annotations

from ledger.events import adverse, calls, consent, deviations, emergencies, holds, supervision
from ledger.events.eligibility import MedicineAsNeeded
from ledger.reading import PlacedEvent
from projections.said import listed, local_clock, said, yes_no


def need_phrase(placed: PlacedEvent) -> str | None:
    """The sentence for such an event; None for a type it has no words for."""
    event = placed.event

    def clock(instant: str) -> str:
        return local_clock(instant, placed.payload.occurred)

    match event:
        case holds.DoseHeld():
            note = said(event.note, missing="")
            return (
                f"dose held: {said(event.reasons, listed)}, to be looked at again"
                f" {said(event.recheck_at, clock, 'at no time named')},"
                f" prescriber informed: {said(event.prescriber_informed, yes_no)}" + (f", note: {note}" if note else "")
            )
        case holds.HoldReleased():
            return f"hold ended: {said(event.decision, _decision)}, reason: {said(event.reason)}"
        case holds.DoseInterrupted() | holds.DoseInterrupted2():
            return (
                f"dose interrupted by the {said(event.stopped_by)}, {event.mass_taken.value} mg went in,"
                f" reason: {said(event.reason)}"
            )
        case holds.DosePartiallyTaken():
            about = "about " if event.estimated else ""
            return f"dose taken in part, {about}{event.mass_taken.value} mg of it, reason: {said(event.reason)}"
        case holds.DosesConfirmedDistinct():
            return f"{len(event.doses)} records that look alike are that many doses"
        case consent.ConsentWithdrawnInSession():
            return f"took their consent back, reason: {said(event.reason)}"
        case consent.ConsentNarrowedInSession():
            return f"consents to less than before, reason: {said(event.reason)}"
        case supervision.LeftRoom():
            return f"left the room ({said(event.purpose)}), with {event.accompanied_by or 'nobody'}"
        case supervision.ReturnedToRoom():
            return f"back in the room, steady: {said(event.steady, yes_no)}"
        case calls.PrescriberNotified():
            answered = f"answered {clock(event.answered_at)}" if event.answered_at else "not answered"
            return (
                f"{event.prescriber} called, {said(event.channel)}, {answered},"
                f" because of {said(event.situation, listed)}"
            )
        case calls.PrescriberArrived():
            return f"{event.prescriber} is there"
        case calls.VerbalOrderReceived():
            return _verbal(event)
        case calls.VerbalOrderCosigned():
            as_said = "as said" if event.as_said else f"not as said: {said(event.difference)}"
            return f"order given by word signed by its prescriber, {as_said}"
        case deviations.RuleOverriddenForPartner():
            return f"{said(event.rule)} overridden for the {said(event.permits)}: {said(event.reason)}"
        case _:
            return _adverse(placed) or _emergency(placed)


def _decision(decision: str) -> str:
    return {"give": "the dose may be given", "give-less": "less may be given"}.get(decision, decision.replace("-", " "))


def _verbal(event: calls.VerbalOrderReceived) -> str:
    parts = [f"order by word of {event.prescriber}"]
    if event.dose_max is not None:
        parts.append(f"up to {event.dose_max.value} mg {event.route or ''}".rstrip())
    if (medicine := said(event.medicine, _medicine, "")) != "":
        parts.append(medicine)
    if (instruction := said(event.instruction, missing="")) != "":
        parts.append(instruction)
    return ", ".join([*parts, f"read back: {yes_no(event.read_back)}"])


def _medicine(medicine: MedicineAsNeeded) -> str:
    return f"{medicine.medicine} {medicine.dose} {medicine.route}"


def _adverse(placed: PlacedEvent) -> str | None:
    event = placed.event
    match event:
        case adverse.AdverseEventRecorded():
            text = said(event.text, missing="")
            return (
                f"adverse event {said(event.term)}, grade {said(event.severity)}, {said(event.seriousness, _serious)},"
                f" relatedness {said(event.relatedness)}, outcome {said(event.outcome)}" + (f": {text}" if text else "")
            )
        case adverse.AdverseEventUpdated():
            known = {
                "grade": said(event.severity, missing=""),
                "relatedness": said(event.relatedness, missing=""),
                "outcome": said(event.outcome, missing=""),
                "plan:": said(event.plan, missing=""),
            }
            more = listed(f"{name} {value}" for name, value in known.items() if value)
            return f"adverse event, more is known: {more}"
        case adverse.AdverseEventResolved():
            return f"adverse event over: {said(event.outcome)}, on {said(event.resolved_on)}"
        case adverse.SeriousnessUpgraded():
            return f"adverse event is serious: {said(event.criteria, listed)}, known because: {said(event.basis)}"
        case adverse.AdverseEventReported():
            return f"adverse event reported to {said(event.receiver)}, number {said(event.reference)}"
        case _:
            return None


def _serious(seriousness: str) -> str:
    return "seriousness pending" if seriousness == "pending" else seriousness.replace("-", " ")


def _emergency(placed: PlacedEvent) -> str | None:
    event = placed.event

    def clock(instant: str) -> str:
        return local_clock(instant, placed.payload.occurred)

    match event:
        case emergencies.InterventionPerformed():
            given = [said(part, missing="") for part in (event.medicine, event.dose, event.medicine_route)]
            flow = said(event.oxygen_flow, lambda value: f"{value} L/min", "")
            drawn = f"{event.mass.value} mg from {event.container}" if event.mass and event.container else ""
            what = listed(filter(None, [said(event.kind), " ".join(filter(None, given)), flow, drawn]))
            return f"done: {what}, afterwards: {said(event.response)}"
        case emergencies.EmergencyServicesCalled():
            return (
                f"{said(event.service)} called because of {said(event.reason, listed)},"
                f" expected {said(event.expected_at, clock)}"
            )
        case emergencies.EmergencyServicesArrived():
            return f"{said(event.unit, missing='help')} is there"
        case emergencies.ParticipantTransferred():
            return (
                f"transferred to {said(event.facility)} with {said(event.unit)}, {said(event.condition)},"
                f" called {said(event.called_at, clock)}, arrived {said(event.arrived_at, clock)},"
                f" sent along: {said(event.documents, listed)}"
            )
        case emergencies.LeftAgainstAdvice():
            told = f"{event.prescriber} told" if event.prescriber else "no prescriber told"
            return (
                f"left against advice by {said(event.mode)}, {said(event.capacity)},"
                f" what was tried: {said(event.attempts, listed)}, {told},"
                f" refusal signed: {said(event.refusal_signed, yes_no)}"
            )
        case _:
            return None
