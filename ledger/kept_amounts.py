"""
Which amounts have to be kept when sessions end before the containers that their doses came from.

    amounts_to_keep(store, plan, revoked)     what two people sign beside the end of a retention
    check_amounts(found, wanted)              under the log's lock: exactly that stands in front of it

They follow from the record alone, as the list of an ending does, so nobody picks, and nothing is lost from a balance.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ledger.effective import effective
from ledger.errors import Refused
from ledger.events import holds
from ledger.events.dosing import DoseAdministered
from ledger.events.emergencies import InterventionPerformed
from ledger.events.kept_amounts import MOST_AMOUNTS, AmountsKept, KeptAmount
from ledger.follow import place
from ledger.keys import Revoked
from ledger.reading import PlacedEvent
from ledger.retention import RetentionPlan
from ledger.stock_facts import SHORTENED, by_container, dose_of
from ledger.store.port import Store

Amounts = tuple[str, AmountsKept]
"""A container, and what is to stand on its record."""


def amounts_to_keep(store: Store, plan: RetentionPlan, revoked: Revoked) -> list[Amounts]:
    """What the sessions of this plan took out of containers that stay; reads the records of those sessions."""
    found: list[Amounts] = []
    for session in plan.sessions:
        for container, facts in sorted(by_container(_effective(store, session, revoked)).items()):
            if container not in plan.staying:
                continue
            amounts = _amounts(facts)
            for start in range(0, len(amounts), MOST_AMOUNTS):
                part = tuple(amounts[start : start + MOST_AMOUNTS])
                found.append((container, AmountsKept(session=session, amounts=part)))
    return found


def check_amounts(found: Iterable[PlacedEvent], wanted: Sequence[Amounts]) -> None:
    """
    Pass when these events, recorded in front of an end of retention, keep exactly what has to be kept.

    Raises:
        Refused: `ended-amounts`.
    """
    kept = [(placed.stream, placed.event) for placed in found if isinstance(placed.event, AmountsKept)]
    if kept != list(wanted):
        raise Refused(
            "ended-amounts",
            "Containers stay that doses of these sessions came from, and what these took out is not kept in front.",
            field="envelopes",
            remedy="Have it made and signed anew: session-ledger retention.",
        )


def _effective(store: Store, session: str, revoked: Revoked) -> list[PlacedEvent]:
    streams = (session, f"{session}/a", f"{session}/b", session.replace("session/", "governance/"))
    rows = [row for stream in streams for row in store.stream_rows(stream) if row.envelope]
    return effective([place(store, row) for row in rows], revoked)


def _amounts(facts: Sequence[PlacedEvent]) -> list[KeptAmount]:
    """Each dose of a container as it counts, in the order of the log; of one taken in part with what went in."""
    found: dict[str, KeptAmount] = {}
    for placed in sorted(facts, key=lambda each: each.position):
        event = placed.event
        if isinstance(event, DoseAdministered):
            found[placed.dig] = _amount(placed, event.mass.value, event.label)
        elif isinstance(event, holds.DoseInterrupted2) and event.dose is None:
            found[placed.dig] = _amount(placed, event.mass_taken.value, event.label)
        elif isinstance(event, InterventionPerformed) and event.mass is not None:
            found[placed.dig] = _amount(placed, event.mass.value, None)
    for placed in sorted(facts, key=lambda each: (each.payload.occurred.at, each.position)):
        dose = found.get(dose_of(placed.event))
        if dose is not None and isinstance(placed.event, SHORTENED):
            found[dose.dig] = dose.model_copy(update={"taken": placed.event.mass_taken.value})
    return list(found.values())


def _amount(placed: PlacedEvent, mg: str, label: str | None) -> KeptAmount:
    return KeptAmount(
        at=placed.payload.occurred.at,
        dig=placed.dig,
        label=label,
        mg=mg,
        position=placed.position,
        slot="a" if placed.stream.endswith("/a") else "b",
        taken=mg,
    )
