"""CS-04: what is received says from whom, by which registration, when, how much, and on which invoice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ledger.events.inventory import StockReceived
from ledger.stock_facts import local_day
from projections.compliance.containers import Held, Step
from projections.compliance.finding import Ruling
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import as_instant
from projections.compliance.rule import ledger_rule

_SAYS = re.compile(r"[A-Za-z0-9]")
_NUMBER = re.compile(r"[A-Z][A-Z9][0-9]{7}")


@ledger_rule(
    id="CS-04",
    version="1",
    title="What is received says from whom, by which registration, when, how much, and on which invoice.",
    severity="M",
    mode="F / I",
    source="records of receipt: 21 CFR 1304.22",
    trigger="A `stock-received`. One finding per receipt, about the container.",
    window="At the receipt, with what was corrected in it since.",
    evidence=(
        "The entry names supplier, address, DEA number, the dates of invoice and receipt, the quantity and the "
        "invoice. A DEA number is two letters, or a letter and a 9, and seven digits."
    ),
    parameters=(),
    verdicts={"met": "all of them are there", "breached": "one of them says nothing, or is no DEA number"},
    notes=(
        "An entry without one of these fields is not taken; one that was filled with dashes was filled with nothing.",
        "Whether a number belongs to the supplier is for people to look up.",
    ),
)
def cs_04(ledger: LedgerAt) -> Iterator[Ruling]:
    """One ruling for each receipt."""
    if ledger.proposed is not None:
        return
    for held in ledger.containers.all():
        for step in held.steps:
            if isinstance(step.fact.event, StockReceived):
                yield _of(ledger, held, step, step.fact.event)


def _of(ledger: LedgerAt, held: Held, step: Step, event: StockReceived) -> Ruling:
    said = {"supplier": event.supplier, "address": event.supplier_address, "invoice": event.invoice}
    missing = [name for name, text in said.items() if not _SAYS.search(text)]
    if not _NUMBER.fullmatch(event.supplier_dea):
        missing.append("dea-number")
    day = local_day(step.moved.placed)
    protocol = ledger.protocol_on(day)
    words = f"{held.code}, received {day}: {event.amount.value} mg from {event.supplier}"
    told = f"{words}; not recorded: {', '.join(missing)}." if missing else f"{words}, invoice {event.invoice}."
    return Ruling(
        "",
        "breached" if missing else "met",
        told,
        (step.fact.position,),
        anchor=step.fact.dig,
        made_at=as_instant(step.fact.at),
        causes=tuple(f"no-{name}" for name in missing),
        about=held.state.id,
        protocol=None if protocol is None else protocol.position,
    )
