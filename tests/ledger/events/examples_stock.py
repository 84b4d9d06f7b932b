"""Containers: a participant's own medication, and the clinic's."""

from __future__ import annotations

import tests.ledger.events.examples_session  # noqa: F401  # what these refer to
from ledger.events.inventory import (
    ContainerOpened,
    CountedContainer,
    CustodyTransferred,
    InventoryCounted,
    StockDispensedToSession,
    StockReceived,
    StockReturnedFromSession,
    UseByAssigned,
)
from ledger.events.stock import OwnMedicationCheckedIn, OwnMedicationCheckedOut, OwnMedicationCounted
from tests.ledger.events.example_making import (
    ANA,
    CLINIC,
    MD1,
    OWN_A,
    RETREAT,
    RN1,
    SAT_A,
    SATURDAY,
    SUN_A,
    SUNDAY,
    TEXT,
    VIAL,
    amount,
    example,
    instant,
    mg,
)

# Stock

example(
    "2026-05-15 16:20",
    OWN_A,
    OwnMedicationCheckedIn(
        code="own-A",
        count="10",
        drug="ketamine",
        expires="2026-11-30",
        form="lozenge",
        lots=("K26-0412",),
        photo=TEXT,
        session=SATURDAY,
        strength=mg("100"),
        owner=ANA,
        pharmacy="Hudson Compounding Pharmacy",
        prescription="Rx 7741203",
    ),
    (SAT_A, "participant", "relinquished"),
    (RN1, "custodian", "received"),
    (MD1, "prescriber", "observed"),
)
example(
    "2026-05-17 16:40",
    OWN_A,
    OwnMedicationCheckedOut(count="7", photo=None, session=SUNDAY, owner=ANA),
    (SUN_A, "participant", "received"),
    (RN1, "custodian", "relinquished"),
)
example(
    "2026-05-16 20:00",
    OWN_A,
    OwnMedicationCounted(count="8.5", photo=None, session=SATURDAY, owner=ANA),
    (RN1, "nurse", "performed"),
    (MD1, "prescriber", "observed"),
)

# Inventory

example(
    "2026-06-08 09:00",
    VIAL,
    StockReceived(
        amount=mg("500"),
        code="V-77",
        concentration="50",
        drug="ketamine",
        expires="2027-10-31",
        form="vial",
        invoice="INV-20417",
        invoice_date="2026-06-05",
        invoiced=None,
        location=CLINIC,
        lot="KV-2210",
        ndc="00000-0000-01",
        product="RxNorm 238082",
        strength=None,
        supplier="Example Wholesale (test only)",
        supplier_address="3 Dock Street, Albany, NY 12207",
        supplier_dea="RX0000001",
        units="1",
        volume="10",
    ),
    (RN1, "custodian", "received"),
    (MD1, "prescriber", "witnessed"),
)
example(
    "2026-06-08 09:10",
    CLINIC,
    InventoryCounted(
        business="open",
        containers=(
            CountedContainer(
                amount=amount("500"), container=VIAL, expected=None, units="1", volume="10", weighed=False
            ),
        ),
        kind="shift",
        part=1,
        parts=1,
    ),
    (RN1, "custodian", "performed"),
    (MD1, "prescriber", "verified"),
)
example("2026-06-13 09:55", VIAL, ContainerOpened(seal="S-118", use_by=None), (RN1, "nurse", "performed"))
example(
    "2026-06-13 09:56",
    VIAL,
    UseByAssigned(basis="28 days", use_by="2026-07-11"),
    (RN1, "nurse", "performed"),
)
example(
    "2026-06-13 09:40",
    VIAL,
    StockDispensedToSession(amount=amount("500"), seals=("S-118",), units="1", volume="10", session=SATURDAY, to=MD1),
    (RN1, "custodian", "relinquished"),
    (MD1, "prescriber", "received"),
)
example(
    "2026-06-13 14:00",
    VIAL,
    StockReturnedFromSession(amount=amount("425"), seals=(), units=None, volume="8.5", session=SATURDAY, to=RN1),
    (MD1, "prescriber", "relinquished"),
    (RN1, "custodian", "received"),
)
example(
    "2026-06-19 18:00",
    VIAL,
    CustodyTransferred(
        amount=amount("425"),
        seals=("S-131", "S-132"),
        units=None,
        volume="8.5",
        arrived_at=instant("2026-06-19 17:45"),
        carrier=None,
        departed_at=instant("2026-06-19 15:10"),
        from_dea="FX0000001",
        from_location=CLINIC,
        to_dea="FX0000000",
        to_location=RETREAT,
    ),
    (RN1, "custodian", "relinquished"),
    (MD1, "prescriber", "received"),
)
