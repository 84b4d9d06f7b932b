"""CS-10: the records of a controlled substance are always kept; there is no switch."""

from __future__ import annotations

from collections.abc import Iterator

from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS
from projections.compliance.rule import rule


@rule(
    id="CS-10",
    version="1",
    title="The records of a controlled substance are always kept; nothing switches them off.",
    severity="i",
    mode="– / –",
    source="records of every registrant who dispenses: 21 CFR 1304.03; that it holds for all clinics is ours [D]",
    trigger="A session. One ruling per person.",
    window="Always.",
    evidence="Every dose names its container, its amount and who gave it: the ledger takes no other.",
    parameters=(),
    verdicts={
        "met": "each dose was kept so",
        "not-applicable": "not dosed",
    },
    notes=("Never a finding: a protocol has no figure for it, and a dose without a container is refused.",),
)
def cs_10(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    for slot in SLOTS:
        doses = history.doses(slot)
        if not doses:
            yield Ruling(slot, "not-applicable", f"{slot.upper()} was not dosed.")
            continue
        words = f"{slot.upper()}: every dose, {len(doses)} in number, was kept with container, amount and who gave it."
        yield Ruling(slot, "met", words, tuple(dose.fact.position for dose in doses))
