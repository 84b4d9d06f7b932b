"""What a recorded event says, in the words of the event list, so that the two can be compared value by value."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from zoneinfo import ZoneInfo

from ledger.encoding import from_instant
from ledger.events import (
    adverse,
    afterwards,
    arrival,
    authority,
    calls,
    dosing,
    eligibility,
    emergencies,
    inventory,
    lifecycle,
    losses,
    release,
    stock,
    supervision,
)
from ledger.events.arrival import Escort
from ledger.events.fields import Gone
from ledger.events.measures import BloodPressure
from ledger.reading import PlacedEvent

_ROUTES = {"sublingual": "SL", "intramuscular": "IM"}
_CREDENTIALS = {"licence": "licence", "kap": "KAP", "acls": "ACLS", "bls": "BLS", "dea": "DEA"}


_ROLES = {"prescriber": "MD"}
ESCORTS = {"Adele Moreau": "SIS", "Emil Lorenz": "E1"}
"""What the lists call those who take somebody home."""


def in_words_of_the_list(placed: PlacedEvent, name: Callable[[str], str], zone: ZoneInfo) -> dict[str, str]:
    """Every value the list may say of this event; `name` gives the story's name of a record."""
    said = _said(placed, name, zone)
    return said or _said_in_need(placed, name, zone) or _said_of_stock(placed, name, zone)


