"""What stands before a session, in a form for programs: the same for the service and the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ledger.encoding import to_instant
from ledger.events.people import CoupleRegistered
from ledger.vocabulary import Slot
from projections.compliance.gate_ahead import GateAhead, Way
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.readiness import ActAhead, Readiness
from projections.compliance.sessions_ahead import missing
from projections.findings.place import Places

DAYS: Final = 14
"""How many days ahead a list goes where nobody says [D]."""

MayRead = Callable[[str], bool]
"""Whether somebody may read what a rule says, by its number."""


def anybody(_: str) -> bool:
    """Every rule, for whoever holds the ledger's folder."""
    return True


def readiness_said(
    found: Readiness, ledger: LedgerAt, may_read: MayRead = anybody, partner: Slot | None = None
) -> dict[str, Any]:
    """
    All of it: the head, each act with its gates, what is unsigned; for one partner nothing of the other.

    Of a gate it says what the rule's own sentence says, and none of its causes.
    """
    places = Places(ledger)
    unsigned = [each for each in found.unsigned if partner is None or each.slot == partner]
    return head_said(found, ledger) | {
        "acts": [
            _act(each, found, places, may_read, partner)
            for each in found.acts
            if partner is None or each.act.slot in ("", partner)
        ],
        "unsigned": [
            {
                "position": each.position,
                "record": each.record,
                "slot": each.slot or None,
                "type": each.type,
                "lacks": [_in_codes(words, places) for words in each.lacks],
            }
            for each in unsigned
        ],
    }


def summary_said(found: Readiness, ledger: LedgerAt, may_read: MayRead = anybody) -> dict[str, Any]:
    """A line of the list: of each act how many gates are closed, and of these how many only for the day itself."""
    acts: list[dict[str, Any]] = []
    is_open, total = found.status == "open", 0
    for each in found.acts:
        closed = {(gate.rule, gate.slot) for gate in each.closed if may_read(gate.rule)}
        now = {(gate.rule, gate.slot) for gate in missing(each, is_open=is_open) if may_read(gate.rule)}
        is_ahead = each.act.standing == "ahead"
        line = {"act": each.act.name, "slot": each.act.slot or None, "standing": each.act.standing}
        acts.append(line | {"missing": len(now) if is_ahead else 0, "on_the_day": len(closed - now) if is_ahead else 0})
        total += len(now) if is_ahead else 0
    return head_said(found, ledger) | {"acts": acts, "missing": total}


def head_said(found: Readiness, ledger: LedgerAt) -> dict[str, Any]:
    """Which session it is, where and when."""
    places = Places(ledger)
    place = None if found.plan is None else found.plan.location
    start = None if found.plan is None or found.plan.start is None else found.plan.start
    return {
        "session": found.session or None,
        "couple": found.couple,
        "couple_code": couple_code(ledger, found.couple),
        "status": found.status,
        "location": place,
        "location_code": None if place is None else places.code(place),
        "zone": ledger.zone(place).key,
        "starts": None if start is None else to_instant(start),
    }


def couple_code(ledger: LedgerAt, couple: str | None) -> str | None:
    """The code of a couple, as C-07; None where nobody gave one."""
    facts = [] if couple is None else ledger.recorded(couple)
    codes = [fact.event.code for fact in facts if isinstance(fact.event, CoupleRegistered)]
    return codes[-1] if codes else None


def _act(each: ActAhead, found: Readiness, places: Places, may_read: MayRead, partner: Slot | None) -> dict[str, Any]:
    act = each.act
    gates = [gate for gate in each.gates if may_read(gate.rule) and (partner is None or gate.slot == partner)]
    now = missing(each, is_open=found.status == "open")
    return {
        "act": act.name,
        "slot": act.slot or None,
        "type": None if act.draft is None else act.draft.event.type,
        "standing": act.standing,
        "why": act.why,
        "done": act.done,
        "gates": [_gate(gate, places) | {"on_the_day": gate.state != "open" and gate not in now} for gate in gates],
    }


def _gate(gate: GateAhead, places: Places) -> dict[str, Any]:
    change = gate.change
    return {
        "rule": gate.rule,
        "version": gate.version,
        "title": gate.title,
        "severity": gate.severity,
        "slot": gate.slot or None,
        "verdict": gate.verdict,
        "state": gate.state,
        "sentence": _in_codes(gate.sentence, places),
        "figures": dict(gate.figures),
        "evidence": list(gate.evidence),
        "staff": None if gate.staff is None else {"id": gate.staff, "code": places.code(gate.staff)},
        "credential": gate.credential,
        "override": gate.override,
        "overridden_by": gate.overridden_by,
        "opened_by": [_way(way) for way in gate.ways],
        "otherwise": gate.otherwise,
        "change": None if change is None else {"at": to_instant(change.at), "opens": change.opens},
    }


def _way(way: Way) -> dict[str, Any]:
    return {
        "type": way.type,
        "record": way.record,
        "fields": dict(way.fields),
        "signed_by": [{"meaning": each.meaning, "whose": each.by, "roles": list(each.roles)} for each in way.signed_by],
        "of_the_session": way.of_the_session,
    }


def _in_codes(text: str, places: Places) -> str:
    """A sentence with the codes of staff in it instead of their records."""
    return " ".join(
        places.code(word.rstrip(".,;:)")) + word[len(word.rstrip(".,;:)")) :] if word.startswith("staff/") else word
        for word in text.split(" ")
    )
