"""Violations in what became of the substance: a count that is short, an order nobody looked up before."""

from __future__ import annotations

from datetime import timedelta

from tests.ledger.clinic import PLACE, RN1
from tests.projections.generated.founding import bottle
from tests.projections.generated.seeding import Case, violation
from tests.projections.rules.standing import VIAL


@violation("CS-01", "half a lozenge is missing", "sublingual", about="any")
def _(case: Case) -> None:
    container = bottle(case.sitting, case.slot)
    place = case.day.all_of("own-medication-checked-out", container)[0]
    count = float(case.day.placed[place].event.model_dump()["count"])
    case.changes("own-medication-checked-out", container, count=f"{count - 0.5:g}")


@violation("CS-02", "who wasted the rest did it alone", "intramuscular", "remainder", about="any")
def _(case: Case) -> None:
    case.day.signs_otherwise("wastage-recorded", VIAL, (RN1, "performed", "nurse"))


@violation("CS-02", "the rest was never wasted", "intramuscular", "remainder", about="any")
def _(case: Case) -> None:
    case.drops("wastage-recorded", VIAL)


@violation("CS-07", "the registration of the place ended the day before", about="session")
def _(case: Case) -> None:
    case.changes("location-registered", PLACE, dea_to=f"{case.sitting.day - timedelta(days=1):%Y-%m-%d}")


@violation("CS-14", "nobody asked the prescription database")
def _(case: Case) -> None:
    case.changes("evaluation-completed", case.person, pdmp_checked=False)
