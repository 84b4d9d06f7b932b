"""Drug that went another way than into somebody's body."""

from __future__ import annotations

import tests.ledger.events.examples_stock  # noqa: F401  # what these refer to
from ledger.events.losses import (
    DiscrepancyFound,
    DiscrepancyInvestigated,
    DiscrepancyResolved,
    Form106Filed,
    InventoryDestroyed,
    LossReportedToDea,
    RecallNoticeApplied,
    ReturnedToReverseDistributor,
    WastageRecorded,
    WastageRecorded2,
)
from ledger.events.measures import Difference
from tests.ledger.events.example_making import (
    COMPLIANCE,
    MD1,
    RN1,
    SATURDAY,
    TEXT,
    VIAL,
    amount,
    example,
    instant,
    mg,
    reference,
)

# Losses

example(
    "2026-06-13 10:12",
    VIAL,
    WastageRecorded(
        label="L-A",
        mass=mg("5"),
        method="sequestration-pouch",
        reason="partial-dose",
        session=SATURDAY,
        units=None,
        volume="0.1",
    ),
    (RN1, "nurse", "performed"),
    (MD1, "prescriber", "witnessed"),
)
example(
    "2026-06-26 17:30",
    VIAL,
    DiscrepancyFound(
        count=reference("inventory-counted/1"),
        counted=amount("400"),
        difference=Difference(value="-25"),
        expected=amount("425"),
        suspicion="unknown",
        tolerance=amount("6.5"),
    ),
    (RN1, "custodian", "observed"),
)
example(
    "2026-06-27 10:00",
    VIAL,
    DiscrepancyInvestigated(
        cause="no-entry-explains-it", discrepancy=reference("discrepancy-found/1"), suspicion="theft"
    ),
    (COMPLIANCE, "compliance-officer", "performed"),
)
example(
    "2026-06-29 11:00",
    VIAL,
    LossReportedToDea(
        channel="online",
        discovered_at=instant("2026-06-27 10:00"),
        discrepancy=reference("discrepancy-found/1"),
        mass=mg("25"),
        reference="TEST-DEA-1",
    ),
    (COMPLIANCE, "compliance-officer", "performed"),
)
example(
    "2026-07-20 11:00",
    VIAL,
    Form106Filed(discrepancy=reference("discrepancy-found/1"), document=TEXT, mass=mg("25"), reference="TEST-106-1"),
    (COMPLIANCE, "compliance-officer", "performed"),
)
example(
    "2026-07-21 09:00",
    VIAL,
    DiscrepancyResolved(
        balance=amount("400"),
        discrepancy=reference("discrepancy-found/1"),
        explained_by=None,
        outcome="reported-as-loss",
    ),
    (COMPLIANCE, "compliance-officer", "approved"),
    (RN1, "custodian", "verified"),
)
example(
    "2026-08-03 16:00",
    VIAL,
    InventoryDestroyed(
        amount=amount("400"),
        document=TEXT,
        form="41",
        method="incinerated",
        units="1",
        volume="8",
    ),
    (RN1, "custodian", "performed"),
    (MD1, "prescriber", "witnessed"),
)
example(
    "2026-08-03 16:30",
    VIAL,
    ReturnedToReverseDistributor(
        amount=amount("400"),
        distributor="Example Returns (test only)",
        distributor_dea="RX0000002",
        form="222-0001",
        units="1",
        volume="8",
    ),
    (RN1, "custodian", "relinquished"),
    (MD1, "prescriber", "witnessed"),
)
example(
    "2026-07-30 09:00",
    VIAL,
    RecallNoticeApplied(
        action="set-apart", issued="2026-07-29", lot="KV-2210", notice="D-0412-2026", source="Manufacturer (test only)"
    ),
    (COMPLIANCE, "compliance-officer", "performed"),
)
example(
    "2026-06-06 11:30",
    VIAL,
    WastageRecorded2(
        dose=reference("dose-administered/1"),
        label=None,
        mass=mg("15"),
        method="sequestration-pouch",
        reason="partial-dose",
        session=None,
        units=None,
        volume="0.3",
    ),
    (RN1, "nurse", "performed"),
    (MD1, "prescriber", "witnessed"),
)