def _said(placed: PlacedEvent, name: Callable[[str], str], zone: ZoneInfo) -> dict[str, str]:
    signers = [signer for signer in placed.payload.attested if signer.by.startswith("staff/")]
    by = name(signers[0].by) if signers else ""
    match placed.event:
        case authority.LocationRegistered() as event:
            return {
                "location": event.code,
                "dea_from": str(event.dea_from),
                "dea_to": str(event.dea_to),
                "state": event.state,
            }
        case authority.ConsentFormPublished() as event:
            return {"version": event.version}
        case authority.CredentialGranted() as event:
            return {
                "staff": name(placed.stream),
                "credential": _CREDENTIALS[event.credential],
                "effective": event.effective,
                "expires": event.expires,
                "state": ",".join(event.states),
            }
        case authority.EmergencyReadinessChecked():
            return {"location": name(placed.stream)}
        case eligibility.EvaluationCompleted() as event:
            return {
                "outcome": str(event.outcome),
                "by": by,
                "modality": str(event.modality).replace("-", "_"),
                "weight": str(event.weight),
                "pdmp": yes(event.pdmp_checked),
                "urinary_screen": yes(event.urinary_screened),
                "pregnancy": _pregnancy(event.pregnancy),
            }
        case eligibility.PrivateSafetyScreenCompleted() as event:
            return {"alone": yes(event.alone), "outcome": str(event.outcome)}
        case eligibility.ConsentSigned() as event:
            assert not isinstance(event.scope, Gone)
            scope = {f"route:{_ROUTES[route]}" for route in event.scope.routes}
            scope |= {flag for flag in ("joint", "solo") if getattr(event.scope, flag)}
            scope |= {"ketamine"} if event.scope.off_label_ketamine else set()
            return {
                "signer": name(placed.payload.attested[0].by),
                "version": event.version,
                "valid_until": str(event.valid_until),
                "scope": f"{{{', '.join(sorted(scope))}}}",
            }
        case eligibility.OrderSigned() as event:
            return {
                "by": by,
                "route": _ROUTES[event.route],
                "dose_min_mg": str(event.dose_min.mg),
                "dose_max_mg": str(event.dose_max.mg),
                "valid_from": event.valid_from,
                "valid_to": event.valid_to,
            }
        case stock.OwnMedicationCheckedIn() as event:
            return {"container": event.code, "quantity": event.count}
        case stock.OwnMedicationCheckedOut() as event:
            return {"counted": f"{{{name(placed.stream)}: {event.count}}}"}
        case lifecycle.SessionOpened() as event:
            dosed = [slot for slot, role in (("A", event.role_a), ("B", event.role_b)) if role == "dosing"]
            return {
                "mode": event.mode,
                "persons": _listed(dosed),
                "presence": event.presence.replace("-", "_"),
                "staff": _listed([name(each.staff) for each in event.staff]),
            }
        case lifecycle.SessionClosed() as event:
            return {"follow_up_booked": yes({event.follow_up_booked_a, event.follow_up_booked_b} - {None} == {True})}
        case supervision.MonitorAssigned() as event:
            return {"persons": _listed([slot.upper() for slot in event.covers]), "monitor": name(event.monitor)}
        case arrival.ParticipantCheckedIn() as event:
            assert not isinstance(event.identifiers, Gone) and not isinstance(event.taken_lately, Gone)
            nothing = event.medicines == () and not any(event.taken_lately.model_dump().values())
            return {
                "food": _local(event.last_food, zone),
                "fluid": _local(event.last_fluid, zone),
                "identifiers": str(len(event.identifiers)),
                "medicines_24h": "none" if nothing else "some",
                "suicidality_answered": yes(event.suicidality is not None),
                "arrived": str(event.arrived).replace("-", "_"),
                "pregnancy": _pregnancy(event.pregnancy),
            }
        case arrival.PreDoseAssessed() as event:
            return {
                "BP": _pressure(event.blood_pressure),
                "HR": str(event.heart_rate),
                "SpO2": str(event.spo2),
                "RR": str(event.respiratory_rate),
            }
        case arrival.TransportPlanSigned() as event:
            return {"mode": _car(event.mode), "escort": _escort(event.escort, name)}
        case dosing.DosePrepared() as event:
            return {
                "label": str(event.label),
                "container": name(event.container),
                "mg": str(event.mass.mg),
                "drawn_from_vial": yes(event.drawn_from_vial),
                "preparer": by,
                "checker": next((name(s.by) for s in signers if s.meaning == "verified"), ""),
                "count_check": yes(event.count_checked),
            }
        case dosing.DoseAdministered() as event:
            assert not isinstance(event.identifiers, Gone)
            return {
                "mg": str(event.mass.mg),
                "route": _ROUTES[event.route],
                "container": name(event.container),
                "by": by,
                "label": str(event.label),
                "identifiers": str(len(event.identifiers)),
                "weight": str(event.weight),
            }
        case dosing.DoseDeclined() as event:
            return {"stage": str(event.stage), "private": yes(event.private)}
        case supervision.SupervisionChecked() as event:
            return {
                "BP": _pressure(event.blood_pressure),
                "MOAA/S": str(event.moaas),
                "SpO2": str(event.spo2),
                "CADSS-6": str(event.cadss6),
                "reason": str(event.late_reason).replace("-", "_"),
            }
        case supervision.MonitorBreakStarted() as event:
            reasons = {str(event.reason_a if slot == "a" else event.reason_b) for slot in event.uncovers}
            return {
                "persons": _listed([slot.upper() for slot in event.uncovers]),
                "monitor": name(event.monitor),
                "reason": ", ".join(sorted(reasons)).replace("-", "_"),
            }
        case supervision.MonitorHandover() as event:
            return {
                "persons": _listed([slot.upper() for slot in event.covers]),
                "outgoing": name(event.outgoing),
                "incoming": name(event.incoming),
            }
        case release.DischargeAssessed() as event:
            return {
                "aldrete": str(event.aldrete),
                "MOAA/S": str(event.moaas),
                "HR": str(event.heart_rate),
                "SpO2": str(event.spo2),
                "oriented_x4": yes(event.orientation == 4),
                "BP": _pressure(event.blood_pressure),
                "CADSS-6": str(event.cadss6),
                "gait_steady": yes(event.gait_steady),
            }
        case release.EscortVerified() as event:
            return {
                "persons": _listed([placed.stream[-1].upper()]),
                "escort": _escort(event.escort, name),
                "adult": yes(event.adult),
                "sober": yes(event.sober),
            }
        case release.NoDrivingReleaseSigned() as event:
            return {"keys_secured": yes(event.keys_secured)}
        case release.ReleaseAuthorised() as event:
            return {
                "disposition": str(event.disposition).replace("-", "_"),
                "no_drive_until": event.no_drive_until.local,
                "by": by,
                "role": signers[0].role,
                "instructions": yes(event.instructions is not None),
            }
        case release.TransportPlanDeviationRecorded() as event:
            assert not isinstance(event.efforts, Gone)
            return {"efforts": ", ".join(event.efforts), "alternative": str(event.alternative)}
        case release.ParticipantDeparted() as event:
            return {"mode": _car(event.mode)} | ({"escort": _escort(event.escort, name)} if event.escort else {})
        case afterwards.FollowUpContactMade() as event:
            return {
                "reached": yes(event.reached),
                "slept": yes(event.slept),
                "drove_before_window": yes(event.drove_before_window),
            }
        case _:
            return {}


