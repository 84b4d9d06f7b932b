"""
What happened to one partner, as a plain sentence with its numbers.

    100 mg sublingual from own-A, first dose, held 12 min, swallowed
    BP 146/92, SpO2 97 %, MOAA/S 5, CADSS-6 5
    released to onsite-lodging, not to drive until Sun 10:50 EDT (17 May 2026)

The sentence stands on that partner's own row, so it may say everything; nobody else's facts are in it.
Identifiers stay as they are and become codes when somebody asks.
"""

from __future__ import annotations

from ledger.events import afterwards, arrival, dosing, release, supervision
from ledger.events.fields import Gone
from ledger.reading import PlacedEvent
from projections.need_phrases import need_phrase
from projections.readings import readings
from projections.said import listed, local_clock, said, until, yes_no

_ORDINALS = {1: "first dose", 2: "redose"}


def partner_phrase(placed: PlacedEvent) -> str | None:
    """The sentence for an event on a partner's record of a session; None for a type it has no words for."""
    event = placed.event
    match event:
        case arrival.ParticipantCheckedIn():
            return _arrival(placed, event)
        case arrival.PreDoseAssessed():
            return f"before the dose: {readings(event)}"
        case supervision.SupervisionChecked():
            late = said(event.late_reason, missing="")
            return readings(event) + (f", came late: {late}" if late else "")
        case release.DischargeAssessed():
            return f"before leaving: {readings(event)}"
        case dosing.DoseAuthorised() | dosing.DosePrepared() | dosing.DoseAdministered():
            return _dose(placed, event)
        case dosing.DoseOffered():
            return f"{said(event.stage, _stage)} offered, in private: {said(event.private, yes_no)}"
        case dosing.DoseDeclined():
            return _declined(event)
        case arrival.TransportPlanSigned():
            return (
                f"plan for going home: {said(event.mode)} to {said(event.destination)},"
                f" understands until when not to drive: {said(event.understands_until, yes_no)}"
            )
        case arrival.NoDrivingAcknowledged():
            return f"acknowledged not to drive afterwards, understood: {said(event.understood, yes_no)}"
        case arrival.SedationInformationGiven():
            return (
                f"told about sedation ({said(event.level)}) by {event.provider}, understood:"
                f" {said(event.understood, yes_no)}"
            )
        case arrival.NoShowRecorded():
            return f"did not come, waited {said(event.waited_min)} min, tried: {said(event.tried, listed)}"
        case _:
            return _leaving(placed)


def _leaving(placed: PlacedEvent) -> str | None:
    event = placed.event
    match event:
        case release.EscortVerified():
            return (
                f"escort seen, identified: {said(event.identified, yes_no)},"
                f" adult: {said(event.adult, yes_no)}, sober: {said(event.sober, yes_no)},"
                f" instructed: {said(event.instructed, yes_no)}"
            )
        case release.NoDrivingReleaseSigned():
            return (
                f"signed not to drive {until(event.no_drive_until)}, said it in own words:"
                f" {said(event.teach_back, yes_no)}, keys secured: {said(event.keys_secured, yes_no)}"
            )
        case release.ReleaseAuthorised():
            return (
                f"released to {said(event.disposition)}, not to drive {until(event.no_drive_until)},"
                f" conditions: {said(event.conditions, listed)}"
            )
        case release.ParticipantDeparted():
            without = "" if event.release else ", without a release"
            return f"left for {said(event.destination)} by {said(event.mode)}{without}"
        case release.TransportPlanDeviationRecorded():
            return (
                f"wished to leave otherwise: {said(event.requested)},"
                f" what was done: {said(event.efforts, listed)}, instead: {said(event.alternative)}"
            )
        case afterwards.FollowUpContactMade():
            reached = said(event.reached, lambda value: "reached" if value else "not reached")
            return (
                f"follow-up contact, attempt {said(event.attempt)}, {said(event.channel)}: {reached},"
                f" slept: {said(event.slept, yes_no, 'not asked')},"
                f" drove before the time: {said(event.drove_before_window, yes_no, 'not asked')}"
            )
        case afterwards.IntegrationOffered():
            return (
                f"a talk afterwards offered for {said(event.offered_for)}, {said(event.channel)},"
                f" answer: {said(event.answer)}"
            )
        case afterwards.IntegrationSessionHeld():
            began, ended = _from_to(placed, event.began, event.ended)
            return f"integration session from {began} to {ended}, attended: {said(event.attended, yes_no)}"
        case _:
            return need_phrase(placed)


def _arrival(placed: PlacedEvent, event: arrival.ParticipantCheckedIn) -> str:
    def clock(instant: str) -> str:
        return local_clock(instant, placed.payload.occurred)

    return (
        f"checked in, came by {said(event.arrived)}, identified by {said(event.identifiers, listed)},"
        f" last food {said(event.last_food, clock)}, last drink {said(event.last_fluid, clock)},"
        f" taken in the last 24 h: {said(event.taken_lately, _taken)}"
    )


def _taken(lately: arrival.TakenLately) -> str:
    answers = lately.model_dump()
    taken = [name for name, answer in answers.items() if answer]
    not_asked = [f"{name} not asked" for name, answer in answers.items() if answer is None]
    return listed([*taken, *not_asked])


def _dose(placed: PlacedEvent, event: dosing.DoseAuthorised | dosing.DosePrepared | dosing.DoseAdministered) -> str:
    match event:
        case dosing.DoseAuthorised():
            first, last = _from_to(placed, event.valid_from, event.valid_to)
            return f"up to {event.mass.value} mg {event.route} authorised, {first} to {last}"
        case dosing.DosePrepared():
            units = f", {event.units} taken out" if event.units else ""
            volume = f", {event.volume} mL drawn up" if event.volume else ""
            return f"{event.mass.value} mg prepared from {event.container}{units}{volume}"
        case dosing.DoseAdministered():
            parts = [f"{event.mass.value} mg {event.route} from {event.container}"]
            parts.append(_ORDINALS.get(event.ordinal, f"dose {event.ordinal}"))
            if event.order is None:
                parts.append("without an order")
            if isinstance(event.hold_min, Gone):
                parts.append(f"how it was taken {event.hold_min.why}")
                return ", ".join(parts)
            if event.hold_min is not None:
                parts.append(f"held {event.hold_min} min")
            if event.swallowed is not None:
                parts.append(said(event.swallowed, lambda value: "swallowed" if value else "spat out"))
            if event.self_administered is True:
                parts.append("taken by themselves")
            return ", ".join(parts)


def _from_to(placed: PlacedEvent, *moments: str) -> list[str]:
    return [local_clock(moment, placed.payload.occurred) for moment in moments]


def _stage(stage: str) -> str:
    return "first dose" if stage == "first" else stage


def _declined(event: dosing.DoseDeclined) -> str:
    note = said(event.note, missing="")
    return (
        f"declined, which dose: {said(event.stage, _stage)}, reason: {said(event.reason_class)},"
        f" in private: {said(event.private, yes_no)},"
        f" concern about pressure: {said(event.pressure_concern, yes_no)},"
        f" role from now on: {said(event.role_after)}" + (f", note: {note}" if note else "")
    )
