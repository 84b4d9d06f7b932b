"""CS-07: a dose is given where the place is registered with the DEA that day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ledger.events.authority import LocationRegistrationChanged
from ledger.events.inventory import CustodyTransferred
from ledger.events.lifecycle import SessionOpened
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import Fact
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import as_instant, to_second
from projections.compliance.registered_places import Registered, registered_on
from projections.compliance.rule import GateOf, rule


def _transfer(ledger: LedgerAt) -> Iterator[Ruling]:
    """Before a container goes from place to place: whether both are registered on the days of that way."""
    proposed = ledger.proposed
    if proposed is None or not isinstance(proposed.event, CustodyTransferred):
        return
    event = proposed.event
    left = to_second(event.departed_at)
    arrived = left if event.arrived_at is None else to_second(event.arrived_at)
    for location, at in ((event.from_location, left), (event.to_location, arrived)):
        found = registered_on(ledger, location, ledger.day(location, at))
        if not found.is_valid:
            yield Ruling(
                "", "breached", f"{found.told}.", found.evidence, location, causes=("transfer",), about=proposed.stream
            )


@rule(
    id="CS-07",
    version="1",
    title="A dose is given where the place is registered with the DEA that day.",
    severity="C",
    mode="B `session-opened`, `custody-transferred`; F / S",
    source="separate registration for each place: 21 CFR 1301.12",
    trigger="The couple's first dose. One finding per place and session.",
    window="On the local day of that dose; both ends of a registration are valid days.",
    evidence="The registration of the place in effect on that day has a DEA number, and its first and last day.",
    parameters=(),
    verdicts={
        "met": "the place was registered that day",
        "breached": "it was not, or nobody recorded that it was",
        "not-applicable": "nobody was dosed",
    },
    notes=(
        "A registration is recorded whole, with the state it is for: what is not repeated in it no longer holds.",
        "Before an opening the day of the opening counts; before a transfer the day at each end of the way.",
    ),
    elsewhere=_transfer,
    gate=GateOf(
        (SessionOpened, CustodyTransferred),
        override="medical-director",
        unlike=((CustodyTransferred, None),),
        opened_by=(LocationRegistrationChanged,),
        otherwise="Before a transfer also a place whose registration is in force.",
    ),
)
def cs_07(history: History) -> Iterator[Ruling]:
    """One ruling for the session; before an opening of that opening."""
    opening = history.proposed
    act = opening if opening is not None and isinstance(opening.event, SessionOpened) else _first_dose(history)
    if act is None or history.location is None:
        yield Ruling("", "not-applicable", "Nobody was dosed.")
        return
    found = registered_on(history.ledger, history.location, history.day(act.at))
    yield _of(found, act, act.at)


def _first_dose(history: History) -> Fact | None:
    dose = history.first_dose()
    return None if dose is None else dose.fact


def _of(found: Registered, act: Fact, at: datetime) -> Ruling:
    return Ruling(
        "",
        "met" if found.is_valid else "breached",
        f"{found.told}.",
        (*found.evidence, act.position),
        made_at=as_instant(at),
        causes=() if found.is_valid else (found.state,),
        act=act.position,
    )