def _said_in_need(placed: PlacedEvent, name: Callable[[str], str], zone: ZoneInfo) -> dict[str, str]:
    match placed.event:
        case adverse.AdverseEventRecorded() as event:
            return {"ae": "1", "severity": str(event.severity), "seriousness": str(event.seriousness)}
        case adverse.AdverseEventUpdated() as event:
            return {"ae": "1", "plan": str(event.plan)}
        case adverse.SeriousnessUpgraded() as event:
            assert not isinstance(event.criteria, Gone)
            return {
                "ae": "1",
                "seriousness": ", ".join(event.criteria),
                "aware_at": _local(event.aware_at, zone),
                "relatedness": str(event.relatedness),
                "outcome": str(event.outcome),
                "role": placed.payload.attested[0].role,
            }
        case calls.PrescriberNotified() as event:
            return {"answered": _local(event.answered_at, zone)}
        case emergencies.ParticipantTransferred() as event:
            return {
                "call": _local(event.called_at, zone),
                "arrival": _local(event.arrived_at, zone),
                "facility": str(event.facility),
                "package": yes(bool(event.documents)),
            }
        case _:
            return {}


def _said_of_stock(placed: PlacedEvent, name: Callable[[str], str], zone: ZoneInfo) -> dict[str, str]:
    match placed.event:
        case inventory.StockReceived() as event:
            return {"container": event.code, "quantity": event.amount.value}
        case inventory.ContainerOpened():
            return {"container": name(placed.stream), "by": name(placed.payload.attested[0].by)}
        case inventory.InventoryCounted() as event:
            counted = (f"{name(each.container)}: {each.amount.value}" for each in event.containers)
            return {"kind": event.kind, "flag": event.business, "counted": f"{{{', '.join(counted)}}}"}
        case losses.WastageRecorded() as event:
            by, witness = placed.payload.attested
            return {
                "label": str(event.label),
                "container": name(placed.stream),
                "mg": f"{Decimal(event.mass.value):f}",
                "by": name(by.by),
                "witness": name(witness.by),
                "witness_role": _ROLES[witness.role],
                "witness_signed": _local(placed.payload.recorded_at, zone),
            }
        case _:
            return {}


def yes(value: object) -> str:
    """`yes`, `no`, or what else it is."""
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _pressure(value: object) -> str:
    return f"{value.systolic}/{value.diastolic}" if isinstance(value, BloodPressure) else str(value)


def _pregnancy(value: object) -> str:
    return str(getattr(value, "status", "not applicable")).replace("-", " ")


def _local(instant: object, zone: ZoneInfo) -> str:
    return f"{from_instant(str(instant)).astimezone(zone):%Y-%m-%d %H:%M %Z}"


def _listed(names: list[str]) -> str:
    return f"[{', '.join(names)}]"


def _car(mode: object) -> str:
    return "car" if mode in ("escort-car", "own-vehicle") else str(mode).replace("-", "_")


def _escort(escort: object, name: Callable[[str], str]) -> str:
    """A participant by their letter, staff by their code, others as the list calls them."""
    if escort is None:
        return "none"
    assert isinstance(escort, Escort)
    if escort.staff:
        return name(escort.staff)
    return name(escort.person) if escort.person else ESCORTS.get(str(escort.name), str(escort.name))
